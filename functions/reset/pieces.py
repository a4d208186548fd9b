"""Cuts a password into what an attacker would try: words, numbers, series, copies, single characters."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .blocklist import Blocklist
from .folding import fold
from .runs import copies, series
from .scripts import goes_on, script
from .walks import walks

LONGEST, SHORTEST = 40, 3  # characters of a known word
# Signs that stand for letters (l33t); the second reading where one sign stands for two letters.
LOOKALIKES = (str.maketrans("0134578@$!|+€", "oieastbasiite"), str.maketrans("01345789@$!|2+€", "oleastbgasllzte"))
DIGIT, SIGN, COMMON_SIGN, OTHER, CAPITAL = 3.3, 5.0, 3.0, 8.0, 1.2  # bits: which digit, sign or size of a letter
AS_BEFORE = 3.5  # a letter of the same alphabet as the one before it: such have twenty and more
LEAST = 0.5  # bits of any character
KNOWN, PATTERN = 6.0, 4.0  # bits: that here a known word or another pattern begins, and where it ends
WRITTEN_DATE = re.compile(r"(?<![0-9])[0-9]{1,2}([./-])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})(?![0-9])")
NAMES = re.compile("([a-z]{3,})[._ -]([a-z]{3,16})[^a-z]{0,6}")
COMMON_SIGNS = " .-_!@#*"
SEPARATOR, SEPARATORS = re.compile("(?<=[a-z]{2})[ .,_-](?=[a-z]{2})"), 3  # at least, as between four words
AGAIN = 2.0  # bits: that the sign which parted words does so again
YEAR, DATE = 6.5 + PATTERN, 15.5 + PATTERN
SURNAME = 18.0 + PATTERN
OWN = 1.0  # the name of the account or service: the first that anyone tries


class Piece(NamedTuple):
    """Characters *start* to *end*, guessed together at *bits*; *kind* is a reason key, empty for a lone character."""

    start: int
    end: int
    bits: float
    kind: str
    digit: bool = False


def case(part: str) -> float:
    """Bits for where the capitals are: none, the first, all are what everyone does."""
    if part.islower():
        return 0.0
    capitals = sum(char.isupper() for char in part)
    if not capitals:
        return 0.0
    if part.isupper() or (capitals == 1 and part[0].isupper()):
        return 1.0
    return 1.0 + math.log2(math.comb(len(part), capitals))


def pieces(text: str, known: Blocklist, own: Mapping[str, str]) -> Iterator[Piece]:
    """Every piece of *text*; they overlap, and the cheapest way through them is what counts."""
    folded = fold(text)
    yield from characters(text, folded, known)
    yield from _words(text, folded, known, own)
    yield from _surname(folded, known)
    yield from _numbers(folded)
    yield from _dates(folded)
    for start, end, bits in copies(folded):
        yield Piece(start, end, bits + PATTERN, "wiederholung")
    small = "".join(char.lower()[0] for char in text)  # other alphabets have an order of their own
    for start, end, bits in {*series(folded), *series(small)}:
        yield Piece(start, end, bits + PATTERN, "wiederholung" if folded[start] == folded[start + 1] else "reihenfolge")
    for start, end, bits in walks(folded):
        yield Piece(start, end, bits + PATTERN + case(text[start:end]), "tastenfolge")


def characters(text: str, folded: str, known: Blocklist) -> Iterator[Piece]:
    """Each character alone, by the four before it."""
    separators, shouted = repeated(folded), text == text.upper()
    for place, (char, bits) in enumerate(zip(folded, known.letters.bits(folded), strict=True)):
        if place in separators:
            yield Piece(place, place + 1, AGAIN, "")
            continue
        if goes_on(text, place):
            yield Piece(place, place + 1, LEAST, "")
            continue
        if char.isascii() and char.isalpha():
            extra = CAPITAL if text[place].isupper() and not shouted else 0.0
        elif char.isdigit():
            extra = DIGIT
        elif char in COMMON_SIGNS:
            extra = COMMON_SIGN
        elif char.isascii():
            extra = SIGN
        else:
            extra = AS_BEFORE if place and script(char) == script(text[place - 1]) else OTHER
        yield Piece(place, place + 1, max(LEAST, bits) + extra, "", char.isdigit())


def repeated(folded: str) -> set[int]:
    """Where a sign parts words as it did before, in a text of four words or more."""
    places: dict[str, list[int]] = {}
    for match in SEPARATOR.finditer(folded):
        places.setdefault(match[0], []).append(match.start())
    return {place for found in places.values() if len(found) >= SEPARATORS for place in found[1:]}


def _words(text: str, folded: str, known: Blocklist, own: Mapping[str, str]) -> Iterator[Piece]:
    size = len(text)
    for reading in {folded: None} | {folded.translate(table): None for table in LOOKALIKES}:
        extra = 0.0 if reading == folded else 1.5
        for start, end, bits, kind in _found(reading, known, own):
            changed = sum(one != two for one, two in zip(reading[start:end], folded[start:end], strict=True))
            yield Piece(start, end, bits + extra + changed / 2 + case(text[start:end]), kind)
    for start, end, bits, kind in _found(folded[::-1], known, own):
        yield Piece(size - end, size - start, bits + 1.5 + case(text[size - end : size - start]), kind)


def _found(reading: str, known: Blocklist, own: Mapping[str, str]) -> Iterator[tuple[int, int, float, str]]:
    for word, kind in own.items():  # of any length
        for place in re.finditer(re.escape(word), reading):
            yield place.start(), place.end(), OWN, kind
    size = len(reading)
    for start in range(size):
        for end in range(start + SHORTEST, min(size, start + LONGEST) + 1):
            if (bits := known.words.get(reading[start:end])) is not None:
                yield start, end, bits + KNOWN, "bekannt"


def _surname(folded: str, known: Blocklist) -> Iterator[Piece]:
    """The second of two names: `first.last` is how accounts are called, and surnames are listed."""
    match = NAMES.fullmatch(folded)
    if match and match[1] in known.words:
        yield Piece(match.start(2), match.end(2), SURNAME, "bekannt")


def _numbers(folded: str) -> Iterator[Piece]:
    for start in range(len(folded) - 3):
        for length in (4, 6, 8):
            part = folded[start : start + length]
            if len(part) == length and part.isascii() and part.isdigit():
                if length == 4 and 1920 <= int(part) <= 2040:
                    yield Piece(start, start + 4, YEAR, "jahr")
                elif length > 4 and _date(part):
                    yield Piece(start, start + length, DATE, "jahr")


def _dates(folded: str) -> Iterator[Piece]:
    """Dates as they are written: `24.12.1987`."""
    for match in WRITTEN_DATE.finditer(folded):
        yield Piece(match.start(), match.end(), DATE + 2.0, "jahr")


def _date(part: str) -> bool:
    """Whether day and month stand before or after the year, in either order."""
    pairs = [(part[:2], part[2:4]), (part[-4:-2], part[-2:])]
    return any(1 <= int(a) <= 31 and 1 <= int(b) <= 12 for pair in pairs for a, b in (pair, pair[::-1]))
