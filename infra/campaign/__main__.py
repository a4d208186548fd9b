"""`make campaign`: the long proofs at full size, as a table with date and commit."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.deploy.facts import ROOT

from . import supply

TALLY = ROOT / "build" / "campaign.jsonl"
TABLE = ROOT / "build" / "campaign.md"
PARTS = {
    "faults": ["tests/test_faults.py"],
    "races": ["tests/test_races.py"],
    "limits": ["tests/test_limits.py"],
    "rights": ["tests/test_rights.py"],
    "nouns": ["tests/test_nouns_text.py", "tests/test_nouns_links.py", "tests/test_nouns_calls.py"],
    "browser and logs": ["tests/test_headers.py", "tests/test_logs.py"],
    "hostile requests": ["tests/test_fuzz.py"],
}
CHECKOV = ("template.yaml", "state.yaml", "watch.yaml", "waf.yaml")


def prove(name: str, files: list[str], size: float, seconds: float) -> tuple[str, str]:
    """Runs one part's tests; what came of it, and pytest's last line."""
    environ = os.environ | {"CAMPAIGN_SIZE": str(size), "CAMPAIGN_TALLY": str(TALLY)}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-o", "timeout=0", *files]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=max(seconds, 60), check=False
        )
    except subprocess.TimeoutExpired:
        return "no time left", "stopped: give more --minutes or a smaller --size"
    if done.returncode:
        (ROOT / "build" / f"campaign-{name.replace(' ', '-')}.log").write_text(done.stdout + done.stderr)
    return "held" if done.returncode == 0 else "BROKEN", done.stdout.strip().splitlines()[-1].strip("= ")


def checked() -> tuple[str, str]:
    """Runs checkov from its own lock, because it cannot live beside the main one; it calls nobody."""
    tools = Path(sys.executable).parent
    command = [
        str(tools / "uv"),
        "run",
        "--no-project",
        "--isolated",
        "--python",
        sys.executable,
        "--with-requirements",
    ]
    command += ["infra/campaign/checkov.lock.txt", "checkov", "--framework", "cloudformation", "--skip-download"]
    command += ["--compact", "--quiet", "-o", "json", "-f", *(f"infra/{name}" for name in CHECKOV)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        summary: dict[str, Any] = json.loads(done.stdout)["summary"]
    except (ValueError, KeyError):
        return "not run", (done.stderr.strip().splitlines() or ["no answer"])[-1]
    good = done.returncode == 0 and not summary["parsing_errors"]
    return "held" if good else "BROKEN", "{passed} passed, {failed} failed, {skipped} skipped".format_map(summary)


def numbers() -> Iterator[str]:
    """What the tests noted down, in words."""
    if TALLY.exists():
        for line in TALLY.read_text().splitlines():
            noted = json.loads(line)
            yield f"{noted.pop('proof')}: " + ", ".join(
                f"{name.replace('_', ' ')} {value}" for name, value in noted.items()
            )


def main() -> int:
    """Runs all parts within the time given, prints the table; 1 where something broke."""
    parser = argparse.ArgumentParser(prog="make campaign")
    parser.add_argument("--size", type=float, default=1.0, help="share of the full numbers, 0.01 to 1")
    parser.add_argument("--minutes", type=float, default=40, help="stop after this time")
    parser.add_argument("--only", choices=[*PARTS], help="one part alone")
    given = parser.parse_args()
    TALLY.parent.mkdir(exist_ok=True)
    TALLY.unlink(missing_ok=True)
    end, rows = time.monotonic() + given.minutes * 60, []
    for name, files in PARTS.items():
        if given.only in (None, name):
            began = time.monotonic()
            result, said = prove(name, files, given.size, end - began)
            rows.append((name, result, said))
            print(f"{name:<18}{result:<14}{said}", flush=True)
    if given.only is None:
        rows.append(("checkov", *checked()))
        holes = supply.known_holes()
        state = "BROKEN" if "FOUND" in holes else "not run" if "NOT CHECKED" in holes else "held"
        rows.append(("known holes", state, holes))
        supply.bill_of_materials()
        supply.licences()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    head = f"{datetime.now(UTC):%Y-%m-%d}, commit {commit.stdout.strip() or '-'}, size {given.size:g}"
    table = [f"{head}\n", "| Proof | Result | |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    TABLE.write_text("\n".join([*table, "", *(f"- {line}" for line in numbers())]) + "\n")
    print(f"\n{TABLE.read_text()}")
    return int(any(result == "BROKEN" for _, result, _ in rows))


if __name__ == "__main__":
    sys.exit(main())
