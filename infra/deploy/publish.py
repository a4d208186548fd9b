"""Puts the built site into its bucket: right types, right cache times, new assets before the pages that name them."""

from __future__ import annotations

import hashlib
import mimetypes
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


def publish(client: S3Client, bucket: str, site: Path) -> int:
    """Uploads what is new or changed, assets first, and removes pages that are gone; returns how many were written.

    Old assets stay: somebody may still have a page open that names them.
    """
    there = _listing(client, bucket)
    files = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    written = 0
    for name in sorted(files, key=lambda name: (not name.startswith("assets/"), name)):
        body = files[name].read_bytes()
        if there.get(name) == hashlib.md5(body, usedforsecurity=False).hexdigest():
            continue
        client.put_object(
            Bucket=bucket,
            Key=name,
            Body=body,
            ContentType=content_type(files[name]),
            CacheControl=cache_control(name),
        )
        written += 1
    for name in there.keys() - files.keys():
        if not name.startswith("assets/"):
            client.delete_object(Bucket=bucket, Key=name)
    return written


def _listing(client: S3Client, bucket: str) -> dict[str, str]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {item["Key"]: item["ETag"].strip('"') for page in pages for item in page.get("Contents", [])}
