"""How much of each is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Rounds, pairs at the entry and over HTTP, burst, jobs for each number of workers, pairs of the peers, seeds."""

    starts: int
    requests: int
    inside: int
    outside: int
    burst: int
    jobs: int
    peers: int
    accounts: int
    events: int


QUICK = Sizes(
    starts=9, requests=60, inside=300, outside=200, burst=1000, jobs=100, peers=150, accounts=2000, events=10_000
)
NORMAL = Sizes(
    starts=25, requests=150, inside=1200, outside=500, burst=1000, jobs=200, peers=400, accounts=10_000, events=50_000
)
FULL = Sizes(
    starts=25,
    requests=300,
    inside=3000,
    outside=2000,
    burst=1000,
    jobs=400,
    peers=1000,
    accounts=100_000,
    events=1_000_000,
)
