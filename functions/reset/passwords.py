"""What a password must be."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from .blocklist import DATA, read
from .errors import Problem
from .reasons import REASONS, reason
from .vorgang import parse_vorgang

__all__ = ["MAXIMUM", "REASONS", "Policy", "Rule", "normalise", "rules"]

MAXIMUM = 128
# The longest that NFC can shorten to MAXIMUM: no character decomposes into more than four code points.
LONGEST_RAW = 4 * MAXIMUM
MAILED = re.compile("/(neues-passwort|das-war-ich-nicht)/(#|%23)", re.IGNORECASE)
ALONE = re.compile(r"(?<![\w-])[\w-]{43}(?![\w=-])", re.ASCII)  # base64 of 32 bytes ends in "=", none of ours does
NUMBER = re.compile(r"(?<![^\W_])\w{3}-\w{3}-\w{3}(?![^\W_])")
PART = 15  # characters of the code that nobody can have thought of


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

    def check(self, password: str, username: str, token: str = "") -> None:
        """Raises Problem unless *password* is long enough and hard enough to guess for the account *username*.

        It must not be what stands in a mail, the *token* or a part of it, a link, a Vorgangsnummer: the mailbox keeps
        those.
        """
        text = normalise(password)
        if len(text) > MAXIMUM:
            raise Problem("passwort-zu-lang")
        if len(text) < self._minimum:
            raise Problem("passwort-zu-kurz")
        found = "code" if _mailed(text, token) else reason(text, username, self._context, read(self._data))
        if found:
            raise Problem("passwort-zu-einfach", detail=found)


def _mailed(text: str, token: str) -> bool:
    """Whether *text* holds a link of a mail, a Vorgangsnummer, some of the *token* at hand, or what looks like one."""
    small, code = text.lower(), token.lower()
    parts = {code[start : start + PART] for start in range(len(code) - PART + 1)}
    # Words have few digits, and managers' passwords of exactly this length are rare.
    alone = any(len(re.findall("[0-9]+", run)) > 2 and run != run.lower() for run in ALONE.findall(text))
    # Three short words may look like one, but have no digit.
    numbers = any(parse_vorgang(found) for found in NUMBER.findall(text) if re.search("[0-9]", found))
    return alone or numbers or bool(MAILED.search(text)) or any(part in small for part in parts)
