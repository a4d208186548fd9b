"""Judges the policy by material it was not built from: `python -m infra.blocklist.evaluate FOLDER [COUNT]`.

FOLDER holds leaked passwords, one a line in each file; lines that are hashes or broken text are left out. Each file is
judged without the passwords that the build read, and whole. Phrases and random passwords are made here, with a seed.
"""

import random
import re
import string
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from infra.blocklist import leaks, packages, sources
from reset.errors import Problem
from reset.passwords import Policy

HEX = re.compile(r"\$HEX\[((?:[0-9a-f]{2})*)\]")
HASH = re.compile(r"[0-9a-f]{15,}|\$(?:P|H|S|1|2a|2y|5|6)\$.*", re.IGNORECASE)
BROKEN = re.compile("[ÐÑÂÃï¿½�]")
SYLLABLES = ("bcdfghjkmnpqrstvwxyz", "aeiouy", "bcdfghjkmnpqrstvwxyz")

Make = Callable[[random.Random], str]


def phrase(words: list[str], count: int, between: str, dice: random.Random, *, capital: bool = False) -> str:
    """*count* random words."""
    chosen = [dice.choice(words) for _ in range(count)]
    return between.join(word[:1].upper() + word[1:] if capital else word for word in chosen)


def characters(alphabet: str, count: int, dice: random.Random) -> str:
    """*count* random characters."""
    return "".join(dice.choice(alphabet) for _ in range(count))


def apple(dice: random.Random) -> str:
    """Three times two syllables, with one digit and one capital, as Apple's keychain proposes."""
    letters = [dice.choice(kind) for _ in range(6) for kind in SYLLABLES]
    letters[dice.choice((5, 6, 11, 12, 17))] = dice.choice(string.digits)
    place = dice.choice([number for number, letter in enumerate(letters) if letter.isalpha()])
    letters[place] = letters[place].upper()
    return "-".join("".join(letters[start : start + 6]) for start in (0, 6, 12))


def kinds() -> Iterator[tuple[str, Make]]:
    """What people are told to use: name, and how one is made."""
    lists = {
        "EFF": sources.words(packages.COMMON, "diceware"),
        "diceware de": sources.dice(packages.DICE, "wordlist_de.txt"),
        "diceware en_securedrop": sources.dice(packages.DICE, "wordlist_en_securedrop.asc"),
        "diceware de_8k, not built in": sources.dice(packages.DICE, "wordlist_de_8k.txt"),
        "diceware en_nouns, not built in": sources.dice(packages.DICE, "wordlist_en_nouns.txt"),
        "xkcdpass German, not built in": xkcd("eff_large_de_sample.wordlist"),
        "xkcdpass legacy, not built in": xkcd("legacy"),
    }
    for name, words in lists.items():
        for label, between, capital in (
            ("dash", "-", False),
            ("space", " ", False),
            ("Dash", "-", True),
            ("Joined", "", True),
            ("joined", "", False),
        ):
            yield f"4 words {label} ({name})", partial(_phrase, words, between, capital)
    yield "1Password words", lambda dice: phrase(lists["EFF"], 4, dice.choice("-._,"), dice)
    yield "Bitwarden words", lambda dice: phrase(lists["EFF"], 4, "-", dice, capital=True) + dice.choice(string.digits)
    for length in (15, 20):
        yield f"{length} letters", partial(characters, string.ascii_lowercase, length)
        yield f"{length} letters and digits", partial(characters, string.ascii_letters + string.digits, length)
        yield f"{length} of all", partial(characters, string.ascii_letters + string.digits + "!@#$%^&*", length)
    yield "Apple", apple


def _phrase(words: list[str], between: str, capital: bool, dice: random.Random) -> str:
    return phrase(words, 4, between, dice, capital=capital)


def xkcd(name: str) -> list[str]:
    """A list of xkcdpass, with the lengths it takes by default."""
    lines = packages.XKCD.read(f"xkcdpass/static/{name}").decode().split()
    return [word for word in lines if 5 <= len(word) <= 9]


def leaked(file: Path) -> Iterator[str]:
    """The passwords of *file* that are long enough."""
    for line in file.read_bytes().splitlines():
        coded = HEX.fullmatch(line.decode(errors="replace"))
        raw = bytes.fromhex(coded[1]) if coded else line
        try:
            text = unicodedata.normalize("NFC", raw.decode())
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
        if 15 <= len(text) <= 128 and not HASH.fullmatch(text) and not BROKEN.search(text):
            yield text


def refused(policy: Policy, password: str) -> bool:
    """Whether *policy* refuses *password*."""
    try:
        policy.check(password, "erika.mustermann@example.org")
    except Problem:
        return True
    return False


def share(policy: Policy, passwords: set[str], seed: str, count: int) -> str:
    """How many of *passwords* are refused, in percent; of *count* of them if they are more."""
    sample = random.Random(seed).sample(sorted(passwords), min(count, len(passwords)))  # noqa: S311
    bad = sum(refused(policy, password) for password in sample)
    return f"{100 * bad / max(1, len(sample)):6.2f} % of {len(sample)} ({len(passwords)})"


def main() -> None:
    """Prints one line for each kind and file."""
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
    policy = Policy()
    for name, make in kinds():
        dice, good, slowest = random.Random(name), 0, 0.0  # noqa: S311  # a seed is wanted
        for _ in range(count):
            password = make(dice)
            while len(password) < 15:
                password = make(dice)
            start = time.perf_counter()
            good += not refused(policy, password)
            slowest = max(slowest, time.perf_counter() - start)
        print(f"{100 * good / count:7.2f} % accepted  {name}, {count} (slowest {1000 * slowest:.0f} ms)", flush=True)
    read = {*leaks.passwords(), *sources.words(packages.COMMON, "passwords")}
    for file in sorted(Path(sys.argv[1]).iterdir()):
        whole = {*leaked(file)}
        if whole:
            unseen, seen_too = (share(policy, some, file.name, count) for some in (whole - read, whole))
            print(f"refused {unseen} unseen, {seen_too} whole  {file.name}", flush=True)


if __name__ == "__main__":
    main()
