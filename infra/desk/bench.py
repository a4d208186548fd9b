"""`python -m infra.desk.bench PORT [ROWS]`: times the import of a large file and a look-up among that many accounts."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = 100_000
DESK = str(Path(sys.executable).with_name("desk"))


def main(port: str, rows: int = ROWS) -> None:
    """Prints one line per command, as a clerk would wait for it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "konten.csv"
        lines = (f"vorname.nachname{number}@amt{number % 7}.example;Vorname Nachname;de;\n" for number in range(rows))
        path.write_text("username;name;language;status\n" + "".join(lines))
        _time(port, f"import, {rows} rows", "import", str(path))
        _time(port, f"import again, {rows} rows", "import", str(path))
    known = f"vorname.nachname{rows // 2}@amt{rows // 2 % 7}.example"
    for what, address in (
        ("known", known),
        ("typo in the local part", known.replace("vorname", "vornmae")),
        ("typo in the domain", known.replace(".example", ".exmaple")),
        ("nobody near", "ganz.jemand.anders@behoerde.example"),
        ("two typos", known.replace("vorname", "formane")),
    ):
        _time(port, f"status, {what}", "status", address)


def _time(port: str, what: str, *words: str) -> None:
    start = time.monotonic()
    done = subprocess.run([DESK, "--local", port, *words], capture_output=True, text=True, check=False)
    print(f"{what:<32} {time.monotonic() - start:7.1f} s   exit code {done.returncode}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:3]))
