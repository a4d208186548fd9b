"""Secrets that are handed out: random, kept only as a digest."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable

_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """32 random bytes as 43 URL-safe characters (OWASP Forgot Password; ASVS 11.5.1)."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether *text* has the shape of a token."""
    return _SHAPE.fullmatch(text) is not None


def digest(token: str) -> str:
    """SHA-256 of *token*, in hex: all that is ever stored (ASVS 6.5.2)."""
    return hashlib.sha256(token.encode()).hexdigest()


def matches(token_digest: str, stored: Iterable[str]) -> bool:
    """Whether one of the *stored* digests is this one, compared in constant time."""
    return any([hmac.compare_digest(token_digest, each) for each in stored])  # noqa: C419  # no early exit
