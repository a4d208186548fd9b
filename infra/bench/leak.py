"""Whether the time of an answer tells who has an account: pairs in turn, at the function's entry and over HTTP."""

from __future__ import annotations

import random
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from . import http_client, workers
from .accounts import make, new_name
from .numbers import Pairs, auc_interval, percentile
from .report import heading, say, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .entry import Entry
    from .sizes import Sizes

Send = Callable[[str], object]
WRONG = "Falsches Kennwort 77"


def collect(known: list[str], unknown: list[str], before: Send, timed: Send, more: float = 0.0) -> Pairs:
    """Times one request for each; *more* milliseconds are added to the known ones by working: a control."""
    found, chance = Pairs(), random.Random(3)  # noqa: S311  # no secret
    for one, other in zip(known, unknown, strict=True):
        for name in chance.sample((one, other), 2):
            before(name)
            clock, cpu = time.perf_counter(), time.process_time()
            timed(name)
            if name == one:
                _work(more)
            took, worked = 1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - cpu)
            (found.known if name == one else found.unknown).append(took)
            (found.known_cpu if name == one else found.unknown_cpu).append(worked)
    return found


def _work(milliseconds: float) -> None:
    end = time.perf_counter() + milliseconds / 1000
    while time.perf_counter() < end:
        pass


def row(name: str, where: str, found: Pairs) -> tuple[object, ...]:
    """One line of the table."""
    raw, calm = auc_interval(found), auc_interval(found.still())
    shift = found.smallest_shift()
    middle = f"{statistics.median(found.known):.1f} / {statistics.median(found.unknown):.1f}"
    tail = f"{percentile(found.known, 0.99):.0f} / {percentile(found.unknown, 0.99):.0f}"
    cpu = f"{sum(found.known_cpu) / sum(found.unknown_cpu):.3f}" if where == "entry" else "–"
    show = "{:.3f} [{:.3f}–{:.3f}]".format
    return name, where, len(found.known), middle, tail, show(*raw), show(*calm), shift or "none", cpu


HEAD = (
    "request",
    "where",
    "pairs",
    "p50 ms known / unknown",
    "p99 ms",
    "AUC [95 %]",
    "AUC, drift divided out",
    "smallest shift seen, ms",
    "CPU known / unknown",
)


def measure(entry: Entry, session: Any, outputs: Mapping[str, Any], port: int, size: Sizes) -> None:
    """The table: forgot, login, wrong token and a GET right after, each for accounts that are used only once.

    At the entry the worker rests, for its load would hide a leak of the entry; over HTTP it works.
    """
    heading("Does the time tell who has an account?")
    say("0.50 tells nothing. A figure counts only with the shift that it could have seen; goal 0.50 ± 0.02,")
    say("0.2 ms at the entry, 1 ms over HTTP. Two controls: requests that do not differ, and a leak built in.\n")
    table(
        HEAD,
        chain(
            _entry_rows(entry, session, outputs, size.inside), _rows(entry, "HTTP", size.outside, _outside(port), 1.0)
        ),
    )


def _entry_rows(entry: Entry, session: Any, outputs: Mapping[str, Any], count: int) -> Iterator[tuple[object, ...]]:
    with workers.paused(session, outputs, purge=True):
        yield from _rows(entry, "entry", count, _inside(entry), 0.2)


def _rows(
    entry: Entry, where: str, count: int, requests: dict[str, tuple[Send, Send]], more: float
) -> Iterator[tuple[object, ...]]:
    """Line by line, each printed as soon as it is measured."""
    for name, (before, timed) in requests.items():
        found = collect(make(entry, count), [new_name() for _ in range(count)], before, timed)
        yield row(name, where, found)
    before, timed = requests["GET right after forgot"]
    names = [new_name() for _ in range(2 * count)]
    yield row("control: GET, both unknown", where, collect(names[:count], names[count:], before, timed))
    before, timed = requests["forgot"]
    found = collect(make(entry, count), [new_name() for _ in range(count)], before, timed, more)
    yield row(f"control: forgot + {more} ms", where, found)


def _forms(name: str) -> dict[str, dict[str, str]]:
    new = {"new_password": WRONG, "confirm": WRONG}
    return {
        "forgot": {"username": name},
        "login": {"username": name, "password": WRONG},
        "reset": {"username": name, "token": secrets.token_urlsafe(32), **new},
    }


def _nothing(_: str) -> None: ...


def _inside(entry: Entry) -> dict[str, tuple[Send, Send]]:
    def post(what: str) -> Send:
        return lambda name: entry.post(f"/api/{what}", _forms(name)[what])

    requests = {what: (_nothing, post(what)) for what in ("forgot", "login", "reset")}
    return requests | {"GET right after forgot": (post("forgot"), lambda _: entry.get("/api/health"))}


def _outside(port: int) -> dict[str, tuple[Send, Send]]:
    def post(what: str) -> Send:
        return lambda name: http_client.post(port, f"/api/{what}", _forms(name)[what])

    requests = {what: (_nothing, post(what)) for what in ("forgot", "login", "reset")}
    return requests | {"GET right after forgot": (post("forgot"), lambda _: http_client.get(port, "/api/health"))}
