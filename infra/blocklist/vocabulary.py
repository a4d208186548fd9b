"""The words of languages: names, how they are spelt, what random phrases are made of, and dictionaries."""

import json
import re
from collections.abc import Iterable

from infra.blocklist import sources
from infra.blocklist.packages import COMMON, DE, DICE, EN, FI, NL, OTHERS, WORDS_DE, WORDS_EN
from reset.folding import spellings

PLAIN = {"en": (30000, 20000), "de": (13000, 20000)}  # of the commonest words count in phrases, two lists a language
SURNAMES = 10_000  # of each language


def names() -> tuple[list[str], list[str]]:
    """First names and surnames of all languages."""
    first, last = [], []
    for package in (DE, EN, *OTHERS, FI, NL):
        for name in sources.members(package):
            if "irstname" in name or name == "names":
                first += sources.words(package, name)
            elif "astname" in name:
                last += sources.words(package, name)[:SURNAMES]
    return spelt(first), spelt(last)


def spelt(words: Iterable[str]) -> list[str]:
    """Every spelling of *words*, in their order."""
    return [spelling for word in words for spelling in sorted(spellings(word))]


def vocabulary() -> dict[str, set[str]]:
    """The words that random phrases are made of: Diceware lists, and the commonest words that are no names.

    Names are what leaked passwords are made of.
    """
    result = {}
    first, _ = names()
    usual_names = {*first, *spelt(sources.words(EN, "lastnames")[:3000]), *spelt(sources.words(DE, "lastnames")[:3000])}
    for package, language, listed in (
        (EN, "en", sources.words(COMMON, "diceware") + sources.dice(DICE, "wordlist_en_securedrop.asc")),
        (DE, "de", sources.dice(DICE, "wordlist_de.txt")),
    ):
        common = [
            word
            for name, most in zip(("commonWords", "wikipedia"), PLAIN[language], strict=True)
            for word in sources.words(package, name)[:most]
        ]
        usable = {*spelt(common)} - usual_names | {*spelt(listed)}
        result[language] = {word for word in usable if len(word) > 2 and word.isalpha()}
    result["dice"] = {word for word in spelt(sources.dice(DICE, "wordlist_en_securedrop.asc")) if word.isalnum()}
    return result


def dictionary() -> list[str]:
    """The words of a German and an English dictionary: a long one reads as a phrase, and is one guess."""
    german = re.findall("'([^'\n]+)'", WORDS_DE.read("zufallsworte/__init__.py").decode())
    english: list[str] = json.loads(WORDS_EN.read("index.json"))
    return spelt(german + english)
