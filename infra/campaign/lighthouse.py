"""Lighthouse looks at a page as on a slow phone."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from infra.local.chromium import chromium

from .node_parts import package


@dataclass(frozen=True)
class Verdict:
    """Scores of 100 by category, layout shift, largest paint in ms (simulated), and the audits that cost points."""

    scores: dict[str, int]
    shift: float
    paint: float
    faults: list[str]


def look(url: str) -> Verdict:
    """One run, or a second where Lighthouse lost its browser on a busy machine; NoChromiumError where there is none."""
    environ = os.environ | {"CHROME_PATH": chromium()}
    command = [str(Path(sys.executable).with_name("node")), str(package("lighthouse") / "cli/index.js"), url]
    command += ["--output=json", "--quiet", "--chrome-flags=--headless=new --no-sandbox --disable-gpu"]
    command += ["--only-categories=performance,accessibility,best-practices,seo"]
    for _ in range(2):
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=180)
        if done.returncode == 0:
            break
    else:
        raise RuntimeError(f"Lighthouse gave no verdict: {done.stderr}")
    found = json.loads(done.stdout)
    audits = found["audits"]
    costly = {each["id"] for part in found["categories"].values() for each in part["auditRefs"] if each["weight"]}
    faults = [f"{name}: {audits[name]['title']}" for name in sorted(costly) if audits[name]["score"] not in (None, 1)]
    return Verdict(
        {name: round(100 * part["score"]) for name, part in found["categories"].items()},
        audits["cumulative-layout-shift"]["numericValue"],
        audits["largest-contentful-paint"]["numericValue"],
        faults,
    )
