"""The local cloud as a place to deploy to: every command of the runbook runs there as it does on AWS."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import boto3

from .emulated import as_on_aws
from .errors import DeployError
from .smoke import fetch

if TYPE_CHECKING:
    from pathlib import Path

    from .target import Answer, Target

REGION = "eu-central-1"
LOOPBACK = "127.0.0.1,localhost"


def emulator(gateway: int) -> boto3.Session:
    """A session whose clients reach the emulator on this port and never AWS.

    This process's environment loses what would lead elsewhere: profiles, other addresses, a proxy.
    """
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
    direct = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or LOOPBACK
    os.environ["no_proxy"] = direct if LOOPBACK in direct else f"{direct},{LOOPBACK}"
    os.environ["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{gateway}"
    return boto3.Session("test", "test", region_name=REGION)


class Rehearsal:
    """The emulator of a running `make serve`; its front door shows the stage that was deployed last."""

    def __init__(self, home: Path) -> None:
        self.file = home / "cloud.json"
        try:
            self.running = json.loads(self.file.read_text())
        except (OSError, ValueError):  # ValueError: it is being written at this moment
            raise DeployError(f"No local cloud runs here. Start one:  make serve PORT={home.name}") from None
        self.gateway, self.url = self.running["gateway"], self.running["site_url"]
        self.session = emulator(self.gateway)

    def ready(self, outputs: dict[str, str]) -> None:
        """Makes up for what the emulator lacks and points the front door at the stage."""
        as_on_aws(self.session, outputs, self.gateway)
        self.file.write_text(json.dumps(self.running | outputs))

    def visit(self, _target: Target, _outputs: dict[str, str], path: str) -> Answer:
        """Fetches through the front door, as a visitor does."""
        return fetch(self.url.replace("localhost", "127.0.0.1") + path, {})
