"""The canary's own accounts: addresses of SES's mailbox simulator, which takes every mail and costs no reputation."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING

from infra.canary.handler import accounts
from reset.accounts import account_id
from reset.table import ConditionFailedError, Table

if TYPE_CHECKING:
    import boto3


def mark(session: boto3.Session, outputs: dict[str, str]) -> str:
    """What nobody can guess in the canary's usernames; always the same for a stage."""
    return hmac.new(_key(session, outputs), b"canary", hashlib.sha256).hexdigest()[:16]


def put_canaries(session: boto3.Session, outputs: dict[str, str]) -> None:
    """Writes the accounts that are not there yet."""
    key = _key(session, outputs)
    table = Table(session.client("dynamodb"), outputs["AccountsTable"])
    for username in accounts(mark(session, outputs)):
        account = {"id": account_id(key, username), "username": username, "address": username, "name": "Canary"}
        account |= {"domain": username.rpartition("@")[2], "language": "de", "status": "active"}
        try:
            table.put(account | {"epoch": 1, "created_at": int(time.time())}, "attribute_not_exists(id)")
        except ConditionFailedError:
            continue


def _key(session: boto3.Session, outputs: dict[str, str]) -> bytes:
    answer = session.client("secretsmanager").get_secret_value(SecretId=outputs["DeskSecretArn"])
    return str(json.loads(answer["SecretString"])["account_key"]).encode()
