"""Puts the built site into its bucket: right types, right cache times, new assets before the pages that name them."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

FORMS = ("anmelden", "passwort-vergessen", "neues-passwort", "portal", "das-war-ich-nicht")
TYPES = {".webp": "image/webp", ".woff2": "font/woff2", ".js": "text/javascript", ".txt": "text/plain"}


def cache_control(path: str) -> str:
    """Hashed assets for a year, pages five minutes, forms never (R78)."""
    parts = path.split("/")
    if parts[0] == "assets":
        return "public, max-age=31536000, immutable"
    if any(part in FORMS for part in parts):
        return "no-store"
    return "public, max-age=300"


def content_type(path: Path) -> str:
    """The media type with its charset, where it has one."""
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith(("json", "xml")) else kind


@dataclass
class Publication:
    """What one upload changed: the versions it made, those that hide a removed page included."""

    client: S3Client
    bucket: str
    versions: list[tuple[str, str]] = field(default_factory=list)

    def undo(self) -> None:
        """Brings the pages back as they were: without the new version, the bucket shows the one before. Pages first."""
        for name, version in reversed(self.versions):
            self.client.delete_object(Bucket=self.bucket, Key=name, VersionId=version)
        self.versions.clear()


def publish(client: S3Client, bucket: str, site: Path) -> Publication:
    """Uploads what is new or changed, assets first, and hides pages that are gone.

    Old assets stay: somebody may still have a page open that names them.
    """
    there = _listing(client, bucket)
    files = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    done = Publication(client, bucket)
    for name in sorted(files, key=lambda name: (not name.startswith("assets/"), name)):
        body = files[name].read_bytes()
        if there.get(name) == hashlib.md5(body, usedforsecurity=False).hexdigest():
            continue
        kind = content_type(files[name])
        put = client.put_object(Bucket=bucket, Key=name, Body=body, ContentType=kind, CacheControl=cache_control(name))
        done.versions.append((name, put["VersionId"]))
    for name in sorted(there.keys() - files.keys()):
        if not name.startswith("assets/"):
            done.versions.append((name, client.delete_object(Bucket=bucket, Key=name)["VersionId"]))
    return done


def empty(client: S3Client, bucket: str) -> None:
    """Deletes everything in the bucket, old versions included."""
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for each in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            client.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])


def _listing(client: S3Client, bucket: str) -> dict[str, str]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {item["Key"]: item["ETag"].strip('"') for page in pages for item in page.get("Contents", [])}
