"""A form post, checked before any work: size, type, encoding, exactly the known fields, once each (R61, R63)."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from .errors import Problem

BODY_MOST = 4096  # bytes
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Field:
    """One field of a form: its most characters, whether a post may leave it out, and the only values it takes.

    *controls* lets control characters through: to a password's policy, which says which sign it was, and to what makes
    an address a username, which takes the tab off that a table's cell brings along.
    """

    name: str
    most: int = 512
    optional: bool = False
    values: tuple[str, ...] = ()
    controls: bool = False


def read_form(body: bytes, content_type: str, fields: tuple[Field, ...]) -> dict[str, str]:
    """The form's values by field name. Raises Problem `zu-gross`, `format-nicht-erlaubt` or `eingabe-ungueltig`."""
    if len(body) > BODY_MOST:
        raise Problem("zu-gross")
    kind, _, parameter = content_type.partition(";")
    charset = parameter.strip().lower().removeprefix("charset=").strip('"')
    if kind.strip().lower() != "application/x-www-form-urlencoded" or charset not in ("", "utf-8"):
        raise Problem("format-nicht-erlaubt")
    pairs = _pairs(body, len(fields))
    values = dict(pairs)
    if len(values) != len(pairs):
        raise Problem("eingabe-ungueltig")
    known = {field.name: field for field in fields}
    required = {field.name for field in fields if not field.optional}
    if not required <= values.keys() <= known.keys():
        raise Problem("eingabe-ungueltig")
    for name, value in values.items():
        field = known[name]
        if (
            not value
            or len(value) > field.most
            or (_CONTROL.search(value) and not field.controls)
            or (field.values and value not in field.values)
        ):
            raise Problem("eingabe-ungueltig")
    return values


def _pairs(body: bytes, most: int) -> list[tuple[str, str]]:
    try:
        text = body.decode("ascii")
        return parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=most)
    except ValueError:  # not ASCII, not UTF-8, too many fields, or no form at all
        raise Problem("eingabe-ungueltig") from None
