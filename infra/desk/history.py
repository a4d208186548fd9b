"""What the timeline holds about a person: read in any order, told in the right one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from reset.errors import CODES

from .reading import query
from .sentences import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reset.table import Item

    from .desk import Desk

MAILS = {
    "reset": "Passwort zurücksetzen",
    "finish": "Registrierung abschließen",
    "locked": "Konto gesperrt",
    "changed": "Passwort geändert",
}
WORDS = {
    "limited": "keine E-Mail: zu viele Anforderungen in kurzer Zeit",
    "unknown": "keine E-Mail: unter der eingegebenen Adresse gibt es kein Konto",
    "paused": "keine E-Mail: pausiert nach „Das war ich nicht“",
    "undeliverable": "keine E-Mail: die Adresse gilt als unzustellbar",
    "superseded": "keine E-Mail: überholt von einer neueren Anforderung, oder danach endeten alle Links",
    "delivered": "vom Mailserver des Empfängers angenommen",
    "answered": "automatische Antwort des Empfängers, etwa eine Abwesenheitsnotiz",
    "changed": "Passwort geändert",
    "not-me": "„Das war ich nicht“ gedrückt",
}
# What anybody can have written about anybody: it must not push the rest off the clerk's screen.
ANYBODYS = ("asked", "limited", "unknown", "paused", "undeliverable", "superseded", "refused")
THEIRS = ("bounced", "complained")
NEWEST = 50  # of all events, and these besides: what only the owner, SES or the desk can have written
TROUBLE = {
    "delayed": "Zustellung verzögert",
    "bounced": "abgelehnt vom Mailserver des Empfängers",
    "complained": "als Spam gemeldet",
    "rejected": "von unserem Versanddienst abgelehnt",
}
OURS = ("InternalFailure", "SendingDeferral")  # delays that SES makes itself
KEPT_BACK = "nicht verschickt: auf der Sperrliste unseres Versanddienstes"


@dataclass(frozen=True)
class Event:
    """One event; *at* in epoch seconds."""

    at: float
    vorgang: str
    name: str
    account: str = ""
    detail: str | None = None
    mail: str | None = None
    domain: str | None = None
    by: str | None = None
    why: str | None = None
    answer: str | None = None
    mta: str | None = None

    @classmethod
    def read(cls, item: Item) -> Event:
        """The event in a stored item."""
        known: dict[str, Any] = {name: item[name] for name in cls.__dataclass_fields__ if name in item}
        at = datetime.fromisoformat(item["at"].partition("#")[0]).timestamp()
        return cls(**known | {"at": at})

    @property
    def ours(self) -> bool:
        """Whether SES itself kept the mail back: the receiving server knows nothing of it."""
        return self.detail in OURS or "Suppress" in (self.detail or "")

    @property
    def text(self) -> str:
        """The event in a clerk's words."""
        if self.name == "asked":
            return f"Link angefordert{' (vom Service Desk)' if self.by == 'desk' else ''}"
        if self.name == "mailed":
            return f"E-Mail „{MAILS.get(self.mail or '', self.mail)}“ verschickt"
        if self.name == "refused":
            return f"neues Passwort abgelehnt: {reason(self.detail)}"
        if self.name == "desk":
            why = f", Grund: {quoted(self.why)}" if self.why else ""
            return f"Service Desk: {self.detail} ({self.by}){why}"
        if self.name in TROUBLE:
            word = KEPT_BACK if self.name == "bounced" and self.ours else TROUBLE[self.name]
            parts = [*([self.detail] if self.detail else []), *([quoted(self.answer)] if self.answer else [])]
            return word + (f" ({'; '.join(parts)})" if parts else "")
        return WORDS.get(self.name, self.name)


def reason(code: str | None) -> str:
    """Why a password or link was refused, in a few words."""
    if code == "link-ungueltig":
        return "Link ungültig"
    return CODES[code].de.partition(".")[0] if code in CODES else str(code)


def ordered(items: Iterable[Item]) -> tuple[Event, ...]:
    """The events by time; one that was told twice counts once.

    What the receiving server says of a mail, by its own clock, comes after the mail.
    """
    found = sorted(dict.fromkeys(map(Event.read, items)), key=lambda event: event.at)
    went = {(event.vorgang, event.mail): event.at for event in found if event.name in ("mailed", "delivered")}
    arrived = {event.vorgang for event in found if event.name == "delivered"}
    told = []
    for event in found:
        at = max(event.at, went.get((event.vorgang, event.mail), 0)) if event.name in THEIRS else event.at
        told.append(replace(event, at=at, name="answered" if _answered(event, arrived) else event.name))
    return tuple(sorted(told, key=lambda event: (event.at, event.name in (*THEIRS, "answered"))))


def _answered(event: Event, arrived: set[str]) -> bool:
    """Whether a bounce is an automatic answer to a mail that arrived: SES calls an absence note `General`, too.

    A server that gave up later says why (SES's `diagnosticCode`); an absence note has no such code.
    """
    general = event.name == "bounced" and event.detail == "Transient/General"
    return general and not event.answer and event.vorgang in arrived


def shortened(events: tuple[Event, ...], vorgang: str | None) -> list[Event]:
    """The events for a clerk's screen: the newest, those of *vorgang*, and all that not anybody can have written."""
    old = events[:-NEWEST]
    return [each for each in old if each.name not in ANYBODYS or each.vorgang == vorgang] + list(events[-NEWEST:])


def kept(desk: Desk, items: Iterable[Item]) -> Iterator[Item]:
    """The items whose time is not over: DynamoDB deletes them some days later."""
    return (item for item in items if int(item["ttl"]) > desk.now())


def of_account(desk: Desk, account: str) -> tuple[Event, ...]:
    """Everything that is kept about one account."""
    return ordered(kept(desk, query(desk.events, "account = :account", {"account": account})))


def account_of(desk: Desk, vorgang: str) -> str | None:
    """The account id that a Vorgangsnummer belongs to."""
    found = kept(desk, query(desk.events, "vorgang = :vorgang", {"vorgang": vorgang}, index="by-vorgang"))
    return next((str(item["account"]) for item in found), None)
