"""What an attacker knows beforehand: words and leaked passwords by rank, and which letters follow which.

The data is `blocklist.bin`, built by `python -m infra.blocklist.build`; its sources and licences stand there.
"""

import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("blocklist.bin")
# Letters a to z and one sign for everything else: the alphabet of the letter table.
ALPHABET = 27
STEPS = 2  # the letter table counts in halves of a bit


@dataclass(frozen=True)
class Blocklist:
    """*words* gives the guessing cost in bits of what is known; *letters* that of a letter after three others."""

    words: dict[str, float]
    letters: bytes

    def letter(self, four: str) -> float:
        """Bits for the last letter of *four* after the three characters before it."""
        place = 0
        for char in four:
            place = place * ALPHABET + index(char)
        return self.letters[place] / STEPS


def index(char: str) -> int:
    """The place of *char* in the letter table."""
    return ord(char) - 96 if "a" <= char <= "z" else 0


@cache
def read(path: Path = DATA) -> Blocklist:
    """Reads the list at its first use: only the reset pays for it, not each start (about 50 ms, once)."""
    plain = zlib.decompress(path.read_bytes())
    letters, text = plain[: ALPHABET**4], plain[ALPHABET**4 :].decode()
    words: dict[str, float] = {}
    for line in text.splitlines():
        bits, *known = line.split("\t")
        words.update(dict.fromkeys(known, float(bits)))
    return Blocklist(words, letters)
