"""What the product wrote down: its two log groups, and whatever else the local cloud keeps in files."""

import time
from pathlib import Path
from typing import Any

from infra.local.cloud import Cloud


def log_lines(cloud: Cloud) -> list[str]:
    """Every line of both functions, as CloudWatch has them."""
    logs: Any = cloud.session.client("logs")
    time.sleep(1.5)  # the emulator writes a moment later
    lines: list[str] = []
    for group in ("WebLog", "WorkerLog"):
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=cloud.outputs[group])
        lines += [event["message"] for page in pages for event in page["events"]]
    return lines


def files(cloud: Cloud) -> str:
    """Every file of the local cloud but the deployed code and site."""
    kept = [path for path in Path(cloud.home).rglob("*") if path.is_file() and "build" not in path.parts]
    text = "\n".join(path.read_bytes().decode("utf-8", "replace") for path in kept)
    # The emulator names each recipient when its SES takes a mail: that is the local inbox, which knows them anyway.
    return "\n".join(line for line in text.splitlines() if "[ses-v2] SESv2 SendEmail: " not in line)
