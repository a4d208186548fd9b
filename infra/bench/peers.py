"""Django's own reset and django-allauth's on this machine, in a throw-away environment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from infra.deploy.facts import ROOT

from . import http_client
from .accounts import new_name
from .leak import collect, row
from .numbers import percentile

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
PLACE = ROOT / "build" / "bench" / "peers"
CSRF = "a" * 32  # Django compares the field with the cookie
PATHS = {"Django contrib.auth": "/plain/password_reset/", "django-allauth": "/allauth/password/reset/"}


class Peers:
    """One gunicorn worker with both."""

    def __init__(self, port: int, count: int) -> None:
        self.port, self.count = port, count
        self.names = [new_name() for _ in range(3 * count * len(PATHS))]

    def __enter__(self) -> Self:
        python = _environment()
        PLACE.mkdir(parents=True, exist_ok=True)
        database, names = PLACE / "peers.sqlite3", PLACE / "names.txt"
        database.unlink(missing_ok=True)
        names.write_text("\n".join(self.names))
        environ = {
            "HOME": str(PLACE),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(HERE / "peer"),
            "PEER_DATABASE": str(database),
        }
        subprocess.run([python, "-c", f"import peer_site; peer_site.fill({str(names)!r})"], check=True, env=environ)
        command = [python, "-m", "gunicorn", "-b", f"127.0.0.1:{self.port}", "-w", "1", "peer_site:application"]
        with (PLACE / "gunicorn.log").open("wb") as log:
            self.process = subprocess.Popen(command, env=environ, cwd=PLACE, stdout=log, stderr=log)
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def _wait(self) -> None:
        for _ in range(100):
            try:
                if http_client.get(self.port, PATHS["Django contrib.auth"])[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"the peers did not start; see {PLACE}/gunicorn.log")

    def rows(self) -> Iterator[tuple[tuple[object, ...], tuple[object, ...]]]:
        """For each: requests, CPU and times by kind of account; and the line for the leak's table."""
        names = iter(self.names)
        for name, path in PATHS.items():

            def send(email: str, path: str = path) -> None:
                form = {"email": email, "csrfmiddlewaretoken": CSRF}
                status, took = http_client.post(self.port, path, form, Cookie=f"csrftoken={CSRF}", Accept="text/html")
                if status != 302:
                    raise RuntimeError(f"{path} answered {status}")
                self.took.append(took)

            speeds, cpus, middles, ends = [], [], [], []
            for kind in ("known", "unknown"):
                self.took: list[float] = []
                cpu, started = self._cpu(), time.perf_counter()
                for _ in range(self.count):
                    send(next(names) if kind == "known" else new_name())
                speeds.append(f"{self.count / (time.perf_counter() - started):.0f}")
                cpus.append(f"{1000 * (self._cpu() - cpu) / self.count:.1f}")
                middles.append(f"{percentile(self.took, 0.5):.1f}")
                ends.append(f"{percentile(self.took, 0.99):.0f}")
            known = [next(names) for _ in range(self.count)]
            found = collect(known, [new_name() for _ in known], lambda _: None, send)
            cells = tuple(" / ".join(pair) for pair in (speeds, cpus, middles, ends))
            yield (name, *cells, f"{self._memory():.0f}"), row(name, "HTTP", found)

    def _workers(self) -> list[Path]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [Path("/proc") / pid for pid in children]

    def _cpu(self) -> float:
        """Seconds of CPU so far."""
        spent = [(each / "stat").read_text().rpartition(") ")[2].split() for each in self._workers()]
        return sum(int(fields[11]) + int(fields[12]) for fields in spent) / os.sysconf("SC_CLK_TCK")

    def _memory(self) -> float:
        """MiB of the workers."""
        pages = sum(int((each / "statm").read_text().split()[1]) for each in self._workers())
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _environment() -> str:
    """The throw-away environment's Python, made anew where the lock changed."""
    lock, mark = HERE / "peers.lock.txt", PLACE / "venv" / "lock.txt"
    python, uv = PLACE / "venv" / "bin" / "python", Path(sys.executable).with_name("uv")
    if not mark.exists() or mark.read_text() != lock.read_text():
        subprocess.run([uv, "venv", "-q", "--clear", "--python", sys.executable, PLACE / "venv"], check=True)
        install = [uv, "pip", "install", "-q", "--python", python, "--require-hashes", "-r", lock]
        subprocess.run([str(part) for part in install], check=True)
        mark.write_text(lock.read_text())
    return str(python)
