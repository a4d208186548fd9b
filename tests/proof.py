"""How much of each proof runs: a seeded part in `make test`, all of it in `make campaign`."""

import json
import os
from pathlib import Path

from hypothesis import settings

SIZE = float(os.environ.get("CAMPAIGN_SIZE", "0"))
_TALLY = os.environ.get("CAMPAIGN_TALLY")


def amount(small: int, full: int) -> int:
    """*small* in the suite; the campaign's share of *full* otherwise."""
    return max(small, round(full * SIZE)) if SIZE else small


def tally(proof: str, **numbers: object) -> None:
    """Notes what was done for the campaign's table."""
    if _TALLY:
        with Path(_TALLY).open("a") as file:
            file.write(json.dumps({"proof": proof, **numbers}) + "\n")


# The suite tries the same examples each time; timings belong to the bench.
settings.register_profile("proof", deadline=None, derandomize=not SIZE, max_examples=amount(100, 2000))
settings.load_profile("proof")
