"""What a request costs in CPU, and how much of a reset is Argon2."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reset.accounts import account_id
from reset.errors import Problem
from reset.passwords import MAXIMUM, Policy
from reset.tokens import new_token
from reset.vorgang import new_vorgang

from .accounts import make, new_name
from .numbers import spread
from .report import heading, table

if TYPE_CHECKING:
    from .entry import Entry


# What is hardest to judge: repeated until there is no room, it makes as many ways through the text as there can be.
HARDEST = ("a", "ab", "as", "123", "liebe", "4$5@!0", "ä", "passwort", "qwertz", "ab-")


class TimedHasher:
    """The real hasher, with its CPU noted."""

    def __init__(self, hasher: Any) -> None:
        self.hasher, self.cpu, self.clock = hasher, 0.0, 0.0

    def __getattr__(self, name: str) -> Any:
        def timed(*given: Any, **named: Any) -> Any:
            cpu, clock = time.process_time(), time.perf_counter()
            try:
                return getattr(self.hasher, name)(*given, **named)
            finally:
                self.cpu += time.process_time() - cpu
                self.clock += time.perf_counter() - clock

        return timed


def measure(entry: Entry, rounds: int) -> None:
    """The table."""
    names, forgot, calls = make(entry, rounds), [], []
    entry.post("/api/forgot", {"username": new_name()})
    for name in names:
        entry.calls.clear()
        started = time.process_time()
        entry.post("/api/forgot", {"username": name})
        forgot.append(1000 * (time.process_time() - started))
        calls = list(entry.calls)
    hasher, service = TimedHasher(entry.service.hasher), entry.service
    entry.use(replace(service, hasher=hasher))  # type: ignore[arg-type]  # stands in for it
    shares, clocks, cpus = [], [], []
    for name in make(entry, rounds):
        token, now = new_token(), int(time.time() * 1000)
        service.resets.claim(account_id(service.keys.account_key, name), new_vorgang(), now, token, 1800)
        form = {
            "username": name,
            "token": token,
            "new_password": "Birke Tassen Orgel 58",
            "confirm": "Birke Tassen Orgel 58",
        }
        hasher.cpu = hasher.clock = 0.0
        entry.calls.clear()
        cpu, clock = time.process_time(), time.perf_counter()
        answer = entry.post("/api/reset", form)
        cpus.append(1000 * (time.process_time() - cpu))
        if answer["statusCode"] != 200:
            raise RuntimeError(answer["body"])
        shares.append(100 * hasher.cpu * 1000 / cpus[-1])
        clocks.append(100 * hasher.clock / (time.perf_counter() - clock))
    entry.use(service)
    heading("A warm request at the function's entry")
    rows = [
        ("forgot, CPU", f"{spread(forgot, 2)} ms", "≤ 5 ms"),
        ("forgot, calls", ", ".join(calls), "2 DynamoDB, 1 SQS"),
        ("reset, CPU", f"{spread(cpus, 1)} ms", ""),
        ("slowest password to judge, CPU", f"{1000 * max(map(judged, HARDEST)):.0f} ms", "≤ 20 ms"),
        ("reset, calls", ", ".join(entry.calls), "1 read, 1 transaction besides the limits"),
        ("Argon2's share of a reset's CPU", f"{spread(shares, 0)} %", "≥ 85 %"),
        ("Argon2's share of a reset's time, emulator included", f"{spread(clocks, 0)} %", ""),
    ]
    table(("", f"median (quartiles) of {rounds}", "goal"), rows)


def judged(unit: str) -> float:
    """Seconds of CPU for the longest password made of *unit*, refused or not; the best of five."""
    text, spent = (unit * MAXIMUM)[: MAXIMUM - 2] + "1!", []
    for _ in range(6):
        started = time.process_time()
        with suppress(Problem):
            Policy().check(text, "erika.mustermann@example.org")
        spent.append(time.process_time() - started)
    return min(spent)
