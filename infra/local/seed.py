"""The demo accounts, made by the same code an operator uses."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from infra.desk.csv_rows import Row, new_account
from reset.hasher import Hasher
from reset.table import Table

if TYPE_CHECKING:
    import boto3

DEMO = (
    ("anna.kunde@example.org", "Anna Kunde", "active", "Sonnenblume-am-Hafen-7"),
    ("bert.neu@example.org", "Bert Neu", "invited", None),
    ("clara.gesperrt@example.org", "Clara Gesperrt", "locked", None),
)


def seed(session: boto3.Session, outputs: dict[str, str]) -> None:
    """Writes the demo accounts."""
    for username, name, status, password in DEMO:
        put_account(session, outputs, username, status, name=name, password=password)


def put_account(
    session: boto3.Session,
    outputs: dict[str, str],
    username: str,
    status: str,
    *,
    name: str = "",
    language: str = "de",
    password: str | None = None,
) -> str:
    """Writes one account and returns its id; only in the local cloud a password is set without its owner."""
    dynamodb = session.client("dynamodb")
    answer = session.client("secretsmanager").get_secret_value(SecretId=outputs["SecretArn"])
    keys = json.loads(answer["SecretString"])
    row = Row(0, username, name, language, status)
    account = new_account(keys["account_key"].encode(), row, time.time(), "make serve")
    identity = str(account["id"])
    Table(dynamodb, outputs["AccountsTable"]).put(account)
    if password:
        hashed = Hasher(keys["pepper"].encode()).hash(password)
        Table(dynamodb, outputs["PasswordsTable"]).put({"id": identity, "hash": hashed})
    return identity
