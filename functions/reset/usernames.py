"""The one way an e-mail address becomes a username: at import, look-up and limit alike."""

import re
import unicodedata

from .errors import Problem

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
# What comes along when an address is copied: blanks, joiners and direction marks that nobody sees.
UNSEEN = (
    " \t\u00a0\u202f\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs to Unicode, and nothing to a reader


def canonical(text: str) -> str:
    """The username for a typed address: what is UNSEEN at its ends off, in lower case, the domain in punycode.

    Raises Problem `eingabe-ungueltig` at the field. Letters that only look alike (ı, ſ, K, ß: CVE-2019-19844) are
    never folded.
    """
    text = text.strip(UNSEEN)
    local, _, domain = text.rpartition("@")
    domain = _ascii_domain("".join(map(_small, domain)))
    if (
        len(local) > 64
        or len(local) + len(domain) > 253
        or not _LOCAL.fullmatch(local)
        or not _DOMAIN.fullmatch(domain)
    ):
        raise Problem("eingabe-ungueltig", field="username")
    return f"{local.lower()}@{domain}"


def _small(char: str) -> str:
    """A domain has no case; but what is small only as ASCII, such as the Kelvin sign, or as two letters, stays."""
    small = char.lower()
    return small if char.isascii() or (len(small) == 1 and not small.isascii()) else char


def _ascii_domain(domain: str) -> str:
    """*domain* in punycode; "" where it is too long or another spelling of a different one."""
    if domain.isascii():
        return domain
    if len(domain) > 253 or domain != domain.lower() or not unicodedata.is_normalized("NFC", domain):
        return ""
    try:
        coded = domain.encode("idna")
        same = coded.decode("idna") == domain  # a label that was typed as `xn--…` may be no punycode at all
    except UnicodeError:
        return ""
    return coded.decode() if same else ""
