"""Where the desk works: on AWS with the usual profile, or in the local cloud of one port."""

from __future__ import annotations

import getpass
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from infra.deploy.facts import ROOT
from infra.deploy.rehearsal import emulator
from infra.deploy.target import Options

from .faults import no_access

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIG = Config(
    connect_timeout=3,
    read_timeout=60,
    retries={"total_max_attempts": 4, "mode": "standard"},
    max_pool_connections=8,
)


@dataclass(frozen=True)
class Place:
    """One deployed product: its session, the outputs of its stacks and, locally, the emulator's address."""

    session: boto3.Session
    outputs: Mapping[str, Any]
    endpoint: str | None = None

    def client(self, name: str) -> Any:
        """A client for the service *name*."""
        return self.session.client(name, endpoint_url=self.endpoint, config=CONFIG)  # type: ignore[call-overload]

    @property
    def site_url(self) -> str:
        """The customers' address of the site."""
        return str(self.outputs.get("site_url") or f"https://{self.outputs['DistributionDomain']}")

    @property
    def mails_per_hour(self) -> int:
        """How many mails may go out in an hour, customers' and invitations."""
        return int(self.outputs.get("MailsPerHour", Options.mails_per_hour))  # the default: a stack older than this

    def who(self) -> str:
        """Who works here, for the record: the IAM identity, locally the user of this machine."""
        if self.endpoint:
            return getpass.getuser()
        return str(self.client("sts").get_caller_identity()["Arn"]).partition(":")[2].rpartition(":")[2]


def local_place(port: int) -> Place:
    """The local cloud that `make serve` runs on *port*."""
    file = ROOT / ".local" / str(port) / "cloud.json"
    try:
        outputs = json.loads(file.read_text())
    except (OSError, ValueError):
        raise no_access(
            f"Auf Port {port} läuft keine lokale Cloud. Starten Sie sie mit:  make serve PORT={port}"
        ) from None
    session = emulator(outputs["gateway"])
    return Place(session, outputs, f"http://127.0.0.1:{outputs['gateway']}")


def aws_place(stage: str) -> Place:
    """The product that was deployed to AWS as *stage*, with the profile and region of the environment."""
    session = boto3.Session()
    if session.region_name is None:
        raise no_access(
            "Keine AWS-Region gewählt. Setzen Sie AWS_PROFILE oder AWS_DEFAULT_REGION, oder nehmen Sie --local."
        )
    client = session.client("cloudformation", config=CONFIG)
    outputs: dict[str, str] = {}
    for part in ("state", "app"):
        stack = client.describe_stacks(StackName=f"kennwort-{stage}-{part}")["Stacks"][0]
        outputs |= {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
    return Place(session, outputs)
