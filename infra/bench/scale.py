"""Whether full tables slow anybody down: empty and full ones side by side, in turn."""

from __future__ import annotations

import secrets
import statistics
import time
from typing import TYPE_CHECKING, Any

from .accounts import PASSWORD, make, make_events
from .entry import Entry
from .report import heading, say, table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TABLES = ("AccountsTable", "PasswordsTable", "ResetsTable", "TimelineTable")


def twin(dynamodb: Any, outputs: Mapping[str, Any], suffix: str) -> dict[str, str]:
    """Tables with the same keys and indexes as the product's, and nothing in them."""
    names = {}
    for table_name in TABLES:
        found = dynamodb.describe_table(TableName=outputs[table_name])["Table"]
        names[table_name] = f"bench-{suffix}-{table_name}"
        indexes = [
            {name: index[name] for name in ("IndexName", "KeySchema", "Projection")}
            for index in found.get("GlobalSecondaryIndexes", [])
        ]
        dynamodb.create_table(
            TableName=names[table_name],
            KeySchema=found["KeySchema"],
            AttributeDefinitions=found["AttributeDefinitions"],
            BillingMode="PAY_PER_REQUEST",
            **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
        )
    return names


def measure(session: Any, outputs: Mapping[str, Any], accounts: int, events: int, rounds: int) -> None:
    """The table."""
    dynamodb = session.client("dynamodb")
    empty = Entry(outputs, twin(dynamodb, outputs, "empty"))
    full = Entry(outputs, twin(dynamodb, outputs, "full"))
    started = time.monotonic()
    names = make(full, accounts)
    make_events(full, names, events)
    few = make(empty, rounds)
    heading("Scale")
    say(f"{accounts:,} accounts and {events:,} timeline events against {rounds} accounts and none, in turn")
    say(f"(seeded in {time.monotonic() - started:.0f} s; --full takes 100,000 and 1,000,000).\n")
    table(("request", "ms, nearly empty", "ms, full", "full / empty (goal 0.90–1.10)"), _rows(empty, full, few, names))


def _rows(empty: Entry, full: Entry, few: list[str], names: list[str]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for what, form in _forms().items():
        one: list[float] = []
        other: list[float] = []
        for poor, rich in zip(few, names, strict=False):
            for entry, name, times in ((empty, poor, one), (full, rich, other)):
                started = time.perf_counter()
                entry.post(f"/api/{what}", form(name))
                times.append(1000 * (time.perf_counter() - started))
        quotient = statistics.median(b / a for a, b in zip(one, other, strict=True))
        rows.append((what, f"{statistics.median(one):.1f}", f"{statistics.median(other):.1f}", f"{quotient:.2f}"))
    return rows


def _forms() -> dict[str, Callable[[str], dict[str, str]]]:
    token = secrets.token_urlsafe(32)
    new = {"token": token, "new_password": PASSWORD, "confirm": PASSWORD}
    return {
        "forgot": lambda name: {"username": name},
        "reset": lambda name: {"username": name, **new},
        "login": lambda name: {"username": name, "password": PASSWORD},
    }
