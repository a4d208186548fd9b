"""Many accounts at once, all alike: same length, same alphabet, same hash."""

from __future__ import annotations

import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from reset.accounts import account_id
from reset.timeline import stamp
from reset.values import write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .entry import Entry

PASSWORD = "Laterne Kiesel Wolke 41"  # noqa: S105  # a made-up account's
BATCH = 25


def new_name() -> str:
    """A username that nobody has."""
    return f"{secrets.token_hex(8)}@example.org"


def make(entry: Entry, count: int) -> list[str]:
    """Active accounts with PASSWORD; their usernames."""
    names = [new_name() for _ in range(count)]
    hashed = entry.service.hasher.hash(PASSWORD)
    now = int(time.time())
    accounts, hashes = [], []
    for name in names:
        identity = account_id(entry.service.keys.account_key, name)
        about = {"id": identity, "username": name, "address": name, "domain": "example.org", "name": "", "epoch": 1}
        accounts.append(about | {"language": "de", "status": "active", "created_at": now})
        hashes.append({"id": identity, "hash": hashed})
    put_all(entry, entry.settings.accounts_table, accounts)
    put_all(entry, entry.settings.passwords_table, hashes)
    return names


def make_events(entry: Entry, names: list[str], count: int) -> None:
    """Timeline events, spread over the accounts."""
    now = time.time()

    def events() -> Iterable[dict[str, Any]]:
        for number in range(count):
            account = account_id(entry.service.keys.account_key, names[number % len(names)])
            item = {"account": account, "at": f"{stamp(now - number / 10)}#BEN-CHX-{number:03d}#asked", "name": "asked"}
            yield item | {"vorgang": f"BEN-CHX-{number:03d}", "ttl": int(now) + 86400}

    put_all(entry, entry.settings.timeline_table, list(events()))


def put_all(entry: Entry, table: str, items: list[dict[str, Any]]) -> None:
    """Writes all items."""
    client: Any = entry.service.accounts.table.client
    batches = [items[start : start + BATCH] for start in range(0, len(items), BATCH)]

    def put(batch: list[dict[str, Any]]) -> None:
        puts = [{"PutRequest": {"Item": {name: write(value) for name, value in item.items()}}} for item in batch]
        for _ in range(5):
            left = client.batch_write_item(RequestItems={table: puts})["UnprocessedItems"]
            puts = left.get(table, [])
            if not puts:
                return
        raise RuntimeError(f"{table} did not take all items")

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(put, batches))
