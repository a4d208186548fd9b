"""The secrets: the key of the account ids, the pepper of the hashes, and what CloudFront says to prove itself."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

RELOAD = 60  # seconds between two looks for a rotated origin secret


def keyed_hash(key: bytes, kind: str, text: str) -> str:
    """Stands for an address, of mail or internet, wherever that need not be known: 32 hexadecimal digits."""
    return hmac.new(key, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()[:32]


class Keys:
    """One JSON secret: `account_key`, `pepper`, and `origin` with the current and the previous value (R43)."""

    def __init__(self, client: SecretsManagerClient, secret_id: str, now: Callable[[], float]) -> None:
        self._client = client
        self._secret_id = secret_id
        self._now = now
        self._load()

    def _load(self) -> None:
        secret = json.loads(self._client.get_secret_value(SecretId=self._secret_id)["SecretString"])
        self.account_key = secret["account_key"].encode()
        self.pepper = secret["pepper"].encode()
        self._origin = [value.encode() for value in secret["origin"] if value]
        self._loaded_at = self._now()

    def proves_origin(self, given: str) -> bool:
        """Whether a request came through our CloudFront distribution (R59, I16); follows a rotation by itself."""
        if self._knows(given):
            return True
        if self._now() - self._loaded_at < RELOAD:
            return False
        self._load()
        return self._knows(given)

    def _knows(self, given: str) -> bool:
        return any([hmac.compare_digest(given.encode(), value) for value in self._origin])  # noqa: C419  # constant time
