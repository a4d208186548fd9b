"""Kill or fail any step, in any order: nothing is lost, nothing is half done, nothing lies (R25, R28, R88, X42)."""

from collections import Counter

import pytest
from proof import amount, tally
from story import Story
from world import World

from infra.local.cloud import Cloud

RUNS = amount(60, 1000)


@pytest.mark.timeout(1800)
def test_no_fault_breaks_a_promise(cloud: Cloud) -> None:
    """R25, R28, X42: seeded stories with faults at every call to AWS, then a calm, then the checks."""
    dynamodb, seen = cloud.session.client("dynamodb"), Counter()
    for seed in range(RUNS):
        world = World(dynamodb, cloud.outputs, seed)
        story = Story(world, seed, rate=0.12)
        try:
            story.run()
            assert not world.queue.dead, "this many tries must be enough"
            story.check()
        except AssertionError as error:
            raise AssertionError(f"seed {seed}") from error
        seen += world.faults.seen
    assert len(seen) > 20, "too few kinds of faults to prove anything"
    tally("faults", runs=RUNS, faults=seen.total(), kinds=len(seen))
