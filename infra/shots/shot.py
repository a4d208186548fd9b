"""One picture of docs/shots.yml in one language and theme, and the files that hold it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from infra.deploy.facts import ROOT
from infra.site.shots import name_of

FOLDER = ROOT / "docs/assets/shots"
LANGUAGES: tuple[Literal["de", "en"], ...] = ("de", "en")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LIST: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docs/shots.yml").read_text())


@dataclass(frozen=True)
class Shot:
    """A name of the list, a language and a theme."""

    name: str
    language: Literal["de", "en"]
    scheme: Literal["light", "dark"]

    @property
    def picture(self) -> Path:
        """The picture's file."""
        return FOLDER / f"{self.name}.{self.language}.{self.scheme}.webp"

    @property
    def facts(self) -> Path:
        """The facts' file."""
        return FOLDER / f"{self.name}.{self.language}.{self.scheme}.json"

    @property
    def marks(self) -> list[dict[str, Any]]:
        """The marks with the one name that this language's page uses."""
        found = LIST[self.name]["marks"]
        return [{**mark, "name": name_of(mark, self.language)} for mark in found]

    def kept(self) -> dict[str, Any]:
        """The facts that were written with the picture; nothing where there are none."""
        return dict(json.loads(self.facts.read_text())) if self.facts.exists() else {}


def all_shots() -> list[Shot]:
    """Every picture that must exist."""
    return [Shot(name, language, scheme) for name in LIST for language in LANGUAGES for scheme in SCHEMES]


def script() -> str:
    """The shooting script's version: what draws a picture besides the product."""
    here = Path(__file__).parent
    parts = [here / name for name in ("walk.py", "camera.py", "palette.py", "marks.js", "mail.js", "facts.js")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in parts)).hexdigest()[:12]


def digest(picture: bytes) -> str:
    """Ties a facts file to its picture."""
    return hashlib.sha256(picture).hexdigest()[:16]
