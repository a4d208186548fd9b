"""`desk status`: one look at a person or a Vorgang, and the sentence for the caller."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from reset.accounts import Accounts
from reset.clock import german_time
from reset.vorgang import parse_vorgang

from .case import Case
from .case_text import show
from .desk import DESK, username_of
from .faults import DONE, NOT_FOUND, bad_input, not_found
from .history import account_of, of_account
from .near import near
from .suppression import listed
from .verdict import verdict

if TYPE_CHECKING:
    from .desk import Desk
    from .output import Output


@dataclass(frozen=True)
class Asked:
    """What the clerk typed: an address or a Vorgangsnummer, and the account id behind it."""

    account: str
    username: str | None = None
    vorgang: str | None = None
    notes: list[str] = field(default_factory=list)


def status(desk: Desk, out: Output, words: list[str], why: str | None = None, *, every: bool = False) -> int:
    """Shows the account, its time line and what to say; 3 where there is no account.

    The whole time line is read even where only its end is shown: the sentence may hang on an old entry.
    """
    asked = find(desk, " ".join(words))
    if asked.account == DESK:
        return _own(desk, out, str(asked.vorgang), why)
    stored = desk.accounts.get({"id": asked.account}) or {}
    account = Accounts.read(stored or None)
    case = Case(account, stored, of_account(desk, asked.account), desk.now(), desk.facts)
    username = account.username if account else asked.username
    close = near(desk, username) if username and account is None else []
    desk.log(asked.account, "Auskunft", why, asked.vorgang)
    notes = asked.notes + _notes(desk, case)
    show(out, case, username, close, notes, asked.vorgang, every=every)
    out.result(
        {
            "address": username,
            "vorgang": asked.vorgang,
            "known": account is not None,
            "account": None if account is None else _public(case),
            "near": close,
            "verdict": asdict(verdict(case)),
            "notes": notes,
            "events": [asdict(event) | {"text": event.text} for event in case.events],
        }
    )
    return NOT_FOUND if account is None else DONE


def _own(desk: Desk, out: Output, vorgang: str, why: str | None) -> int:
    """The record of what the desk did to nobody in particular: an erasure, an import."""
    events = [event for event in of_account(desk, DESK) if event.vorgang == vorgang]
    desk.log(DESK, "Auskunft", why, vorgang)
    out.say(f"Vorgang {vorgang}: eine Aufzeichnung des Service Desks, über keine Person", "bold")
    out.table(("Zeit", "Was geschah"), [(german_time(event.at).replace(" um ", " "), event.text) for event in events])
    out.result({"vorgang": vorgang, "events": [asdict(event) | {"text": event.text} for event in events]})
    return DONE


def find(desk: Desk, text: str) -> Asked:
    """The account that an address or a Vorgangsnummer means."""
    text = text.strip()
    if "@" in text:
        username = username_of(text)
        return Asked(desk.id(username), username)
    vorgang = parse_vorgang(re.sub(r"[–—_./]", "-", text))
    if vorgang is None:
        raise bad_input(_no_vorgang(text))
    account = account_of(desk, vorgang)
    if account is None:
        raise not_found(
            f"Zum Vorgang {vorgang} ist nichts gespeichert: er ist älter als {desk.facts['retention_days']} Tage,"
            " wurde abgewiesen, bevor etwas geschah, oder gehört zu einer Anmeldung. Sprach die Seite von einer"
            " Störung? Dann die Nummer dem Betrieb melden. Sonst fragen Sie nach der E-Mail-Adresse und suchen damit."
        )
    return Asked(account, vorgang=vorgang)


def _no_vorgang(text: str) -> str:
    parts = re.split(r"[\s\-–—_./]+", text)
    signs = "".join(parts)
    if len(signs) != 9 or {len(part) for part in parts} - {3, 9} or not signs.isascii() or not signs.isalnum():
        return f"„{text[:40]}“ ist weder eine E-Mail-Adresse noch eine Vorgangsnummer (neun Zeichen, wie K7M-2QX-9RT)."
    if odd := sorted({sign for sign in signs.upper() if sign in "01IO"}):
        return (
            f"Verhört: In einer Vorgangsnummer gibt es kein {' und kein '.join(odd)}. Lassen Sie sie noch einmal lesen."
        )
    return (
        f"Verhört oder vertippt: Bei {text[:40]} stimmt das Prüfzeichen nicht. Lassen Sie die Nummer noch einmal lesen."
    )


def _notes(desk: Desk, case: Case) -> list[str]:
    """What else a clerk should know."""
    account = case.account
    if account is None:
        return []
    notes = []
    notes += _login_waits(desk, account.id, case.now)
    if account.undeliverable and (entry := listed(desk, account.address)):
        notes.append(f"Auf der Sperrliste unseres Versanddienstes: {entry}.")
    if case.taken_over:
        notes.append("Vor „Das war ich nicht“ wurde das Passwort geändert: es kann ein fremdes sein. Fragen Sie nach.")
    if len(case.named("not-me")) > 1:
        notes.append(f"„Das war ich nicht“ wurde {len(case.named('not-me'))}-mal gedrückt.")
    return notes


def _login_waits(desk: Desk, account: str, now: float) -> list[str]:
    """The wait of everybody, else of the one address that has to wait longest (R48)."""
    item = desk.resets.get({"pk": f"backoff#login#{account}"}) or {"until": 0, "tries": {}}
    wait = max((int(each["until"]) for each in item["tries"].values()), default=0)
    if (common := int(item["until"])) > now:
        more = f", von einer Internetadresse erst ab {german_time(wait)}" if wait > common else ""
        return [f"Zu viele falsche Anmeldungen: die nächste geht ab {german_time(common)}{more}."]
    if wait > now:
        told = "Zu viele falsche Anmeldungen von einer Internetadresse: von dort geht die nächste ab"
        return [f"{told} {german_time(wait)}, von anderen sofort."]
    return []


def _public(case: Case) -> dict[str, Any]:
    return {name: value for name, value in case.stored.items() if name != "id"}
