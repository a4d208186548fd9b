"""botocore's data cut down to what we call: reading it is most of what making a client costs."""

import json
from pathlib import Path
from typing import Any

from botocore.loaders import Loader

USED = {
    "dynamodb": (
        "BatchGetItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "TransactWriteItems",
        "UpdateItem",
    ),
    "secretsmanager": ("GetSecretValue",),
    "sesv2": ("SendEmail",),
    "sqs": ("SendMessage",),
}
ENDPOINTS = ("dynamodb", "secretsmanager", "email", "sqs")  # the same services by their older names


def write_models(out: Path) -> None:
    """Writes the data of the USED operations below *out*, as botocore's Loader finds it."""
    loader = Loader()
    for service, operations in USED.items():
        version = loader.determine_latest_version(service, "service-2")
        folder = out / service / version
        folder.mkdir(parents=True, exist_ok=True)
        model = loader.load_service_model(service, "service-2", version)
        rules = loader.load_service_model(service, "endpoint-rule-set-1", version)
        _write(folder / "service-2.json", _cut(model, operations))
        _write(folder / "endpoint-rule-set-1.json", rules)
    regions = loader.load_data("endpoints")
    for partition in regions["partitions"]:
        partition["services"] = {name: partition["services"].get(name, {}) for name in ENDPOINTS}
    _write(out / "endpoints.json", regions)


def _cut(model: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    operations = {name: _undocumented(model["operations"][name]) for name in names}
    shapes: dict[str, Any] = {}
    wanted = _named(operations)
    while wanted:
        name = wanted.pop()
        if name not in shapes:
            shapes[name] = _undocumented(model["shapes"][name])
            wanted |= _named(shapes[name])
    kept = {name: value for name, value in model.items() if name in {"version", "metadata", "clientContextParams"}}
    return kept | {"operations": operations, "shapes": shapes}


def _named(part: Any) -> set[str]:
    """The shapes that *part* refers to."""
    if isinstance(part, list):
        return set().union(*map(_named, part))
    if not isinstance(part, dict):
        return set()
    own = {part["shape"]} if isinstance(part.get("shape"), str) else set()
    return own.union(*map(_named, part.values()))


def _undocumented(part: Any) -> Any:
    if isinstance(part, list):
        return [_undocumented(each) for each in part]
    if isinstance(part, dict):
        return {
            name: _undocumented(each)
            for name, each in part.items()
            if name != "documentation" or not isinstance(each, str)
        }
    return part


def _is_prose(name: str, value: Any) -> bool:
    return name == "documentation" and isinstance(value, str)


def _write(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, separators=(",", ":")))
