"""What an attacker knows beforehand: words and leaked passwords by rank, and which signs follow which.

The data is `blocklist.bin`, built by `python -m infra.blocklist.build`; its sources and licences stand there.
"""

import lzma
import math
import string
import zlib
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
WIDTH = 4  # bytes of a number
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

    *vocabulary* holds, for each language, the words that random phrases are made of; *whole* the checksums, in order,
    of leaked passwords and famous phrases that would pass otherwise: one good password in 20,000 meets one by chance.
    """

    words: dict[str, float]
    vocabulary: dict[str, frozenset[str]]
    letters: Letters
    whole: "array[int]"

    def knows(self, joined: str) -> bool:
        """Whether *joined*, letters and digits only, is known as a whole."""
        number = checksum(joined)
        place = bisect_left(self.whole, number)
        return joined in self.words or (place < len(self.whole) and self.whole[place] == number)


def checksum(joined: str) -> int:
    """What *whole* keeps of a text: 32 bits are enough to refuse by, and take a quarter of its room."""
    return zlib.crc32(joined.encode())


def numbers(packed: bytes) -> tuple["array[int]", bytes]:
    """The rising numbers that *packed* begins with, and what follows: their count, then the steps between them.

    A step is kept as WIDTH bytes, the lowest first; all first bytes stand together, for they pack better so.
    """
    size = int.from_bytes(packed[:WIDTH], "big")
    steps = bytearray(WIDTH * size)
    for place in range(WIDTH):
        steps[place::WIDTH] = packed[WIDTH + place * size : WIDTH + (place + 1) * size]
    return array("I", accumulate(memoryview(steps).cast("I"))), packed[WIDTH + WIDTH * size :]


def letters(plain: bytes) -> tuple[Letters, bytes]:
    """The letter table that *plain* begins with, and what follows it."""
    dense, rest = plain[: SIGNS**DENSE], plain[SIGNS**DENSE :]
    tables = []
    for _ in range(LONGEST - DENSE):
        runs, rest = numbers(rest)
        tables.append((runs, rest[: len(runs)]))
        rest = rest[len(runs) :]
    return Letters(dense, tuple(tables)), rest


@cache
def read(path: Path = DATA) -> Blocklist:
    """Reads the list at its first use: only the reset pays for it, once, and not each start."""
    table, rest = letters(lzma.decompress(path.read_bytes()))
    whole, text = numbers(rest)
    words: dict[str, float] = {}
    vocabulary: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for line in text.decode().splitlines():
        bits, languages, *known = line.split("\t")
        words.update(dict.fromkeys(known, float(bits)))
        for language in languages.split():
            vocabulary[language] += known
    return Blocklist(words, {language: frozenset(known) for language, known in vocabulary.items()}, table, whole)
