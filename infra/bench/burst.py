"""Everybody at once: many forgot in ten seconds, then every mail exactly once."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx

from . import http_client
from .accounts import make
from .numbers import percentile
from .report import heading, say, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .entry import Entry

PATIENCE = 240  # seconds for the worker


def measure(entry: Entry, session: Any, outputs: Mapping[str, Any], port: int, count: int) -> None:
    """The table."""
    names, queue = make(entry, count), session.client("sqs")
    started = time.monotonic()

    def ask(number: int) -> tuple[int, float]:
        time.sleep(max(0.0, started + number * 10 / count - time.monotonic()))
        return http_client.post(port, "/api/forgot", {"username": names[number]})

    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(ask, range(count)))
    answered = time.monotonic() - started
    mails = await_mails(port, set(names), started)
    drained = time.monotonic() - started
    left = [_depth(queue, outputs[name]) for name in ("MailQueue", "DeadMailQueue")]
    times = [took for _, took in answers]
    heading("Burst")
    say(f"{count} forgot from {count} addresses, within 10 s; clients, emulator and functions share the machine.\n")
    rows = [
        (
            "answers",
            ", ".join(f"{status}: {many}" for status, many in Counter(s for s, _ in answers).items()),
            f"202: {count}",
        ),
        ("all answered after", f"{answered:.1f} s ({count / answered:.0f} a second)", ""),
        ("answer p50 / p99", f"{percentile(times, 0.5):.0f} / {percentile(times, 0.99):.0f} ms", ""),
        ("mails: accounts without, twice", f"{count - len(mails)}, {sum(n > 1 for n in mails.values())}", "0, 0"),
        ("last mail after", f"{drained:.1f} s ({len(mails) / drained:.0f} a second)", ""),
        ("left in queue, given up", f"{left[0]}, {left[1]}", "0, 0"),
    ]
    table(("", "measured", "goal"), rows)


def await_mails(port: int, names: set[str], started: float) -> Counter[str]:
    """How many mails each of *names* has, as soon as all have one or PATIENCE is over."""
    while True:
        found = httpx.get(f"http://127.0.0.1:{port}/_inbox/messages.json", timeout=60).json()
        mails = Counter(mail["to"] for mail in found if mail["to"] in names)
        if len(mails) == len(names) or time.monotonic() - started > PATIENCE:
            return mails
        time.sleep(0.5)


def _depth(queue: Any, url: str) -> int:
    kinds = (
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
    )
    for _ in range(10):  # the last message is deleted a moment after its mail
        values = queue.get_queue_attributes(QueueUrl=url, AttributeNames=list(kinds))["Attributes"]
        depth = sum(int(values.get(kind, 0)) for kind in kinds)
        if not depth:
            break
        time.sleep(1)
    return depth
