"""Estimates how many guesses a password withstands: the cheapest way to put it together from what is known.

The whole password is judged, never a part of it alone: four random words stay good though each is in every dictionary.
"""

import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from .blocklist import Blocklist
from .walks import walks

LONGEST = 24  # characters of a known word; a known password is looked up whole
LOOKALIKES = (str.maketrans("013457@$!|€+", "oieastasiiet"), str.maketrans("01345789@$!|2", "oleastbgaslzz"))
ANY_DIGIT, ANY_SIGN, ANY_OTHER, CAPITAL = 3.3, 5.0, 9.0, 1.2
COMMON_SIGNS = " .-_!@#*"
YEAR, DATE = 6.5, 15.5


class Piece(NamedTuple):
    """Characters *start* to *end*, guessed together at *bits*; *kind* is a reason key."""

    start: int
    end: int
    bits: float
    kind: str


@dataclass(frozen=True)
class Estimate:
    """The bits of the cheapest way and its pieces."""

    bits: float
    pieces: tuple[Piece, ...]


def fold(text: str) -> str:
    """*text* in small letters without accents, character by character, so that places stay the same."""
    return "".join(unicodedata.normalize("NFKD", char)[0].lower()[0] for char in text)


def estimate(text: str, known: Blocklist, own: Mapping[str, str]) -> Estimate:
    """Judges *text*; *own* holds words an attacker tries first for this account and service, and their reason."""
    folded = fold(text)
    ways = [[] for _ in text]  # type: list[list[Piece]]
    for piece in _pieces(text, folded, known, own):
        ways[piece.start].append(piece)
    best = [0.0] + [math.inf] * len(text)
    came: list[Piece | None] = [None] * (len(text) + 1)
    for start, pieces in enumerate(ways):
        for piece in pieces:
            bits = best[start] + piece.bits
            if bits < best[piece.end]:
                best[piece.end], came[piece.end] = bits, piece
    return Estimate(best[-1], tuple(_path(came)))


def _path(came: list[Piece | None]) -> list[Piece]:
    path, piece = [], came[-1]
    while piece:
        path.append(piece)
        piece = came[piece.start]
    return path[::-1]


def _pieces(text: str, folded: str, known: Blocklist, own: Mapping[str, str]) -> Iterator[Piece]:
    yield from _characters(text, folded, known)
    yield from _words(text, folded, known, own)
    yield from _numbers(folded)
    yield from _sequences(folded)
    yield from _copies(folded)
    for start, end, bits in walks(folded):
        yield Piece(start, end, bits + _case(text[start:end]), "tastenfolge")


def _characters(text: str, folded: str, known: Blocklist) -> Iterator[Piece]:
    for place, char in enumerate(folded):
        if "a" <= char <= "z":
            bits = known.letter(("   " + folded)[place : place + 4]) + (CAPITAL if text[place].isupper() else 0)
        elif char.isdigit():
            bits = ANY_DIGIT
        else:
            bits = ANY_SIGN if char.isascii() else ANY_OTHER
            bits -= 1.5 if char in COMMON_SIGNS else 0
        yield Piece(place, place + 1, bits, "")


def _case(part: str) -> float:
    """Bits for where the capitals are: none, first, all are what everyone does."""
    capitals = sum(char.isupper() for char in part)
    if not capitals:
        return 0.0
    if part[0].isupper() and capitals == 1 or part.isupper():
        return 1.0
    return 1.0 + math.log2(math.comb(len(part), capitals))


def _words(text: str, folded: str, known: Blocklist, own: Mapping[str, str]) -> Iterator[Piece]:
    size = len(text)
    variants = {folded: 0.0}
    for table in LOOKALIKES:
        variants.setdefault(folded.translate(table), 1.5)
    variants.setdefault("".join(char for char in reversed(folded)), 1.5)
    for variant, extra in variants.items():
        backwards = variant == folded[::-1] and variant != folded
        for start in range(size):
            for end in range(start + 2, min(size, start + LONGEST) + 1):
                word = variant[start:end]
                if word in own:
                    bits, kind = 1.0, own[word]
                elif word in known.words:
                    bits, kind = known.words[word], "bekannt"
                else:
                    continue
                first, last = (size - end, size - start) if backwards else (start, end)
                changed = sum(a != b for a, b in zip(variant[start:end], folded[first:last])) if not backwards else 0
                yield Piece(first, last, bits + extra + changed * 0.5 + _case(text[first:last]), kind)
    if folded in known.words:
        yield Piece(0, size, known.words[folded], "bekannt")


def _numbers(folded: str) -> Iterator[Piece]:
    for start in range(len(folded) - 3):
        if folded[start : start + 4].isdecimal():
            if 1920 <= int(folded[start : start + 4]) <= 2040:
                yield Piece(start, start + 4, YEAR, "jahr")
            for length in (6, 8):
                part = folded[start : start + length]
                if len(part) == length and part.isdecimal() and _date(part):
                    yield Piece(start, start + length, DATE, "jahr")


def _date(part: str) -> bool:
    year = len(part) - 4
    orders = [
        (part[:2], part[2:4]),
        (part[2:4], part[:2]),
        (part[year:][:2], part[year + 2 :]),
        (part[year + 2 :], part[year:][:2]),
    ]
    return any(1 <= int(day) <= 31 and 1 <= int(month) <= 12 for day, month in orders)


def _sequences(folded: str) -> Iterator[Piece]:
    for start in range(len(folded) - 2):
        step = ord(folded[start + 1]) - ord(folded[start])
        if abs(step) > 2 or not folded[start].isalnum():
            continue
        end = start + 2
        while end < len(folded) and ord(folded[end]) - ord(folded[end - 1]) == step:
            end += 1
            yield Piece(start, end, 4.0 + abs(step) + math.log2(end - start), "reihenfolge" if step else "wiederholung")


def _copies(folded: str) -> Iterator[Piece]:
    """What was there before, once more or backwards: guessing it costs where from and how long."""
    size = len(folded)
    same = [[0] * (size + 1) for _ in range(size + 1)]
    for first in range(size - 1, -1, -1):
        for second in range(size - 1, first, -1):
            if folded[first] == folded[second]:
                same[first][second] = same[first + 1][second + 1] + 1
    for second in range(1, size):
        length, first = max((same[first][second], first) for first in range(second))
        adjoining = first + length >= second
        bits = 3.0 if adjoining else 2.0 + math.log2(second)
        for end in range(second + 2, second + length + 1):
            yield Piece(second, end, bits + 1.0, "wiederholung")
        mirror = 0
        while (
            second + mirror < size
            and second - mirror - 1 >= 0
            and folded[second + mirror] == folded[second - mirror - 1]
        ):
            mirror += 1
            if mirror >= 3:
                yield Piece(second, second + mirror, 4.0, "wiederholung")
