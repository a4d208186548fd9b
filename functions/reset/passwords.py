"""What a password must be, and how it is kept."""

import hmac
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .blocklist import DATA, read
from .errors import Problem
from .reasons import REASONS, reason

if TYPE_CHECKING:
    from argon2 import PasswordHasher

__all__ = ["CHEAPEST", "MAXIMUM", "OWASP", "REASONS", "Cost", "Hasher", "Policy", "Rule", "normalise", "rules"]

MAXIMUM = 128
# The longest that NFC can shorten to MAXIMUM: no character decomposes into more than four code points.
LONGEST_RAW = 4 * MAXIMUM


@dataclass(frozen=True)
class Rule:
    """One criterion: the code of its refusal, what a customer reads, and how a page can tick it while typing.

    *live* is `min` or `max` for what a browser can tell, None for what only the server knows: it weighs an address or
    a name against the rest of the password.
    """

    code: str
    de: str
    en: str
    live: str | None


def rules(minimum: int = 15) -> tuple[Rule, ...]:
    """The criteria in the order they are shown; form, article, mail and server all read them here."""
    return (
        Rule("passwort-zu-kurz", f"Mindestens {minimum} Zeichen.", f"At least {minimum} characters.", "min"),
        Rule("passwort-zu-lang", f"Höchstens {MAXIMUM} Zeichen.", f"At most {MAXIMUM} characters.", "max"),
        Rule(
            "passwort-zu-einfach",
            "Kein bekanntes oder leicht zu erratendes Passwort, keine Tastenfolge und keine Wiederholung.",
            "No well-known or easily guessed password, no keyboard run and no repetition.",
            None,
        ),
        Rule(
            "passwort-zu-einfach",
            "Nicht Ihre E-Mail-Adresse und nicht der Name dieses Dienstes.",
            "Not your e-mail address and not the name of this service.",
            None,
        ),
        Rule("passwort-wie-bisher", "Nicht Ihr bisheriges Passwort.", "Not your current password.", None),
    )


def normalise(password: str) -> str:
    """The form that is counted and hashed: NFC and nothing else, at set and at login alike (R33).

    What is too long to be anyone's password stays as it is: nobody can make us normalise a megabyte (R61, X24).
    """
    return unicodedata.normalize("NFC", password) if len(password) <= LONGEST_RAW else password


class Policy:
    """Accepts or refuses a new password (R30–R35); *context* holds the service's own names.

    Takes as long as the password is long and hard, which tells nothing to anyone but who typed it: it runs only for
    a live link. Nothing leaves the function (R40).
    """

    def __init__(self, minimum: int = 15, context: tuple[str, ...] = (), data: Path = DATA) -> None:
        if not 8 <= minimum <= 64:
            raise ValueError("the least length must lie between 8 and 64")
        self._minimum = minimum
        self._context = context
        self._data = data

    def check(self, password: str, username: str) -> None:
        """Raises Problem unless *password* is long enough and hard enough to guess for the account *username*."""
        text = normalise(password)
        if len(text) > MAXIMUM:
            raise Problem("passwort-zu-lang")
        if len(text) < self._minimum:
            raise Problem("passwort-zu-kurz")
        found = reason(text, username, self._context, read(self._data))
        if found:
            raise Problem("passwort-zu-einfach", detail=found)


@dataclass(frozen=True)
class Cost:
    """What one Argon2id hash costs whoever computes it."""

    memory_kib: int
    time: int
    parallelism: int


OWASP = Cost(memory_kib=19456, time=2, parallelism=1)  # the least of the Password Storage cheat sheet (R41)
CHEAPEST = Cost(memory_kib=8, time=1, parallelism=1)  # only for tests


class Hasher:
    """Argon2id over HMAC-SHA256 with the *pepper* (R41–R43): a stolen table alone cannot be guessed at.

    The HMAC makes every password 32 bytes long, so the hash takes the same time for all (R44, R47); Argon2id reads
    them in an order that depends on the password only after half of its first pass, and the library compares in
    constant time (R46).
    """

    def __init__(self, pepper: bytes, cost: Cost = OWASP) -> None:
        self._pepper = pepper
        self._cost = cost

    def hash(self, password: str, *, salt: bytes | None = None) -> str:
        """The PHC string to keep; *salt* is random unless a test gives it."""
        return self._argon2().hash(self._peppered(password), salt=salt)

    def verify(self, encoded: str, password: str) -> bool:
        """Whether *password* made *encoded*; a string that is no Argon2id hash is an error, not a wrong password."""
        from argon2.exceptions import VerifyMismatchError  # noqa: PLC0415  # only reset and login need it

        try:
            return self._argon2().verify(encoded, self._peppered(password))
        except VerifyMismatchError:
            return False

    def needs_rehash(self, encoded: str) -> bool:
        """Whether *encoded* was made at another cost than today's; login then hashes anew."""
        return self._argon2().check_needs_rehash(encoded)

    def dummy(self, password: str) -> None:
        """The same work as verify, for an account that does not exist (R47): against a string that nothing made."""
        cost = f"m={self._cost.memory_kib},t={self._cost.time},p={self._cost.parallelism}"
        self.verify(f"$argon2id$v=19${cost}${'A' * 22}${'A' * 43}", password)

    def _peppered(self, password: str) -> bytes:
        return hmac.digest(self._pepper, normalise(password).encode(errors="surrogatepass"), "sha256")

    def _argon2(self) -> "PasswordHasher":
        from argon2 import PasswordHasher  # noqa: PLC0415  # only reset and login need it

        return PasswordHasher(
            time_cost=self._cost.time,
            memory_cost=self._cost.memory_kib,
            parallelism=self._cost.parallelism,
        )
