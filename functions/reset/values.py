"""Python values as DynamoDB writes them: text, whole numbers, truth, sets of text, lists and maps.

boto3 has the like, but would be imported whole at every cold start.
"""

from collections.abc import Callable
from typing import Any

_READERS: dict[str, Callable[[Any], Any]] = {
    "S": str,
    "N": int,
    "BOOL": bool,
    "NULL": lambda _: None,
    "SS": set,
    "L": lambda values: [read(value) for value in values],
    "M": lambda values: {name: read(value) for name, value in values.items()},
}
_WRITERS: dict[type, tuple[str, Callable[[Any], Any]]] = {
    str: ("S", str),
    int: ("N", str),
    bool: ("BOOL", bool),
    type(None): ("NULL", lambda _: True),
    set: ("SS", sorted),
    list: ("L", lambda values: [write(value) for value in values]),
    dict: ("M", lambda values: {name: write(value) for name, value in values.items()}),
}


def write(value: Any) -> dict[str, Any]:
    """*value* with its type; KeyError for what no item of ours holds."""
    kind, written = _WRITERS[type(value)]
    return {kind: written(value)}


def read(typed: dict[str, Any]) -> Any:
    """The value in an attribute of an answer."""
    ((kind, value),) = typed.items()
    return _READERS[kind](value)
