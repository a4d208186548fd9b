"""One deploy for AWS and the local cloud: zip, state stack, app stack, site."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from infra.site import build

from .facts import ROOT, parameters, read_facts
from .package import build_zip
from .publish import publish
from .stack import KEEP, Stack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import boto3

BUILD = ROOT / "build"


@dataclass(frozen=True)
class Target:
    """Where to deploy: *local* means this machine's Python and no deletion protection."""

    session: boto3.Session
    stage: str
    site_url: str = ""
    local: bool = False
    build: Path = BUILD
    say: Callable[[str], None] = print
    confirm: Callable[[], bool] = field(default=lambda: True)

    def stack(self, part: str) -> Stack:
        """The stack `kennwort-<stage>-<part>`."""
        return Stack(self.session.client("cloudformation"), f"kennwort-{self.stage}-{part}", self.say, brief=self.local)


def deploy(target: Target) -> dict[str, str]:
    """Deploys everything and returns the outputs of both stacks; a second run without change changes nothing."""
    target.build.mkdir(parents=True, exist_ok=True)
    facts = parameters(read_facts())
    target.say("… building the functions' zip")
    code = build_zip(target.build, local=target.local)
    bucket = _upload(target, code)
    state = deploy_state(target, facts)
    app = target.stack("app")
    given: dict[str, Any] = {**{key: state[key] for key in STATE}, **facts}
    given |= {"CodeBucket": bucket, "CodeKey": code.name, "SiteUrl": target.site_url.rstrip("/")}
    given["Origin"] = origin(target)
    app.deploy(ROOT / "infra" / "template.yaml", given, target.confirm)
    outputs = state | app.outputs()
    publish_site(target, outputs)
    return outputs


STATE = ("KeyArn", "AccountsTable", "PasswordsTable", "ResetsTable", "TimelineTable", "SecretArn")


def deploy_state(target: Target, facts: dict[str, str]) -> dict[str, str]:
    """Tables, keys and sender; secrets are made at the first deploy and kept ever after."""
    stack = target.stack("state")
    secret = ("AccountKey", "Pepper", "Origin")
    exists = stack.describe() is not None
    values: dict[str, Any] = {name: KEEP if exists else secrets.token_urlsafe(32) for name in secret}
    values |= {"SenderIdentity": facts["SenderIdentity"], "Protect": "false" if target.local else "true"}
    stack.deploy(ROOT / "infra" / "state.yaml", values, target.confirm)
    return stack.outputs()


def origin(target: Target) -> str:
    """What CloudFront shows the function: the current value in the secret."""
    arn = target.stack("state").outputs()["SecretArn"]
    answer = target.session.client("secretsmanager").get_secret_value(SecretId=arn)
    return str(json.loads(answer["SecretString"])["origin"][0])


def publish_site(target: Target, outputs: dict[str, str]) -> None:
    """Builds the site for its public address, uploads it and, on AWS, clears the edge's copies."""
    site = target.build / "site"
    target.say("… building the site")
    url = target.site_url or f"https://{outputs['DistributionDomain']}"
    build(site, site_url=url.rstrip("/") + "/")
    written = publish(target.session.client("s3"), outputs["SiteBucket"], site)
    target.say(f"site: {written} files written")
    if written and not target.local:
        batch = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": secrets.token_hex(8)}
        target.session.client("cloudfront").create_invalidation(
            DistributionId=outputs["Distribution"],
            InvalidationBatch=batch,  # type: ignore[arg-type]
        )


def _upload(target: Target, code: Path) -> str:
    account = target.session.client("sts").get_caller_identity()["Account"]
    region = target.session.region_name
    bucket = f"kennwort-{target.stage}-code-{account}-{region}"
    client: Any = target.session.client("s3")
    if bucket not in {each["Name"] for each in client.list_buckets()["Buckets"]}:
        client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
        block = dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        )
        client.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=block)
    client.upload_file(str(code), bucket, code.name)
    return bucket
