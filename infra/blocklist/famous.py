"""What people take for random words and is none: famous phrases and words, and rows such as the months (famous.txt)."""

from collections.abc import Iterator
from pathlib import Path

from reset.folding import spellings
from reset.guesses import joined

FEWEST = 3  # words: days and months hold words of their own, so three of them read as a phrase
LINES = Path(__file__).with_name("famous.txt")


def famous() -> set[str]:
    """Every run of three or more words of each line, forwards and backwards, joined; and each word that has a line."""
    lines = [line.split() for line in LINES.read_text().splitlines() if line and not line.startswith("#")]
    return {
        joined(spelling)
        for line in lines
        for words in (line, line[::-1])
        for run in _runs(words)
        for spelling in spellings(run)
    }


def _runs(words: list[str]) -> Iterator[str]:
    if len(words) == 1:
        yield words[0]
    for start in range(len(words)):
        for end in range(start + FEWEST, len(words) + 1):
            yield " ".join(words[start:end])
