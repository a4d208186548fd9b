"""Node packages that only the proofs need, installed from a lock of their own."""

import shutil
import subprocess
import sys
from pathlib import Path

from infra.deploy.facts import ROOT

LOCK = Path(__file__).with_name("node")
HOME = ROOT / "build" / "campaign"


def package(name: str) -> Path:
    """Where the package *name* lies; installed at the first call."""
    found = HOME / "node_modules" / name
    if not found.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        for lock in ("package.json", "package-lock.json"):
            shutil.copy(LOCK / lock, HOME)
        npm = Path(sys.executable).with_name("npm")
        subprocess.run(
            [str(npm), "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HOME, check=True
        )
    return found
