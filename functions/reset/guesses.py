"""Estimates how many guesses a password withstands: the cheapest way to put it together from what is known.

The whole password is judged, never a part of it alone: four random words stay good though each is in every dictionary.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from .blocklist import Blocklist
from .phrases import reads_as_phrase
from .pieces import Piece, fold, pieces

# Bits. The first parts leaked passwords from random ones; the second is for phrases, whose words come from a list
# that the estimate does not know, so that it calls them easier than they are. Measured: infra/blocklist/evaluate.py.
ENOUGH, ENOUGH_FOR_PHRASE = 49.5, 33.0


@dataclass(frozen=True)
class Estimate:
    """The bits of the cheapest way and its pieces."""

    bits: float
    pieces: tuple[Piece, ...]


def estimate(text: str, known: Blocklist, own: Mapping[str, str]) -> Estimate:
    """Judges *text*; *own* holds words an attacker tries first for this account and service, and their reason."""
    ways: list[list[Piece]] = [[] for _ in text]
    for piece in pieces(text, known, own):
        ways[piece.start].append(piece)
    best = [0.0] + [math.inf] * len(text)
    came: list[Piece | None] = [None] * (len(text) + 1)
    for start, onward in enumerate(ways):
        for piece in onward:
            if best[start] + piece.bits < best[piece.end]:
                best[piece.end], came[piece.end] = best[start] + piece.bits, piece
    return Estimate(best[-1], tuple(_path(came)))


def _path(came: list[Piece | None]) -> list[Piece]:
    path, piece = [], came[-1]
    while piece:
        path.append(piece)
        piece = came[piece.start]
    return path[::-1]


def hard_enough(bits: float, text: str, known: Blocklist) -> bool:
    """Whether *text* may be used when its cheapest way costs *bits*."""
    folded = fold(text)
    # A famous phrase stays famous with other signs between its words.
    if known.words.get("".join(filter(str.isalnum, folded)), ENOUGH) < ENOUGH:
        return False
    return bits >= ENOUGH or (bits >= ENOUGH_FOR_PHRASE and reads_as_phrase(folded, known))


def acceptable(text: str, known: Blocklist) -> bool:
    """Whether *text* is hard enough when nothing is known of the account."""
    return hard_enough(estimate(text, known, {}).bits, text, known)
