"""The bucket of the functions' zips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .target import GLOBAL

if TYPE_CHECKING:
    from pathlib import Path

    from .target import Target

CLOSED = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)


def upload(target: Target, code: Path) -> str:
    """Puts the zip where CloudFormation finds it, unless it is there; returns the bucket."""
    region, bucket = str(target.session.region_name), target.code_bucket
    client: Any = target.session.client("s3")
    if bucket not in {each["Name"] for each in client.list_buckets()["Buckets"]}:
        where = {} if region == GLOBAL else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        client.create_bucket(Bucket=bucket, **where)
        client.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=CLOSED)
    if not client.list_objects_v2(Bucket=bucket, Prefix=code.name).get("Contents"):
        client.put_object(Bucket=bucket, Key=code.name, Body=code.read_bytes())
    return bucket
