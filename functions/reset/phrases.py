"""Tells whether a password reads as a phrase of random words, the kind we ask for (Diceware, password managers)."""

import math
import re
import string
from collections.abc import Container
from enum import Enum

from .blocklist import Blocklist
from .folding import fold
from .pieces import repeated
from .runs import series
from .walks import walks

FEWEST = 4  # words
SHORTEST, LONGEST = 3, 16  # letters of a word that counts
BETWEEN = 8  # characters that belong to no word: separators, and the digit that managers add
SHORT_GAP, LONG_GAP = 2, 12  # characters of the one word that is a short number, or that no list has
TAIL = 5  # digits and signs around a joined phrase
DIGITS = 4  # that a joined phrase may have
ENDINGS = {
    "de": ("", "e", "n", "s", "r", "en", "er", "es", "em", "t", "te", "ten", "st", "ung"),
    "en": ("", "s", "d", "r", "y", "es", "ed", "er", "ly", "ing"),
    "dice": ("",),
}
TWO_WORTH, SHORT_WORTH = 4.0, 9.0  # bits of a word of two letters, at most, and of three, at least
NUMBER_WORTH = 5.0  # bits of numbers, for many take 1
STEM = 4  # letters of a word that may take an ending
# Words; those of one or two letters, and numbers, only where signs stand around them.
PARTED = re.compile(
    r"[A-ZÄÖÜ]{2,}(?![^\W\d_])|[A-ZÄÖÜ]?[^\W\d_A-ZÄÖÜ]{2,}|(?<![^\W_])(?:[^\W\d_]{1,2}|[0-9]{1,4})(?![^\W_])"
)
ADDRESS = re.compile(r"@[\w-]+\.[A-Za-z]{2,}")
JOINED = re.compile("[a-z0-9]+")


class Reading(Enum):
    """In which way a password is a phrase."""

    NONE = 0
    SEPARATED = 1  # one sign sets its words off from each other, whatever they are
    MIXED = 6  # several signs, capitals and numbers do
    CAPITALS = 2  # each word begins with a capital
    JOINED = 3  # one language knows its words
    SHORT = 4  # one of them is a number of one or two digits
    NEARLY = 5  # one of them is not known


def reading(text: str, known: Blocklist) -> Reading:
    """Whether *text* is four words that a separator or a capital shows, or that one language knows."""
    folded = fold(text)
    digits = sum(map(str.isdigit, folded))
    if not JOINED.fullmatch(folded) or digits > DIGITS:
        if ADDRESS.search(text) or not _parted(text):
            return Reading.NONE
        return Reading.SEPARATED if repeated(folded) else Reading.MIXED
    for gap, found in ((0, Reading.JOINED), (SHORT_GAP, Reading.SHORT), (0 if digits else LONG_GAP, Reading.NEARLY)):
        if _most(folded, known, gap) >= FEWEST:
            return found
    return Reading.CAPITALS if _parted(text) else Reading.NONE


def core(folded: str) -> str:
    """The letters of *folded* without the few digits and signs around them, "" if there is nothing else."""
    words = folded.strip(string.digits + string.punctuation)
    return words if words.isalpha() and 0 < len(folded) - len(words) <= TAIL else ""


def _parted(text: str) -> bool:
    """Four or more words, each set off from the next; two may be numbers or single letters, one a row."""
    words = PARTED.findall(text)
    rows = sum(_row(fold(word)) for word in words)
    return (
        len(words) >= FEWEST
        and len(words) - len({word.lower() for word in words}) <= 1  # dice may fall alike once
        and rows <= 1
        and rows + sum(len(word) == 1 or (word.isdigit() and not _row(word)) for word in words) <= 2
        and len(text) - sum(map(len, words)) <= BETWEEN
    )


def _row(word: str) -> bool:
    """Whether *word* is `aaaa`, `abcd` or keys in a row."""
    return any(end - start == len(word) for run in (series(word), walks(word, straight=True)) for start, end, _ in run)


def worth(text: str, known: Blocklist, own: Container[str]) -> float:
    """Bits of the words of *text* alone, each as a known one or letter by letter; all numbers count as one.

    What is *own* to the account or service is worth nothing, nor is a word that comes again.
    """
    words = {fold(word) for word in PARTED.findall(text) if len(word) > 1 and word.isalpha()}
    number = NUMBER_WORTH if any(map(str.isdigit, text)) else 0.0
    return number + sum(_worth(word, known) for word in words if word not in own)


def _worth(word: str, known: Blocklist) -> float:
    bits = min(sum(known.letters.bits(word)), known.words.get(word, math.inf))
    if len(word) < SHORTEST:
        return min(TWO_WORTH, bits)
    return max(SHORT_WORTH, bits) if len(word) == SHORTEST else bits


def _most(text: str, known: Blocklist, gap: int) -> int:
    """The most words of one language that *text* can be cut into."""
    return max(_count(text, words, ENDINGS[code], gap) for code, words in known.vocabulary.items())


def _count(text: str, words: frozenset[str], endings: tuple[str, ...], gap: int) -> int:
    """The most words that *text* can be cut into, one of them up to *gap* long; 0 if something is left."""
    size = len(text)
    most, gapped = [0] + [-FEWEST] * size, [-FEWEST] * (size + 1)
    for start in range(size):
        if most[start] < 0 and gapped[start] < 0:
            continue
        for end in _ends(text, start, words, endings):
            most[end] = max(most[end], most[start] + 1)
            gapped[end] = max(gapped[end], gapped[start] + 1)
        for end in range(start + 1, min(size, start + gap) + 1):
            if gap > SHORT_GAP or text[start:end] in words:
                gapped[end] = max(gapped[end], most[start] + 1)
    return max(0, most[-1], gapped[-1])


def _ends(text: str, start: int, words: frozenset[str], endings: tuple[str, ...]) -> list[int]:
    found = []
    for end in range(start + SHORTEST, min(len(text), start + LONGEST) + 1):
        if text[start:end] in words:
            allowed = endings if end - start >= STEM else ("",)
            found += [end + len(ending) for ending in allowed if text.startswith(ending, end)]
    return found
