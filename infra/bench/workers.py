"""The queue's side: stopping it while the web entry is measured, and how fast it drains with more workers."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .accounts import make
from .burst import await_mails
from .report import heading, say, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .entry import Entry

CONCURRENCY = (2, 4, 10)  # AWS takes no less than two; the template's own comes last and stays
SETTLED = 2  # seconds until the emulator's poller has seen a change and ended its batch


@contextmanager
def paused(session: Any, outputs: Mapping[str, Any], *, purge: bool) -> Iterator[None]:
    """No job is worked off inside; with *purge* what came meanwhile is thrown away, else it is worked off after."""
    _set(session, outputs, Enabled=False)
    try:
        yield
        if purge:
            session.client("sqs").purge_queue(QueueUrl=outputs["MailQueue"])
    finally:
        _set(session, outputs, Enabled=True)


def measure(entry: Entry, session: Any, outputs: Mapping[str, Any], port: int, count: int) -> None:
    """The table: *count* jobs wait, then so many workers at most take them."""
    heading("Throughput by workers")
    say(f"{count} jobs wait, each for an account of its own; emulator and workers share this machine's cores.\n")
    table(("workers at most", "mails a second", "last mail after"), _rows(entry, session, outputs, port, count))


def _rows(
    entry: Entry, session: Any, outputs: Mapping[str, Any], port: int, count: int
) -> Iterator[tuple[object, ...]]:
    for most in CONCURRENCY:
        _set(session, outputs, ScalingConfig={"MaximumConcurrency": most})
        names = make(entry, count)
        with paused(session, outputs, purge=False):
            for name in names:
                entry.post("/api/forgot", {"username": name})
            time.sleep(SETTLED)
            started = time.monotonic()
        await_mails(port, set(names), started)
        took = time.monotonic() - started
        yield most, f"{count / took:.0f}", f"{took:.1f} s"


def _set(session: Any, outputs: Mapping[str, Any], **change: Any) -> None:
    client = session.client("lambda")
    queue = session.client("sqs").get_queue_attributes(QueueUrl=outputs["MailQueue"], AttributeNames=["QueueArn"])
    found = client.list_event_source_mappings(EventSourceArn=queue["Attributes"]["QueueArn"])["EventSourceMappings"]
    for mapping in found:
        client.update_event_source_mapping(UUID=mapping["UUID"], **change)
    time.sleep(SETTLED if change.get("Enabled") is False else 0)
