"""Lighthouse has nothing to say about article and forms; its timings belong to `make bench`."""

import pytest

from infra.campaign.lighthouse import look
from infra.local.cloud import Cloud

PAGES = ("/", "/en/", "/leichte-sprache/", "/anmelden/", "/passwort-vergessen/", "/neues-passwort/")


@pytest.mark.parametrize("address", PAGES)
def test_lighthouse_gives_full_marks(cloud: Cloud, address: str) -> None:
    """Accessibility, good practice and being found; nothing moves while the page loads."""
    seen = look(cloud.url + address)
    scores = {name: score for name, score in seen.scores.items() if name != "performance"}
    assert scores == {"accessibility": 100, "best-practices": 100, "seo": 100}, seen.faults
    assert seen.shift < 0.01
