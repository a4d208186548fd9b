"""Tells whether a password reads as a phrase of random words, the kind we ask for (Diceware, password managers)."""

import re

from .blocklist import Blocklist

FEWEST = 4  # words
SHORTEST = 3  # letters of a word that counts
LONGEST = 16
OTHERS = 8  # characters that are no letters: separators, and the digit that managers add
ENDINGS = {
    "de": ("", "e", "n", "s", "r", "en", "er", "es", "em", "t", "te", "ten", "st", "ung"),
    "en": ("", "s", "d", "r", "y", "es", "ed", "er", "ly", "ing"),
}
STEM = 4  # letters of a word that may take an ending
RUNS = re.compile("[a-z]+")


def reads_as_phrase(folded: str, known: Blocklist) -> bool:
    """Whether all letters of *folded* belong to at least four words of one language."""
    runs = RUNS.findall(folded)
    if len(folded) - sum(map(len, runs)) > OTHERS:
        return False
    return any(_count(runs, words, ENDINGS[language]) >= FEWEST for language, words in known.vocabulary.items())


def _count(runs: list[str], words: frozenset[str], endings: tuple[str, ...]) -> int:
    """The most words that *runs* can be cut into without a rest, or 0.

    With separators there must be one for each word: `first.lastname` is no phrase.
    """
    if 1 < len(runs) < FEWEST:
        return 0
    counts = [_cut(run, words, endings) for run in runs]
    return sum(counts) if all(counts) else 0


def _cut(run: str, words: frozenset[str], endings: tuple[str, ...]) -> int:
    most = [0] + [-1] * len(run)
    for start in range(len(run)):
        if most[start] < 0:
            continue
        for end in range(start + SHORTEST, min(len(run), start + LONGEST) + 1):
            if run[start:end] in words:
                for ending in endings if end - start >= STEM else ("",):
                    if run.startswith(ending, end):
                        most[end + len(ending)] = max(most[end + len(ending)], most[start] + 1)
    return max(0, most[-1])
