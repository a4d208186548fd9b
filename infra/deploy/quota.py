"""Whether Lambda has room for a new stage: a fresh account often has 10 runs at once in all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .target import Target

RESERVED = 121  # what web, worker and canary keep for themselves; infra/template.yaml and infra/watch.yaml
OTHERS = 100  # what Lambda wants to stay for all others
ASK = "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384"


def quota_faults(target: Target) -> list[str]:
    """A sentence where the first deploy of the stage would meet the quota; the emulator's is not AWS's."""
    if target.local or target.stack("app").describe():
        return []
    limit = target.session.client("lambda").get_account_settings()["AccountLimit"]
    return faults_of(limit["UnreservedConcurrentExecutions"])


def faults_of(free: int) -> list[str]:
    """The same, from how many are not reserved yet."""
    if free >= RESERVED + OTHERS:
        return []
    return [
        f"Lambda has {free} concurrent executions left in this region, a new stage needs {RESERVED + OTHERS}. "
        f"Ask for more, AWS answers within days:  {ASK} --desired-value 1000"
    ]
