"""The canary's own accounts: addresses of SES's mailbox simulator, which takes every mail and costs no reputation."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from infra.canary.handler import ACCOUNTS
from reset.accounts import account_id
from reset.table import ConditionFailedError, Table

if TYPE_CHECKING:
    import boto3


def put_canaries(session: boto3.Session, outputs: dict[str, str]) -> None:
    """Writes the accounts that are not there yet."""
    answer = session.client("secretsmanager").get_secret_value(SecretId=outputs["DeskSecretArn"])
    key = json.loads(answer["SecretString"])["account_key"].encode()
    table = Table(session.client("dynamodb"), outputs["AccountsTable"])
    for username in ACCOUNTS:
        account = {"id": account_id(key, username), "username": username, "address": username, "name": "Canary"}
        account |= {"domain": username.rpartition("@")[2], "language": "de", "status": "active"}
        try:
            table.put(account | {"epoch": 1, "created_at": int(time.time())}, "attribute_not_exists(id)")
        except ConditionFailedError:
            continue
