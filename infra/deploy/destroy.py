"""Takes a stage down: all that can be deployed anew; accounts, keys and sender only when told so in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from .publish import empty
from .target import GLOBAL

if TYPE_CHECKING:
    from .target import Target

TABLES = ("AccountsTable", "PasswordsTable", "ResetsTable", "TimelineTable")
SECRETS = ("SecretArn", "DeskSecretArn")


def destroy(target: Target) -> None:
    """Deletes watch, app, firewall and the code; the state stack stays and a later deploy finds it again."""
    outputs = target.stack("app").outputs()
    target.stack("watch").delete()
    if "SiteBucket" in outputs:
        empty(target.session.client("s3"), outputs["SiteBucket"])
    target.stack("app").delete()
    if target.options.firewall == "own":
        target.stack("waf", GLOBAL).delete()
    client = target.session.client("s3")
    if target.code_bucket in {each["Name"] for each in client.list_buckets()["Buckets"]}:
        empty(client, target.code_bucket)
        client.delete_bucket(Bucket=target.code_bucket)
    target.say(f"The tables, keys and the sender of {target.stage} stay (stack kennwort-{target.stage}-state).")


def destroy_state(target: Target) -> None:
    """Deletes every account for good: the stack, then what its policies keep. The key goes after 30 days."""
    stack, session = target.stack("state"), target.session
    outputs, before = stack.outputs(), stack.before()
    if before is None:
        return
    stack.protect(on=False)
    stack.delete()
    dynamodb = session.client("dynamodb")
    for name in (outputs[table] for table in TABLES):
        _gone(dynamodb.update_table, TableName=name, DeletionProtectionEnabled=False)
        _gone(dynamodb.delete_table, TableName=name)
    for name in (outputs[secret] for secret in SECRETS if secret in outputs):
        _gone(session.client("secretsmanager").delete_secret, SecretId=name, RecoveryWindowInDays=30)
    if before.parameters["OwnsSender"] == "true":
        sender = before.parameters["SenderIdentity"]
        _gone(session.client("sesv2").delete_email_identity, EmailIdentity=sender)
    _gone(session.client("kms").schedule_key_deletion, KeyId=outputs["KeyArn"], PendingWindowInDays=30)
    target.say(f"{target.stage} is gone; its key and secrets can be brought back for 30 days.")


def _gone(delete: Any, **what: Any) -> None:
    """Deletes; what is gone already is fine."""
    try:
        delete(**what)
    except ClientError as error:
        if "NotFound" not in error.response["Error"]["Code"]:
            raise
