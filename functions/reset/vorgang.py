"""The Vorgangsnummer: a case number that can be read out on the phone."""

import re
import secrets
from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, no 1/I
_SHAPE = re.compile(rf"([{ALPHABET}]{{3}})-?([{ALPHABET}]{{3}})-?([{ALPHABET}]{{3}})")


def new_vorgang(choice: Callable[[str], str] = secrets.choice) -> str:
    """A new number such as `K7M-2QX-9RT`: eight random characters (40 bits) and a check character."""
    body = "".join(choice(ALPHABET) for _ in range(8))
    whole = body + _check(body)
    return "-".join((whole[:3], whole[3:6], whole[6:]))


def parse_vorgang(text: str) -> str | None:
    """The number in its written form, however it was typed; None where it is none or misheard."""
    match = _SHAPE.fullmatch(text.strip().upper().replace(" ", ""))
    if match is None:
        return None
    whole = "".join(match.groups())
    return "-".join(match.groups()) if whole[8] == _check(whole[:8]) else None


def _check(body: str) -> str:
    """Luhn's check character, modulo 32: finds each wrong character and nearly each swapped pair."""
    total = 0
    for place, character in enumerate(reversed(body)):
        value = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]
