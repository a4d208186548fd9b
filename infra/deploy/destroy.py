"""Takes a stage down: all that can be deployed anew; accounts, keys and sender only when told so in words."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from .code import remove
from .dns import sender_records, site_records, withdraw
from .publish import empty
from .restored import TABLES
from .target import GLOBAL

if TYPE_CHECKING:
    from .stack import Stack
    from .target import Target

GOING = re.compile("(marked|scheduled) for deletion|pending deletion")
SECRETS = ("SecretArn", "DeskSecretArn")


def destroy(target: Target) -> None:
    """Deletes watch, app, firewall and the code; the state stack stays and a later deploy finds it again."""
    client = target.session.client("s3")
    buckets = {each["Name"] for each in client.list_buckets()["Buckets"]}
    app = target.stack("app").outputs()
    if "DistributionDomain" in app:
        withdraw(target, site_records(target, app))
    target.stack("watch").delete()
    if app.get("SiteBucket") in buckets:  # a stack whose deletion failed half way still names it
        empty(client, app["SiteBucket"])
    target.stack("app").delete()
    target.stack("waf", GLOBAL).delete()
    remove(target)


def destroy_state(target: Target) -> None:
    """Deletes every account for good: the stack, what its policies keep, restored tables. The key goes in 30 days."""
    stack, session = target.stack("state"), target.session
    status, outputs, before = stack.free(), stack.outputs(), stack.before()
    if before is None:
        if status:  # a first try that failed: nothing of it is in use
            stack.protect(on=False)
            stack.delete()
        return
    dynamodb = session.client("dynamodb")
    for name in (*(outputs[table] for table in TABLES), *target.options.tables.values()):
        _gone(dynamodb.update_table, TableName=name, DeletionProtectionEnabled=False)
        _gone(dynamodb.delete_table, TableName=name)
    for name in (outputs[secret] for secret in SECRETS if secret in outputs):
        _gone(session.client("secretsmanager").delete_secret, SecretId=name, RecoveryWindowInDays=30)
    sender = before.parameters["SenderIdentity"]
    if before.parameters["OwnsSender"] == "true" and not _sends(stack, sender):
        with suppress(session.client("sesv2").exceptions.NotFoundException):  # gone at a try before
            _withdraw_sender(target, sender)
        _gone(session.client("sesv2").delete_email_identity, EmailIdentity=sender)
    _gone(session.client("kms").schedule_key_deletion, KeyId=outputs["KeyArn"], PendingWindowInDays=30)
    # Last: it alone knows the names of what its policies keep, should this be broken off and run again.
    stack.protect(on=False)
    stack.delete()
    target.say(f"{target.stage} is gone; its key and secrets can be brought back for 30 days.")


def _withdraw_sender(target: Target, sender: str) -> None:
    """The DKIM records are this identity's own; the others hold for all regions and accounts that send as *sender*."""
    found = sender_records(target, sender)
    own = [record for record in found if "._domainkey." in record.name]
    withdraw(target, own)
    target.say(f"dns: once nobody sends as {sender} any more, wherever, these go, too:")
    for record in found:
        if record not in own:
            target.say(f"  {record.line()}")


def _sends(own: Stack, sender: str) -> bool:
    """Whether another stage of this region sends as *sender*."""
    pages = own.client.get_paginator("describe_stacks").paginate()
    wanted = {"ParameterKey": "SenderIdentity", "ParameterValue": sender}
    return any(
        wanted.items() <= given.items()
        for page in pages
        for stack in page["Stacks"]
        if stack["StackName"] != own.name and stack["StackStatus"] != "DELETE_COMPLETE"
        for given in stack.get("Parameters", [])
    )


def _gone(delete: Any, **what: Any) -> None:
    """Deletes; what is gone already, or goes already, is fine."""
    try:
        delete(**what)
    except ClientError as error:
        told = error.response["Error"]
        if "NotFound" not in told["Code"] and not GOING.search(told["Message"]):
            raise
