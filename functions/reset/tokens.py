"""Secrets that are handed out: random, kept only as a digest."""

import hashlib
import re
import secrets

_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """32 random bytes as 43 URL-safe characters (OWASP Forgot Password; ASVS 11.5.1)."""
    return secrets.token_urlsafe(32)


def typed(text: str) -> str:
    """The token in what somebody pasted: maybe the mail's whole link, maybe with blanks around it."""
    return text.strip().rpartition("#")[2]


def is_token(text: str) -> bool:
    """Whether *text* has the shape of a token."""
    return _SHAPE.fullmatch(text) is not None


def digest(token: str) -> str:
    """SHA-256 of *token*, in hex: all that is ever stored and looked up (ASVS 6.5.2, 11.2.4)."""
    return hashlib.sha256(token.encode()).hexdigest()
