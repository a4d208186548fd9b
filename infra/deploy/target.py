"""Where a deploy goes and what its operator chose."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from .facts import ROOT
from .stack import DeployError, Stack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import boto3

GLOBAL = "us-east-1"  # where CloudFront wants its certificates and firewalls


@dataclass(frozen=True)
class Options:
    """What may be chosen per stage: `extra.stages.<stage>` in mkdocs.yml, or an option of the command line."""

    domain: str = ""  # the public address's host name; empty: the distribution's own
    certificate: str = ""  # ARN of its certificate, in us-east-1
    zone: str = ""  # id of the Route 53 zone that gets the records; empty: they are printed
    alarm_mail: str = ""  # who is told of alarms
    firewall: str = ""  # "own" for infra/waf.yaml, or the ARN of a web ACL; empty: none
    canary: bool = True  # a request for a link every hour, as a customer makes it
    mails_per_hour: int = 5000
    tables: dict[str, str] = field(default_factory=dict)  # restored tables in place of the stack's own, by output name

    @classmethod
    def read(cls, facts: dict[str, Any], stage: str, given: dict[str, Any]) -> Options:
        """The stage's choices; *given* on the command line beats the file. DeployError names an unknown one."""
        chosen = chosen_for(facts, stage) | {name: value for name, value in given.items() if value is not None}
        known = {each.name for each in fields(cls)}
        if unknown := sorted(chosen.keys() - known - {"region", "profile"}, key=str):
            raise DeployError(f"mkdocs.yml, extra.stages.{stage}: nothing is called {', '.join(map(str, unknown))}.")
        return cls(**{name: value for name, value in chosen.items() if name in known})


def chosen_for(facts: dict[str, Any], stage: str) -> dict[str, Any]:
    """What mkdocs.yml says of the stage; a line without a value says nothing."""
    stages = facts.get("stages") or {}
    chosen = (stages.get(stage) or {}) if isinstance(stages, dict) else stages
    if not isinstance(chosen, dict):
        raise DeployError(f"mkdocs.yml, extra.stages.{stage}: one line for each choice, such as  domain: …")
    return {name: value for name, value in chosen.items() if value is not None}


@dataclass(frozen=True)
class Answer:
    """What a visitor of the public address gets."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Target:
    """An account, a region and a stage. *local* means this machine's Python and no deletion protection.

    *ready* does what the place needs before visitors may come; *visit* fetches a path of the public address, and
    where there is none nobody looks.
    """

    session: boto3.Session
    stage: str
    site_url: str = ""
    local: bool = False
    build: Path = ROOT / "build"
    say: Callable[[str], None] = print
    confirm: Callable[[], bool] = field(default=lambda: True)
    options: Options = field(default_factory=Options)
    ready: Callable[[dict[str, str]], None] | None = None
    visit: Callable[[Target, dict[str, str], str], Answer] | None = None
    patience: float = 300  # seconds until the edge must show the new pages

    def stack(self, part: str, region: str | None = None) -> Stack:
        """The stack `kennwort-<stage>-<part>`."""
        client = self.session.client("cloudformation", region_name=region or self.session.region_name)
        return Stack(client, f"kennwort-{self.stage}-{part}", self.say, brief=self.local)

    @property
    def code_bucket(self) -> str:
        """The bucket of the functions' zips."""
        account = self.session.client("sts").get_caller_identity()["Account"]
        return f"kennwort-{self.stage}-code-{account}-{self.session.region_name}"

    def must_exist(self) -> None:
        """DeployError where nothing of the stage is here: a slip of the pen, or another account or region."""
        if not any(self.stack(part).describe() for part in ("state", "app", "watch")):
            where = f"in {self.session.region_name} of the account that these credentials are for"
            raise DeployError(f"There is no stage {self.stage} {where}.")

    def public_url(self, outputs: dict[str, str]) -> str:
        """The address that customers type, without a slash at its end."""
        if self.options.domain:
            return f"https://{self.options.domain}"
        return (self.site_url or f"https://{outputs['DistributionDomain']}").rstrip("/")
