"""CloudFormation's YAML as plain Python: `!Ref x` becomes {"Ref": "x"}, `!Sub x` {"Fn::Sub": "x"}."""

from typing import Any

import yaml

from infra.deploy.facts import ROOT


class _Loader(yaml.SafeLoader):
    """SafeLoader with CloudFormation's short functions."""


def _function(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]  # the third kind there is
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _function)


def read(name: str) -> dict[str, Any]:
    """A template below infra/, such as `state.yaml`."""
    found: dict[str, Any] = yaml.load((ROOT / "infra" / name).read_text(), _Loader)  # noqa: S506  # a SafeLoader
    return found
