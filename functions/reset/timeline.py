"""What happened to a customer's request, for the desk: events under the account's keyed hash, for a short time."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from .table import Operation, Table

Name = Literal[
    "asked",
    "limited",
    "unknown",
    "paused",
    "undeliverable",
    "superseded",
    "mailed",
    "delivered",
    "delayed",
    "bounced",
    "complained",
    "rejected",
    "refused",
    "changed",
    "not-me",
    "desk",
]


def stamp(seconds: float) -> str:
    """A UTC time as sortable text, to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Timeline:
    """The timeline table. The same event written twice is one event."""

    def __init__(self, table: Table, now: Callable[[], float], days: int) -> None:
        self.table = table
        self.now = now
        self.days = days

    def add(self, account: str, vorgang: str, name: Name, detail: str | None = None, **more: str | None) -> None:
        """Writes one event; *more* may hold mail, domain or by, never an address."""
        self.table.put(self._item(account, vorgang, name, detail, self.now(), **more))

    def add_at(
        self, seconds: float, account: str, vorgang: str, name: Name, detail: str | None = None, **more: str | None
    ) -> None:
        """Writes an event that happened at *seconds*, told late or out of order."""
        self.table.put(self._item(account, vorgang, name, detail, seconds, **more))

    def adding(
        self, account: str, vorgang: str, name: Name, detail: str | None = None, **more: str | None
    ) -> Operation:
        """One event as part of a transaction."""
        return self.table.putting(self._item(account, vorgang, name, detail, self.now(), **more))

    def _item(
        self, account: str, vorgang: str, name: Name, detail: str | None, seconds: float, **more: str | None
    ) -> dict[str, object]:
        at = stamp(seconds)
        return {
            "account": account,
            "at": f"{at}#{vorgang}#{name}",
            "vorgang": vorgang,
            "name": name,
            "detail": detail,
            "ttl": int(seconds) + self.days * 86400,
            **more,
        }
