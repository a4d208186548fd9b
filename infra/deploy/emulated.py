"""What the emulator leaves out of a template: TTL, and an API origin that it will dial."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import boto3


def as_on_aws(session: boto3.Session, outputs: dict[str, str], gateway: int) -> None:
    """Points the distribution's API origin at the emulator's port *gateway* and has DynamoDB forget what is over."""
    dynamodb = session.client("dynamodb")
    for table in ("ResetsTable", "TimelineTable"):
        dynamodb.update_time_to_live(
            TableName=outputs[table], TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"}
        )
    cloudfront: Any = session.client("cloudfront")
    answer = cloudfront.get_distribution_config(Id=outputs["Distribution"])
    config = answer["DistributionConfig"]
    for origin in config["Origins"]["Items"]:
        if match := re.match(r"([a-z0-9]+)\.execute-api\.", origin["DomainName"]):
            origin.update(DomainName="127.0.0.1", OriginPath=f"/_aws/execute-api/{match[1]}/$default")
            ports = {"OriginProtocolPolicy": "http-only", "HTTPPort": gateway, "HTTPSPort": 443}
            origin["CustomOriginConfig"].update(ports)
    cloudfront.update_distribution(Id=outputs["Distribution"], IfMatch=answer["ETag"], DistributionConfig=config)
