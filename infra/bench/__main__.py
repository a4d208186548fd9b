"""`make bench`: all parts, or one with --only; --quick for a first look, --full for the full tables."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from infra.local.cloud import Cloud
from infra.local.ports import free_port

from . import burst, leak, report, scale, simulation, start_up, wire, work, workers
from .entry import Entry
from .peers import Peers
from .sizes import FULL, NORMAL, QUICK, Sizes

PYTHON = f"Python {platform.python_version()}"
PARTS = ("start-up", "work", "burst", "workers", "leak", "scale", "simulation", "site", "lighthouse", "peers")


def main() -> int:
    """Measures and prints; 1 where a part could not be measured."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", action="append", choices=PARTS, help="may be given more than once")
    parser.add_argument("--out", type=Path, help="also write the report to this file")
    given = parser.parse_args()
    size = QUICK if given.quick else FULL if given.full else NORMAL
    parts = given.only or PARTS
    started = time.monotonic()
    report.say(f"# Measured\n\n{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {_machine()} · `{_command()}`")
    cloud = Cloud(free_port(), say=lambda text: print(text, file=sys.stderr, flush=True))
    failed = 0
    try:
        if set(parts) - {"simulation", "peers"}:
            cloud.start()
        for name, part in _parts(cloud, size).items():
            if name in parts:
                failed += _attempt(name, part)
    finally:
        cloud.stop()
    report.say(
        f"\nTook {(time.monotonic() - started) / 60:.0f} minutes; load average at the end {os.getloadavg()[0]:.1f}."
    )
    if given.out:
        given.out.write_text("\n".join(report.lines) + "\n")
    return min(failed, 1)


def _parts(cloud: Cloud, size: Sizes) -> dict[str, Callable[[], None]]:
    outputs, build = cloud.outputs, cloud.home / "build"
    return {
        "start-up": lambda: start_up.measure(outputs, build / "code-local", size.starts),
        "work": lambda: _work(cloud, size.requests),
        "burst": lambda: burst.measure(Entry(outputs), cloud.session, outputs, cloud.port, size.burst),
        "workers": lambda: workers.measure(Entry(outputs), cloud.session, outputs, cloud.port, size.jobs),
        # after the burst: its mails use up the hour's budget
        "leak": lambda: leak.measure(Entry(outputs), cloud.session, outputs, cloud.port, size),
        "scale": lambda: scale.measure(cloud.session, outputs, size.accounts, size.events, size.requests),
        "simulation": simulation.measure,
        "site": lambda: wire.measure(build / "site"),
        "lighthouse": lambda: wire.look_at(cloud.url, 3),
        "peers": lambda: _peers(size),
    }


def _work(cloud: Cloud, rounds: int) -> None:
    with workers.paused(cloud.session, cloud.outputs, purge=True):  # its load makes the entry's CPU dearer
        work.measure(Entry(cloud.outputs), rounds)


def _peers(size: Sizes) -> None:
    with Peers(free_port(), size.peers) as peers:
        found = list(peers.rows())
    report.heading("Peers: a forgot request")
    report.say(
        "One gunicorn worker, SQLite, the product's Argon2, a relay that takes 30 ms; known / unknown account.\n"
    )
    head = ("", "requests/s", "CPU ms", "p50 ms", "p99 ms", "MiB")
    report.table(head, [speed for speed, _ in found])
    report.say()
    report.table(leak.HEAD, [line for _, line in found])


def _attempt(name: str, part: Callable[[], None]) -> int:
    try:
        part()
    except Exception as error:  # noqa: BLE001  # one part that fails must not cost the others
        report.heading(name)
        report.say(f"Not measured: {type(error).__name__}: {error}")
        return 1
    return 0


def _machine() -> str:
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    load = f"load average at the start {os.getloadavg()[0]:.1f}"
    return f"{os.cpu_count()} cores, {names[0] if names else platform.machine()}, {PYTHON}, {load}"


def _command() -> str:
    options = [word for word in sys.argv[1:] if not word.startswith("--out") and "/" not in word]
    return f"make bench BENCH='{' '.join(options)}'" if options else "make bench"


if __name__ == "__main__":
    sys.exit(main())
