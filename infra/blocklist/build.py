"""Builds functions/reset/blocklist.bin: `python -m infra.blocklist.build`, or `--check` to compare only."""

import lzma
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from infra.blocklist import sources
from infra.blocklist.packages import COMMON, DE, DICE, EN, LEAKED, OTHERS
from reset.blocklist import ALPHABET, DATA, STEPS, Blocklist, index
from reset.guesses import acceptable
from reset.pieces import characters, fold, spellings

MOST = 12 * STEPS
SAVING = 2.0  # bits
HARDEST, LONG = (
    15.5,
    9,
)  # bits: rarer words are left out unless as long as this; the letter table knows them well enough
PLAIN = 12000  # of the commonest words of a language count in phrases
PROVIDERS = "gmail hotmail yahoo gmx web mail com net org http https www outlook icloud live msn freenet online arcor"


def ranked() -> Iterator[tuple[list[str], float]]:
    """Each list and the bits it adds to log2(rank): how far down the list of lists an attacker has it."""
    yield sources.words(COMMON, "passwords"), 1.0
    for package in (EN, DE):
        yield sources.words(package, "commonWords"), 1.0
        yield sources.words(package, "wikipedia"), 1.5
        yield sources.words(package, "lastnames")[:10000], 2.0
    for package in OTHERS:
        yield sources.words(package, "commonWords")[:1800], 3.0
    yield PROVIDERS.split(), 3.0


def costs() -> dict[str, float]:
    """The bits of every word worth shipping, in whole bits."""
    bits: dict[str, float] = {}
    for words, extra in ranked():
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


def vocabulary() -> dict[str, set[str]]:
    """The words that random phrases are made of: Diceware lists, and the commonest words that are no names.

    Names are what leaked passwords are made of.
    """
    result = {}
    for package, language, phrase_words in (
        (EN, "en", sources.words(COMMON, "diceware") + sources.dice(DICE, "wordlist_en_securedrop.asc")),
        (DE, "de", sources.dice(DICE, "wordlist_de.txt")),
    ):
        common = sources.words(package, "commonWords")
        names = {
            spelling
            for kind in ("firstnames", "lastnames")
            for name in sources.words(package, kind)[:3000]
            for spelling in spellings(name)
        }
        known = {spelling for word in common[:PLAIN] for spelling in spellings(word)} - names
        listed = {spelling for word in phrase_words for spelling in spellings(word)}
        result[language] = {word for word in known | listed if len(word) > 2 and word.isalpha()}
    return result


def letters(leaked: Iterable[str]) -> bytes:
    """The cost of each letter after two others, from the leaked passwords themselves."""
    counts: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)
    for password in leaked:
        if len(password) > 5:
            numbers = [0, 0, *map(index, fold(password))]
            for first, second, third in zip(numbers, numbers[1:], numbers[2:], strict=False):
                counts[first, second][third] += third > 0
    table = bytearray()
    for context in range(ALPHABET**2):
        seen = counts[divmod(context, ALPHABET)]
        whole = seen.total() + ALPHABET
        table += bytes(min(MOST, round(-math.log2((seen[third] + 1) / whole) * STEPS)) for third in range(ALPHABET))
    return bytes(table)


def by_letter(word: str, table: bytes) -> float:
    """What *word* costs letter by letter: no need to ship it when that is as cheap."""
    return sum(piece.bits for piece in characters(word, word, Blocklist({}, {}, table)))


def build() -> bytes:
    """The content of blocklist.bin before compression."""
    leaked, words, languages = sources.leaked(LEAKED), costs(), vocabulary()
    table = letters(leaked)
    words = {word: bits for word, bits in words.items() if by_letter(word, table) > bits + SAVING}
    known = Blocklist(words, {language: frozenset(of) for language, of in languages.items()}, table)
    left = {fold(password) for password in leaked if 15 <= len(password) <= 40 and "\t" not in password}
    words |= {password: 16.0 for password in sorted(left) if acceptable(password, known)}
    groups: dict[tuple[float, str], list[str]] = defaultdict(list)
    for word in sorted({*words, *languages["de"], *languages["en"]}):
        groups[words.get(word, 17.0), " ".join(code for code, of in languages.items() if word in of)].append(word)
    lines = [f"{bits}\t{codes}\t" + "\t".join(group) for (bits, codes), group in sorted(groups.items())]
    return table + "\n".join(lines).encode()


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
