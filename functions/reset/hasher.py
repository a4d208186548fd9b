"""How a password is kept."""

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .passwords import normalise

if TYPE_CHECKING:
    from argon2 import PasswordHasher


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
