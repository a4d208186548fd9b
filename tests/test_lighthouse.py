"""Lighthouse has nothing to say about article and forms; its timings belong to `make bench`."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra.campaign.lighthouse import look
from infra.local.chromium import NoChromiumError
from infra.local.cloud import Cloud

PAGES = ("/", "/en/", "/leichte-sprache/", "/anmelden/", "/passwort-vergessen/", "/neues-passwort/")


@pytest.mark.parametrize("address", PAGES)
def test_lighthouse_gives_full_marks(cloud: Cloud, address: str) -> None:
    """Accessibility, good practice and being found; nothing moves while the page loads."""
    seen = look(cloud.url + address)
    scores = {name: score for name, score in seen.scores.items() if name != "performance"}
    assert scores == {"accessibility": 100, "best-practices": 100, "seo": 100}, seen.faults
    assert seen.shift < 0.01


def test_who_has_no_browser_is_told_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One sentence with the command, before anything is started."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoChromiumError, match="infra/bootstrap browser"):
        look("http://localhost/")
    done = subprocess.run([sys.executable, "-m", "infra.shots"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "No Chromium found. Install it with:  infra/bootstrap browser\n"
