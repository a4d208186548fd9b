"""Estimates how many guesses a password withstands: the cheapest way to put it together from what is known.

The whole password is judged, never a part of it alone: four random words stay good though each is in every dictionary.
"""

import math
import string
from collections.abc import Mapping
from dataclasses import dataclass

from .blocklist import Blocklist
from .folding import fold
from .phrases import Reading, core, reading, worth
from .pieces import LOOKALIKES, Piece, pieces

# Bits, measured by infra/blocklist/evaluate.py. Random characters cost more the more they are, so what comes cheaper
# than they would is no random password: ENOUGH is asked of 15 small letters, and FOR_EACH for each bit beyond those.
ENOUGH, FOR_EACH = 63.0, 0.7
SMALL, MIXED, BOTH = 4.7, 5.2, 5.5  # bits of a random character: small letters; with digits or signs; with capitals
USUAL = 15  # characters
SHORTEST = USUAL * SMALL
WHOLE = 12  # letters that digits do not make a new password; shorter words may be part of something random
# How the digits of a famous phrase may be read. Not its signs: each reading more meets a checksum more often by chance.
READ = ({}, *({sign: letter for sign, letter in table.items() if chr(sign).isdigit()} for table in LOOKALIKES))
TOGETHER = 43.0  # bits of a text without the one sign in it
MOST, MOST_LETTERS = 92.0, 71.0  # the most that is asked of any password, and of letters with one other sign at most
# The estimate knows fewer words than the lists that phrases are made of: what a phrase must cost by its reading.
LEAST = {
    Reading.SEPARATED: 60.0,
    Reading.MIXED: 68.0,
    Reading.CAPITALS: 60.0,
    Reading.JOINED: 48.0,
    Reading.SHORT: 44.0,
    Reading.NEARLY: 59.0,
    Reading.NONE: math.inf,
}
WORTH = 31.0  # bits of the words alone: four that everybody takes first are no random ones


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


def hard_enough(bits: float, text: str, known: Blocklist, own: Mapping[str, str]) -> bool:
    """Whether *text* may be used when its cheapest way costs *bits*."""
    passes = bits >= enough(text) or (worth(text, known, own) >= WORTH and _phrase(bits, text, known, own))
    return passes and not listed(text, known) and not _rows(text, known)  # the last is a second estimate


def _phrase(bits: float, text: str, known: Blocklist, own: Mapping[str, str]) -> bool:
    """Whether *text* is phrase enough; what hangs on it adds nothing: everybody hangs `1!` or the year on."""
    if bits < min(LEAST.values()):
        return False  # no reading asks for less, and each takes as long as the estimate
    kind, words = reading(text, known), core(fold(text))
    if kind is Reading.NONE and words:
        kind, bits = reading(words, known), estimate(words, known, own).bits
    return bits >= LEAST[kind]


def _rows(text: str, known: Blocklist) -> bool:
    """Whether one sign parts what is easy to guess without it, such as rows of keys."""
    signs = {char for char in text if not char.isalnum()}
    return len(signs) == 1 and estimate(joined(text), known, {}).bits < TOGETHER * _share(text)


def listed(text: str, known: Blocklist) -> bool:
    """Whether *text* leaked or is famous as a whole, whatever signs and digits part, surround or spell its words."""
    whole, folded = joined(text), fold(text)
    readings = {whole.strip(string.digits), *("".join(filter(str.isalpha, folded.translate(table))) for table in READ)}
    return known.knows(whole) or any(known.knows(each) for each in readings if len(each) >= WHOLE)


def joined(text: str) -> str:
    """The letters and digits of *text* alone, small and without accents."""
    return "".join(filter(str.isalnum, fold(text)))


def _share(text: str) -> float:
    """Of what is asked of 15 characters: fewer, where a setting allows them, are asked for less."""
    return min(1.0, len(text) / USUAL)


def enough(text: str) -> float:
    """The bits that *text* must cost when it is no phrase."""
    both = text.upper() != text != text.lower()
    others = sum(not char.isalpha() for char in text)
    random = len(text) * (BOTH if both else MIXED if others else SMALL)
    share = _share(text)
    letters = others <= 1 and not any(map(str.isdigit, text))
    most = MOST_LETTERS if letters else MOST
    return min(most, ENOUGH * share + FOR_EACH * max(0.0, random - SHORTEST * share))
