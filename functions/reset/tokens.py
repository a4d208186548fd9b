"""Secrets that are handed out: random, kept only as a digest."""

import hashlib
import re
import secrets

TYPED_MOST = 2048  # characters: a whole mail, or a link that a mail gateway packed into its own
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """32 random bytes as 43 URL-safe characters (OWASP Forgot Password; ASVS 11.5.1)."""
    return secrets.token_urlsafe(32)


def typed(text: str, page: str) -> str:
    """The token in what somebody pasted: behind the address of *page*, else the only one there is, else all of it.

    The whole mail holds a second link, to another page; "Safe Links" hold the mail's link with its signs encoded.
    """
    plain = text.replace("%2F", "/").replace("%2f", "/").replace("%23", "#")
    if link := re.search(rf"{page}#({_SHAPE.pattern})", plain):
        return link[1]
    alone = set(filter(is_token, re.split(r"[^A-Za-z0-9_-]+", plain)))
    return alone.pop() if len(alone) == 1 else text.strip()


def is_token(text: str) -> bool:
    """Whether *text* has the shape of a token."""
    return _SHAPE.fullmatch(text) is not None


def digest(token: str) -> str:
    """SHA-256 of *token*, in hex: all that is ever stored and looked up (ASVS 6.5.2, 11.2.4)."""
    return hashlib.sha256(token.encode()).hexdigest()
