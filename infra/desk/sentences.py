"""What a clerk is handed for each case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reset.mail_texts import TEXTS

if TYPE_CHECKING:
    from reset.accounts import Account
    from reset.mail_texts import Kind


@dataclass(frozen=True)
class Verdict:
    """*code* names the case for scripts; *sentence* is to be said, *advice* to be done."""

    code: str
    sentence: str
    advice: str = ""


QUOTES = '„“”"‟″＂〝〞«»‹›'
SEND = "Neue E-Mail schicken: desk send ADRESSE"


def quoted(text: str) -> str:
    """Words of others, with nothing in them that could end the quotation: no mail server speaks for the desk."""
    return f"„{text.translate(dict.fromkeys(map(ord, QUOTES)))}“"


def subject(account: Account, kind: Kind) -> str:
    """A mail's subject after the prefix, in the language that the person gets it in."""
    return TEXTS["en" if account.language == "en" else "de"][kind].subject
