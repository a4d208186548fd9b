"""The data files beside the pages."""

from pathlib import Path
from typing import Any

import yaml


class BuildError(Exception):
    """The site cannot be built; the text says why."""


def read(path: Path) -> Any:
    """What a YAML file holds; BuildError with its line where it cannot be read."""
    try:
        with path.open("rb") as file:
            return yaml.safe_load(file)
    except (OSError, yaml.YAMLError) as error:
        raise BuildError(str(error)) from error
