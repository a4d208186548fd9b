"""The demo accounts, made by the same code an operator uses."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from reset.accounts import account_id
from reset.passwords import Hasher
from reset.table import Table

if TYPE_CHECKING:
    import boto3

DEMO = (
    ("anna.kunde@example.org", "Anna Kunde", "active", "Sonnenblume-am-Hafen-7"),
    ("bert.neu@example.org", "Bert Neu", "invited", None),
    ("clara.gesperrt@example.org", "Clara Gesperrt", "locked", None),
)


def seed(session: boto3.Session, outputs: dict[str, str]) -> None:
    """Writes the demo accounts; only here a password is set without its owner."""
    dynamodb = session.client("dynamodb")
    answer = session.client("secretsmanager").get_secret_value(SecretId=outputs["SecretArn"])
    keys = json.loads(answer["SecretString"])
    accounts = Table(dynamodb, outputs["AccountsTable"])
    passwords = Table(dynamodb, outputs["PasswordsTable"])
    for username, name, status, password in DEMO:
        identity = account_id(keys["account_key"].encode(), username)
        accounts.put(
            {
                "id": identity,
                "username": username,
                "address": username,
                "domain": username.rpartition("@")[2],
                "name": name,
                "language": "de",
                "status": status,
                "epoch": 1,
                "created_at": int(time.time()),
            }
        )
        if password:
            passwords.put({"id": identity, "hash": Hasher(keys["pepper"].encode()).hash(password)})
