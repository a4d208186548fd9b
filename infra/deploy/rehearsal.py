"""The local cloud as a place to deploy to: every command of the runbook runs there as it does on AWS."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

import boto3

from .errors import DeployError
from .smoke import fetch

if TYPE_CHECKING:
    from pathlib import Path

    from .target import Answer, Target

REGION = "eu-central-1"


class Rehearsal:
    """The emulator of a running `make serve`; its front door shows the stage that was deployed last."""

    def __init__(self, home: Path) -> None:
        self.file = home / "cloud.json"
        try:
            self.running = json.loads(self.file.read_text())
        except OSError:
            raise DeployError(f"No local cloud runs here. Start one:  make serve PORT={home.name}") from None
        self.gateway, self.url = self.running["gateway"], self.running["site_url"]
        os.environ["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{self.gateway}"
        self.session = boto3.Session("test", "test", region_name=REGION)

    def ready(self, outputs: dict[str, str]) -> None:
        """Points the API's origin at the emulator, which does not dial AWS's names, and the front door at the stage."""
        client: Any = self.session.client("cloudfront")
        answer = client.get_distribution_config(Id=outputs["Distribution"])
        config = answer["DistributionConfig"]
        for origin in config["Origins"]["Items"]:
            if match := re.match(r"([a-z0-9]+)\.execute-api\.", origin["DomainName"]):
                origin.update(DomainName="127.0.0.1", OriginPath=f"/_aws/execute-api/{match[1]}/$default")
                ports = {"OriginProtocolPolicy": "http-only", "HTTPPort": self.gateway, "HTTPSPort": 443}
                origin["CustomOriginConfig"].update(ports)
        client.update_distribution(Id=outputs["Distribution"], IfMatch=answer["ETag"], DistributionConfig=config)
        self.file.write_text(json.dumps(self.running | outputs))

    def visit(self, _target: Target, _outputs: dict[str, str], path: str) -> Answer:
        """Fetches through the front door, as a visitor does."""
        return fetch(self.url.replace("localhost", "127.0.0.1") + path, {})
