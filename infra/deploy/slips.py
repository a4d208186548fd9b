"""The kinds and bounds of what mkdocs.yml may say: a slip is a sentence before anything is touched."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from reset.errors import Problem
from reset.usernames import canonical

from .facts import PLACEHOLDER
from .target import Options

if TYPE_CHECKING:
    from collections.abc import Iterator

# The bounds of infra/template.yaml, and of the page for the last.
NUMBERS = {"link_minutes": (5, 60), "password_minimum": (8, 64), "retention_days": (1, 90), "wait_minutes": (1, 60)}
ADDRESSES = ("sender_address", "mailbox")
MOST_MAILS = 1_000_000  # an hour
KINDS = {str: "a text", bool: "true or false", int: f"a whole number from 1 to {MOST_MAILS}", dict: "names of tables"}


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


def _texts(facts: dict[str, Any], path: str = "") -> Iterator[tuple[str, str, object]]:
    for name, value in facts.items():
        if isinstance(value, dict) and name != "stages":
            yield from _texts(value, f"{path}{name}.")
        elif name not in (*NUMBERS, "stages") and not (
            isinstance(value, str) and value.strip() and value.isprintable()
        ):
            yield path + name, "a text of one line", value


def choice_faults(options: Options) -> list[str]:
    """What an operator chose for a stage and no deploy can mean."""
    faults, usual = [], Options()
    for each in fields(Options):
        value, kind = getattr(options, each.name), type(getattr(usual, each.name))
        good = type(value) is kind
        if good and kind is int:
            good = 1 <= value <= MOST_MAILS
        if good and kind is dict:
            good = all(isinstance(name, str) for pair in value.items() for name in pair)
        if not good:
            faults.append(f"{each.name} is {KINDS[kind]}, not {_shown(value)}.")
    return faults


def _shown(value: object) -> str:
    return repr(value)[:60] if value is not None else "empty"
