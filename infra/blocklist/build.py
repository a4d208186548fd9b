"""Builds functions/reset/blocklist.bin: `python -m infra.blocklist.build`, or `--check` to compare only."""

import lzma
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from infra.blocklist import letters, sources
from infra.blocklist.famous import famous
from infra.blocklist.packages import COMMON, DE, DICE, EN, FI, LEAKED, NL, OTHERS, SECLISTS, XATO
from reset import blocklist
from reset.blocklist import DATA, Blocklist
from reset.guesses import estimate, hard_enough
from reset.pieces import fold, spellings

SAVING = 2.0  # bits
UNLIKE = 70.0  # bits: a leaked password as hard as this is a word of its own, for others are variants of it
LISTED = 16.0  # bits of a whole password or phrase that is known as such
PART = re.compile("[a-z]{4,20}")
USUAL = 4  # times that leaked passwords must have a part that counts as a word
HASH = re.compile("(?=.*[a-f])[0-9a-f]{15,}", re.IGNORECASE)  # a password manager's hexadecimal digits look the same
# Bits: rarer words are left out unless as long as LONG; the letter table knows them well enough.
HARDEST, LONG = 15.5, 9
PLAIN = {"en": (30000, 20000), "de": (13000, 20000)}  # of the commonest words count in phrases, two lists a language
NAMES, SURNAMES = 400_000, 10_000  # that the letter table learns from, and of each language
PROVIDERS = "gmail hotmail yahoo gmx web mail com net org http https www outlook icloud live msn freenet online arcor"


def parts(leaked: Iterable[str]) -> list[str]:
    """What leaked passwords have between digits and signs, the commonest first: names and words of any language."""
    seen = Counter(part for password in leaked for part in PART.findall(fold(password)))
    return sorted((part for part, times in seen.items() if times >= USUAL), key=lambda part: (-seen[part], part))


def ranked(leaked: list[str]) -> Iterator[tuple[list[str], float]]:
    """Each list and the bits it adds to log2(rank): how far down the list of lists an attacker has it."""
    yield parts(leaked), -1.0
    yield sources.words(COMMON, "passwords"), 1.0
    for package in (EN, DE):
        yield sources.words(package, "commonWords"), 1.0
        yield sources.words(package, "wikipedia"), 1.5
        yield sources.words(package, "lastnames")[:10000], 2.0
    for package in OTHERS:
        yield sources.words(package, "commonWords")[:1800], 3.0
    yield PROVIDERS.split(), 3.0


def costs(leaked: list[str]) -> dict[str, float]:
    """The bits of every word worth shipping, in whole bits."""
    bits: dict[str, float] = {}
    for words, extra in ranked(leaked):
        for rank, word in enumerate(words, 1):
            cost = float(round(math.log2(rank + 1) + extra))
            for spelling in spellings(word):
                if cost < bits.get(spelling, HARDEST + (len(spelling) >= LONG)):
                    bits[spelling] = cost
    for package in (EN, DE):
        for name in sources.words(package, "firstnames"):
            for spelling in spellings(name):
                bits[spelling] = min(bits.get(spelling, 99.0), 12.0)
    # Two letters are cheaper letter by letter, three only pay when they are common.
    return {word: cost for word, cost in bits.items() if len(word) > 3 or (len(word) == 3 and cost <= 9)}


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


def table(leaked: list[str]) -> bytes:
    """What the letter table learns from: passwords, most of all those as long as ours, then names and words."""
    usual = [password for password in leaked if 5 < len(password) < 40 and not HASH.fullmatch(password)]
    words = [
        word
        for package in (DE, EN, *OTHERS, FI, NL)
        for name in ("commonWords", "wikipedia")
        for word in spelt(sources.words(package, name)[:20000])
        if len(word) > 3
    ]
    return letters.table(
        [
            (10, usual),
            (60, [password for password in usual if len(password) > 14]),
            (5, letters.names(*names(), NAMES)),
            (3, words),
        ]
    )


def build() -> bytes:
    """The content of blocklist.bin before compression."""
    leaked = [*dict.fromkeys([*sources.leaked(LEAKED), *sources.common(XATO), *sources.long(SECLISTS)])]
    words, languages = costs(leaked), vocabulary()
    plain = table(leaked)
    known = Blocklist(words, {code: frozenset(of) for code, of in languages.items()}, blocklist.letters(plain)[0])
    words = {word: bits for word, bits in words.items() if sum(known.letters.bits(word)) > bits + SAVING}
    known = replace(known, words=words)
    left = {fold(password) for password in leaked if 15 <= len(password) <= 40 and "\t" not in password}
    words |= dict.fromkeys((password for password in sorted(left) if _unlike(password, known)), LISTED)
    words = dict.fromkeys(famous(), LISTED) | words
    groups: dict[tuple[float, str], list[str]] = defaultdict(list)
    for word in sorted({*words, *set().union(*languages.values())}):
        groups[words.get(word, 17.0), " ".join(code for code, of in languages.items() if word in of)].append(word)
    lines = [f"{bits}\t{codes}\t" + "\t".join(group) for (bits, codes), group in sorted(groups.items())]
    return plain + "\n".join(lines).encode()


def _unlike(password: str, known: Blocklist) -> bool:
    bits = estimate(password, known, {}).bits
    return bits > UNLIKE or hard_enough(bits, password, known)


def main() -> int:
    """Writes the file, or says whether it is what the packages give."""
    plain = build()
    if "--check" in sys.argv:
        return int(lzma.decompress(DATA.read_bytes()) != plain)
    DATA.write_bytes(lzma.compress(plain, preset=9 | lzma.PRESET_EXTREME))
    print(f"{DATA.name}: {DATA.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
