"""What an attacker knows beforehand: words and leaked passwords by rank, and which signs follow which.

The data is `blocklist.bin`, built by `python -m infra.blocklist.build`; its sources and licences stand there.
"""

import lzma
import math
import string
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

DATA = Path(__file__).with_name("blocklist.bin")
# The alphabet of the letter table: before the start, 26 letters, any digit, any other sign.
SIGNS, DIGIT, OTHER = 29, 27, 28
NUMBERS = {letter: number for number, letter in enumerate(string.ascii_lowercase, 1)}
NUMBERS |= dict.fromkeys(string.digits, DIGIT)
DENSE, LONGEST = 3, 5  # signs: each run of three has its cost, longer ones only where that says more
STEPS = 2  # the costs of three signs are kept in halves of a bit
LEAST_LEFT = 2.0**-6  # of the chance of a context is left for what it was never seen with
LANGUAGES = ("de", "en", "dice")  # the last: the Diceware list that has numbers

Table = tuple["array[int]", bytes]


@dataclass(frozen=True)
class Letters:
    """How likely a sign is after the four before it, in bits: runs that leaked passwords often hold are cheap.

    *dense* has the cost of every run of three signs, *tables* the numbers of the longer runs in order, and their bits.
    """

    dense: bytes
    tables: tuple[Table, ...] = ()

    def bits(self, folded: str) -> list[float]:
        """The cost of each character of *folded*."""
        costs, run = [], 0
        for char in folded:
            run = run * SIGNS % SIGNS**LONGEST + NUMBERS.get(char, OTHER)
            costs.append(self.cost(run, DENSE + len(self.tables)))
        return costs

    def cost(self, run: int, length: int) -> float:
        """Bits for the last of the *length* signs that the number *run* stands for, after the others."""
        run %= SIGNS**length
        if length == DENSE:
            return self.dense[run] / STEPS
        runs, bits = self.tables[length - DENSE - 1]
        first = run - run % SIGNS
        start = bisect_left(runs, first)
        end = bisect_left(runs, first + SIGNS, start)
        place = bisect_left(runs, run, start, end)
        if place < end and runs[place] == run:
            return bits[place]
        shorter = self.cost(run, length - 1)
        if start == end:
            return shorter
        left = max(LEAST_LEFT, 1 - sum(2.0 ** -bits[place] for place in range(start, end)))
        shared = 1 - sum(2.0 ** -self.cost(known, length - 1) for known in runs[start:end])
        return shorter - math.log2(max(LEAST_LEFT / 2, left / max(0.02, shared)))


@dataclass(frozen=True)
class Blocklist:
    """*words* gives the guessing cost in bits of what is known, *letters* that of everything else.

    *vocabulary* holds, for each language, the words that random phrases are made of.
    """

    words: dict[str, float]
    vocabulary: dict[str, frozenset[str]]
    letters: Letters


def letters(plain: bytes) -> tuple[Letters, bytes]:
    """The letter table that *plain* begins with, and what follows it."""
    dense, rest = plain[: SIGNS**DENSE], plain[SIGNS**DENSE :]
    tables = []
    for _ in range(LONGEST - DENSE):
        size = int.from_bytes(rest[:4], "big")
        *planes, bits = (rest[4 + part * size : 4 + (part + 1) * size] for part in range(4))
        steps = bytearray(4 * size)
        for place, plane in enumerate(planes):
            steps[place::4] = plane
        tables.append((array("I", accumulate(memoryview(steps).cast("I"))), bits))
        rest = rest[4 + 4 * size :]
    return Letters(dense, tuple(tables)), rest


@cache
def read(path: Path = DATA) -> Blocklist:
    """Reads the list at its first use: only the reset pays for it, once, and not each start."""
    table, text = letters(lzma.decompress(path.read_bytes()))
    words: dict[str, float] = {}
    vocabulary: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for line in text.decode().splitlines():
        bits, languages, *known = line.split("\t")
        words.update(dict.fromkeys(known, float(bits)))
        for language in languages.split():
            vocabulary[language] += known
    return Blocklist(words, {language: frozenset(known) for language, known in vocabulary.items()}, table)
