"""Restored tables that an operator named for a stage in place of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from .target import Target

TABLES = ("AccountsTable", "PasswordsTable", "ResetsTable", "TimelineTable")
PASSING = ("ResetsTable", "TimelineTable")  # what they hold has an end


def table_faults(target: Target) -> list[str]:
    """Whether each is there: a slip of the pen would deploy, and refuse every customer."""
    client, own, faults = target.session.client("dynamodb"), target.stack("state").outputs(), []
    for name, table in target.options.tables.items():
        if name not in TABLES:
            faults.append(f"tables: nothing is called {name}. There are {', '.join(TABLES)}.")
            continue
        try:
            described = client.describe_table(TableName=table)["Table"]
        except client.exceptions.ResourceNotFoundException:
            faults.append(f"tables: there is no table {table} in {target.session.region_name}.")
            continue
        if (status := described.get("TableStatus")) != "ACTIVE":
            faults.append(f"tables: {table} is {status}. Wait until it is ACTIVE.")
        elif name in own and _shape(described) != _shape(client.describe_table(TableName=own[name])["Table"]):
            faults.append(f"tables: {table} has not the keys and indexes of {name}: it is another one's copy.")
        elif name in PASSING and not _forgets(client, table):
            faults.append(f"tables: {table} would keep everything for ever. Turn its TTL on: infra/README.md, Restore.")
    return faults


def _shape(table: Any) -> tuple[Any, set[str]]:
    """Keys and indexes: what tells one table of ours from another."""
    return table["KeySchema"], {index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])}


def _forgets(client: DynamoDBClient, table: str) -> bool:
    """Whether DynamoDB deletes what is over; a restore leaves that out."""
    told = client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    return told.get("TimeToLiveStatus") in ("ENABLED", "ENABLING") and told.get("AttributeName") == "ttl"
