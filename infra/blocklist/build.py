"""Builds functions/reset/blocklist.bin: `python -m infra.blocklist.build`, or `--check` to compare only."""

import lzma
import math
import re
import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from infra.blocklist import leaks, letters, sources
from infra.blocklist.famous import famous
from infra.blocklist.packages import COMMON, DE, EN, FI, NL, OTHERS
from infra.blocklist.vocabulary import dictionary, names, spelt, vocabulary
from reset import blocklist
from reset.blocklist import DATA, Blocklist, checksum
from reset.folding import fold, spellings
from reset.guesses import enough, estimate, hard_enough, joined
from reset.passwords import MAXIMUM

SAVING = 2.0  # bits
DRESS = 10.0  # bits: what capitals, or signs and digits around a password, can add to it
LEAST_WHOLE = 8  # letters and digits of a leaked password that is kept: fewer say nothing about the whole
PART = re.compile("[a-z]{4,20}")
USUAL = 4  # times that leaked passwords must have a part that counts as a word
HASH = re.compile("(?=.*[a-f])[0-9a-f]{15,}", re.IGNORECASE)  # a password manager's hexadecimal digits look the same
# Bits: rarer words are left out unless as long as LONG; the letter table knows them well enough.
HARDEST, LONG = 15.5, 9
NAMES = 400_000  # that the letter table learns from
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
    leaked = leaks.passwords()
    words, languages = costs(leaked), vocabulary()
    plain = table(leaked)
    phrases = {code: frozenset(of) for code, of in languages.items()}
    known = Blocklist(words, phrases, blocklist.letters(plain)[0], array("I"))
    words = {word: bits for word, bits in words.items() if sum(known.letters.bits(word)) > bits + SAVING}
    whole = famous() | passing([*leaked, *dictionary()], replace(known, words=words))
    groups: dict[tuple[float, str], list[str]] = defaultdict(list)
    for word in sorted({*words, *set().union(*languages.values())}):
        groups[words.get(word, 17.0), " ".join(code for code, of in languages.items() if word in of)].append(word)
    lines = [f"{bits}\t{codes}\t" + "\t".join(group) for (bits, codes), group in sorted(groups.items())]
    return plain + letters.packed(sorted({*map(checksum, whole)})) + "\n".join(lines).encode()


def passing(easy: Iterable[str], known: Blocklist) -> set[str]:
    """Letters and digits of *easy* passwords that the estimate alone would accept, or would in another dress."""
    found = {joined(password) for password in easy if 15 <= len(password) <= MAXIMUM and _passes(password, known)}
    return {password for password in found if len(password) >= LEAST_WHOLE}


def _passes(password: str, known: Blocklist) -> bool:
    bits = estimate(password, known, {}).bits
    return bits >= enough(password) - DRESS or hard_enough(bits, password, known, {})


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
