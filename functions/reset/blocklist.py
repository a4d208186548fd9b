"""What an attacker knows beforehand: words and leaked passwords by rank, and which letters follow which.

The data is `blocklist.bin`, built by `python -m infra.blocklist.build`; its sources and licences stand there.
"""

import lzma
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("blocklist.bin")
# Letters a to z and one sign for everything else: the alphabet of the letter table.
ALPHABET = 27
STEPS = 4  # the letter table counts in quarters of a bit
LANGUAGES = ("de", "en")


@dataclass(frozen=True)
class Blocklist:
    """*words* gives the guessing cost in bits of what is known, *letters* that of a letter after two others.

    *vocabulary* holds, for each language, the words that random phrases are made of.
    """

    words: dict[str, float]
    vocabulary: dict[str, frozenset[str]]
    letters: bytes

    def letter(self, three: str) -> float:
        """Bits for the last of *three* characters after the two before it."""
        place = 0
        for char in three:
            place = place * ALPHABET + index(char)
        return self.letters[place] / STEPS


def index(char: str) -> int:
    """The place of *char* in the letter table."""
    return ord(char) - 96 if "a" <= char <= "z" else 0


@cache
def read(path: Path = DATA) -> Blocklist:
    """Reads the list at its first use: only the reset pays for it, once, and not each start."""
    plain = lzma.decompress(path.read_bytes())
    letters, text = plain[: ALPHABET**3], plain[ALPHABET**3 :].decode()
    words: dict[str, float] = {}
    vocabulary: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for line in text.splitlines():
        bits, languages, *known = line.split("\t")
        words.update(dict.fromkeys(known, float(bits)))
        for language in languages.split():
            vocabulary[language] += known
    return Blocklist(words, {language: frozenset(known) for language, known in vocabulary.items()}, letters)
