"""Everything that is stored about one person outside the accounts table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .reading import query, scan

if TYPE_CHECKING:
    from reset.table import Item

    from .desk import Desk

KINDS = {
    "reset": "Link-Anforderung",
    "session": "Sitzung",
    "notme": "„Das war ich nicht“-Link",
    "mails": "E-Mail-Zähler",
    "backoff": "Wartezeit nach Fehlversuchen",
    "changed": "Änderungsnachweis",
}
SECRET = ("links", "older", "hash", "tries")  # the last: who else tried is nobody's data but theirs


@dataclass(frozen=True)
class Traces:
    """The items in the resets table and the events."""

    resets: list[Item]
    events: list[Item]


def traces(desk: Desk, account: str) -> Traces:
    """Reads the whole resets table once: sessions and "not me" links are stored under digests, not under the person."""
    fits = "#account = :id OR contains(pk, :id)"
    return Traces(
        list(scan(desk.resets, fits, {"id": account})),
        list(query(desk.events, "account = :id", {"id": account})),
    )


def without_secrets(item: Item) -> Item:
    """The item as its owner may see it: no digest, neither of a link nor in a key."""
    kind = str(item["pk"]).partition("#")[0]
    kept = {name: value for name, value in item.items() if name not in (*SECRET, "pk", "account")}
    return {"kind": KINDS.get(kind, kind), **kept}
