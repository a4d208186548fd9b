"""The bucket of the functions' zips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .publish import empty
from .target import GLOBAL

if TYPE_CHECKING:
    from pathlib import Path

    from .target import Target

CLOSED = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)


def upload(target: Target, code: Path) -> str:
    """Puts the zip where CloudFormation finds it, unless it is there; returns the bucket."""
    region, bucket = str(target.session.region_name), target.code_bucket
    client: Any = target.session.client("s3")
    if not stands(target):
        where = {} if region == GLOBAL else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        client.create_bucket(Bucket=bucket, **where)
        client.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=CLOSED)
    if not client.list_objects_v2(Bucket=bucket, Prefix=code.name).get("Contents"):
        client.put_object(Bucket=bucket, Key=code.name, Body=code.read_bytes())
    return bucket


def stands(target: Target) -> bool:
    """Whether the bucket is there; after a first deploy that soon failed nothing else is."""
    return target.code_bucket in {each["Name"] for each in target.session.client("s3").list_buckets()["Buckets"]}


def remove(target: Target) -> None:
    """Deletes the bucket, if there is one."""
    if stands(target):
        client = target.session.client("s3")
        empty(client, target.code_bucket)
        client.delete_bucket(Bucket=target.code_bucket)
