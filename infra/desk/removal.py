"""`desk remove` and `desk export`: what the GDPR asks for (Art. 17 and 15)."""

from __future__ import annotations

import re
import time
import unicodedata
from typing import TYPE_CHECKING, Any

from reset.accounts import Accounts
from reset.table import transact
from reset.vorgang import new_vorgang

from .desk import DESK, username_of
from .excuses import broken_off
from .known import known
from .suppression import listed
from .traces import Traces, traces, without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable

    from .desk import Desk

WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")  # with its accents, where those are signs of their own
LETTERS = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
PART = 3  # letters of a name that may stand in a longer word; shorter ones stand alone
SETTLES = 3.0  # seconds after which a job or a log-in that was under way has left its traces


def remove(desk: Desk, address: str, why: str, sleep: Callable[[float], None] = time.sleep) -> dict[str, Any]:
    """Erases all of a person; run again after an interruption, it erases the rest. Sessions end with the account."""
    username = username_of(address)
    account = desk.id(username)
    there = Accounts.read(desk.accounts.get({"id": account}))
    left = traces(desk, account)
    if there is None and not left.resets and not left.events:
        known(desk, address, None)  # says so and names near addresses
    # Whose name nobody knows, or knows no longer, as above: it cannot be told from the other words.
    said = _nameless(why, username, there.name) if there and there.name else None
    vorgang = new_vorgang()
    proof = f"Ob das Konto schon gelöscht ist, zeigt der Löschnachweis: desk status {vorgang}."
    with broken_off(lambda: f"{proof} Derselbe Befehl löscht, was noch da ist."):
        transact(
            desk.accounts.client,
            ("Delete", desk.accounts.deleting({"id": account})),
            ("Delete", desk.passwords.deleting({"id": account})),
            ("Put", desk.logging(DESK, "Person gelöscht (Art. 17 DSGVO)", said, vorgang)),
        )
        left = _sweep(desk, account)
        sleep(SETTLES)
        late = _sweep(desk, account)
    return {
        "address": username,
        "vorgang": vorgang,
        "account": there is not None,
        "events": len(left.events) + len(late.events),
        "others": len(left.resets) + len(late.resets),
    }


def _nameless(why: str, username: str, name: str) -> str:
    """*why* without the address and each word that holds one of it or of the name, however it is spelt."""
    names = {way for word in WORD.findall(f"{username.rpartition('.')[0]} {name}") for way in _ways(word)}

    def hide(found: re.Match[str]) -> str:
        ways = _ways(found[0])
        return (
            "…" if names & ways or any(len(own) >= PART and own in way for own in names for way in ways) else found[0]
        )

    return WORD.sub(hide, re.sub(re.escape(username), "…", why, flags=re.IGNORECASE))


def _ways(word: str) -> set[str]:
    """*word* in small Latin letters without accents, and with umlauts written out or not."""
    decomposed = unicodedata.normalize("NFKD", word.lower().translate(LETTERS))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return {bare, re.sub("([aou])e", r"\1", bare)}


def _sweep(desk: Desk, account: str) -> Traces:
    left = traces(desk, account)
    for item in left.resets:
        desk.resets.delete({"pk": item["pk"]})
    for event in left.events:
        desk.events.delete({"account": account, "at": event["at"]})
    return left


def export(desk: Desk, address: str, why: str | None) -> dict[str, Any]:
    """Everything that is stored about a person, except secrets."""
    username = username_of(address)
    account = desk.id(username)
    stored, entry = desk.accounts.get({"id": account}) or {}, listed(desk, username)
    found = traces(desk, account)
    if not stored and not entry and not found.resets and not found.events:
        known(desk, address, why)  # says so and names near addresses
    desk.log(account, "Auskunft nach Art. 15 DSGVO", why)
    found = traces(desk, account)
    return {
        "account": {name: value for name, value in stored.items() if name != "id"},
        "pseudonym": account,
        "events": [{name: value for name, value in event.items() if name != "account"} for event in found.events],
        "others": [without_secrets(item) for item in found.resets],
        "suppression_list": entry,
        "not_included": "Passwort-Prüfwert und Prüfwerte von Links und Sitzungen: Geheimnisse, die niemand lesen darf;"
        " wer sonst noch versucht hat, sich anzumelden; Sicherungskopien, die nach höchstens 35 Tagen verfallen;"
        " Aufträge für E-Mails und Meldungen des Versanddienstes, die nicht verarbeitet werden konnten (höchstens 14"
        " Tage nach jedem Versuch); das technische Protokoll",
    }
