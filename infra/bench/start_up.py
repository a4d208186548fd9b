"""How long a cold start takes: the whole process, pair by pair with a bare DynamoDB client."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from .numbers import spread
from .report import heading, say, table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

YARDSTICK = "import boto3; boto3.client('dynamodb')"
TYPICAL = (
    "import os, boto3, argon2; from aws_lambda_powertools import Logger, Metrics;"
    " from aws_lambda_powertools.event_handler import APIGatewayHttpResolver as R;"
    " Logger(service='a'); Metrics(namespace='a', service='a'); R(); argon2.PasswordHasher();"
    " [boto3.client(name) for name in ('dynamodb', 'sqs', 'secretsmanager', 'sesv2')]"
)
ENTRIES = {
    "web (goal 1.0)": "import reset.web; reset.web.create_web().service",
    "worker (goal 1.3)": "import reset.worker; reset.worker.create_worker()",
    "Powertools, four boto3 clients, argon2: the usual way": TYPICAL,
}


def environment(outputs: Mapping[str, Any], tree: Path) -> dict[str, str]:
    """What the functions find in Lambda, over the local cloud and the packaged *tree*."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "AWS_", "POWERTOOLS"))}
    tables = {
        f"{name.upper()}_TABLE": outputs[f"{name}Table"] for name in ("Accounts", "Passwords", "Resets", "Timeline")
    }
    more = {"SITE_URL": outputs["site_url"], "MAIL_QUEUE_URL": outputs["MailQueue"], "SECRET_ID": outputs["SecretArn"]}
    aws = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{outputs['gateway']}", "AWS_ACCESS_KEY_ID": "test"}
    aws |= {"AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1"}
    return kept | tables | more | aws | {"PYTHONPATH": str(tree)}


def measure(outputs: Mapping[str, Any], tree: Path, rounds: int) -> None:
    """The table; CPU beside the clock, because other programs may run here."""
    packaged = environment(outputs, tree)
    plain = {name: value for name, value in packaged.items() if name != "PYTHONPATH"}  # the packages as they are sold
    programs = {"boto3.client('dynamodb') alone": YARDSTICK, **ENTRIES}
    clock: dict[str, list[float]] = {name: [] for name in programs}
    cpu: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(rounds + 1):  # the first only warms the file cache
        for name, program in programs.items():
            took, worked = _run(program, packaged if "reset." in program else plain)
            if turn:
                clock[name].append(took)
                cpu[name].append(worked)
    first = next(iter(programs))
    rows = []
    for name in programs:
        times = [one / other for one, other in zip(clock[name], clock[first], strict=True)]
        works = [one / other for one, other in zip(cpu[name], cpu[first], strict=True)]
        rows.append((name, spread(clock[name], 0), spread(times, 2), spread(works, 2)))
    heading("Start-up")
    say(f"Whole process, {rounds} rounds in turn, ours as packaged; the web entry also fetches its secret.\n")
    table(("", "ms, median (quartiles)", "× the yardstick", "× its CPU"), rows)


def _run(program: str, environ: dict[str, str]) -> tuple[float, float]:
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", program], env=environ, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{program} failed")
    return 1000 * (time.perf_counter() - started), 1000 * (used.ru_utime + used.ru_stime)
