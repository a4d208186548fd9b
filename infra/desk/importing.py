"""`desk import`: what a file would do, and doing it; an account that is there stays as it is."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from .csv_lines import Sheet, read_sheet
from .csv_rows import Row, new_account, read_rows
from .reading import chunks, get_many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from .desk import Desk

BATCH = 100  # most items in a transaction
THREADS = 3
WRITER = "import"  # the name of each thread that writes


@dataclass(frozen=True)
class Plan:
    """What a file means: *fresh* rows to write, *there* are known already, *differing* of them say something else."""

    sheet: Sheet
    fresh: list[Row]
    there: int
    differing: list[Row]


def plan(desk: Desk, path: Path, seen: Callable[[int, int], None]) -> Plan:
    """Reads and checks the file and compares it with what is there; writes nothing. *seen* is told the progress."""
    sheet = read_sheet(path)
    rows = read_rows(sheet)
    ids = {desk.id(row.username): row for row in rows}
    known: dict[str, Any] = {}
    asked = "id, #name, #language, #status"
    for part in chunks(ids, 2000):
        known |= {item["id"]: item for item in get_many(desk.accounts, ({"id": each} for each in part), asked)}
        seen(len(part), len(ids))
    fresh = [row for identity, row in ids.items() if identity not in known]
    differing = [ids[identity] for identity, item in known.items() if _differs(ids[identity], item)]
    return Plan(sheet, fresh, len(known), differing)


def _differs(row: Row, item: dict[str, Any]) -> bool:
    """Whether the file says something else; a person who finished the registration is no contradiction to `invited`."""
    status = {row.status, str(item["status"])}
    return (row.name, row.language) != (item.get("name", ""), item["language"]) or (
        len(status) > 1 and status != {"invited", "active"}
    )


def write(desk: Desk, rows: list[Row], written: Callable[[int], None]) -> int:
    """Writes the rows in transactions of a hundred; returns how many there were before us after all.

    Broken off, it waits for those on their way, so that *written* is told of each that went through.
    """
    batches = chunks(rows, BATCH)
    late = 0

    def one(batch: list[Row]) -> int:
        lost = _write_batch(desk, batch)
        written(len(batch))
        return lost

    try:
        with ThreadPoolExecutor(THREADS, WRITER) as pool:
            while group := list(islice(batches, THREADS * 2)):
                late += sum(pool.map(one, group))
    finally:  # Ctrl-C while a thread starts: the pool waits only for those that it has noted
        for thread in threading.enumerate():
            if thread.name.startswith(WRITER):
                thread.join()
    return late


def _write_batch(desk: Desk, rows: Iterable[Row]) -> int:
    """All rows of a batch, save those that somebody else wrote in between; returns how many these are."""
    puts = [
        {"Put": desk.accounts.putting(new_account(desk.key, row, desk.now(), desk.who), "attribute_not_exists(id)")}
        for row in rows
    ]
    late = 0
    while puts:
        try:
            desk.accounts.client.transact_write_items(TransactItems=puts)  # type: ignore[arg-type]
        except ClientError as error:
            reasons = error.response.get("CancellationReasons", [])
            codes = [str(each.get("Code")) for each in reasons]
            if not set(codes) & {"ConditionalCheckFailed", "TransactionConflict"}:
                raise
            late += codes.count("ConditionalCheckFailed")
            puts = [put for put, code in zip(puts, codes, strict=True) if code != "ConditionalCheckFailed"]
        else:
            break
    return late
