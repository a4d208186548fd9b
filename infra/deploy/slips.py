"""The kinds and bounds of what mkdocs.yml may say: a slip is a sentence before anything is touched."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from reset.errors import Problem
from reset.usernames import canonical

from .errors import DeployError
from .facts import PLACEHOLDER, read_facts
from .target import Options

if TYPE_CHECKING:
    from collections.abc import Iterator

# The bounds of infra/template.yaml, and of the page for the last.
NUMBERS = {"link_minutes": (5, 60), "password_minimum": (8, 64), "retention_days": (1, 90), "wait_minutes": (1, 60)}
_OPERATOR = (
    *("name", "street", "city", "represented_by", "email", "phone", "vat_id", "supervisor", "editor"),
    *("data_protection_officer", "data_protection_authority", "legal_basis", "processor"),
    *("accessibility_law", "accessibility_enforcement", "accessibility_date"),
)
TEXTS = (
    *("desk_name", "subject_prefix", "sender_name", "portal_name", "portal_title", "portal_title_en", "portal_url"),
    *("selfservice_for", "selfservice_name", "selfservice_url", "security_contact"),
    *(f"operator.{name}" for name in _OPERATOR),
)
ADDRESSES = ("sender_address", "mailbox")
MOST_MAILS = 1_000_000  # an hour
KINDS = {str: "a text", bool: "true or false", int: f"a whole number from 1 to {MOST_MAILS}", dict: "names of tables"}


def right_facts() -> dict[str, Any]:
    """The facts of mkdocs.yml; DeployError names every slip."""
    facts = read_facts()
    if faults := fact_faults(facts):
        raise DeployError("\n".join(faults))
    return facts


def fact_faults(facts: dict[str, Any]) -> list[str]:
    """What pages, mails and functions could not work with; a PLATZHALTER is no slip."""
    return [
        f"mkdocs.yml: {name} is {wanted}, not {_shown(value)}."
        for name, wanted, value in (*_numbers(facts), *_addresses(facts), *_texts(facts))
    ]


def _numbers(facts: dict[str, Any]) -> Iterator[tuple[str, str, object]]:
    for name, (least, most) in NUMBERS.items():
        value = facts.get(name)
        if type(value) is not int or not least <= value <= most:
            yield name, f"a whole number from {least} to {most}", value


def _addresses(facts: dict[str, Any]) -> Iterator[tuple[str, str, object]]:
    for name in ADDRESSES:
        value = str(facts.get(name) or "")
        try:
            valid = value.startswith(PLACEHOLDER) or canonical(value) == value.lower()
        except Problem:
            valid = False
        if not valid:
            yield name, "one mail address", value


def _texts(facts: dict[str, Any]) -> Iterator[tuple[str, str, object]]:
    operator = facts.get("operator")
    inner = operator if isinstance(operator, dict) else {}
    given = facts | {f"operator.{name}": value for name, value in inner.items()}
    for name, value in (dict.fromkeys(TEXTS) | given).items():
        own = name not in TEXTS and isinstance(value, dict)  # a table that only pages of a fork may know
        good = isinstance(value, str) and value.strip() and value.isprintable()
        if name not in (*NUMBERS, *ADDRESSES, "stages", "operator") and not own and not good:
            yield str(name), "a text of one line", value


def choice_faults(options: Options) -> list[str]:
    """What an operator chose for a stage and no deploy can mean."""
    faults, usual = [], Options()
    for each in fields(Options):
        value, kind = getattr(options, each.name), type(getattr(usual, each.name))
        good = type(value) is kind
        if good and kind is int:
            good = 1 <= value <= MOST_MAILS
        if good and kind is dict:
            good = all(isinstance(name, str) and name for pair in value.items() for name in pair)
        if not good:
            faults.append(f"{each.name} is {KINDS[kind]}, not {_shown(value)}.")
    return faults


def _shown(value: object) -> str:
    return repr(value)[:60] if value is not None else "empty"
