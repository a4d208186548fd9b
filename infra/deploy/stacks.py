"""The four stacks and what each is given: state, firewall, app, watch."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from .canaries import mark
from .facts import ROOT
from .stack import KEEP
from .target import GLOBAL

if TYPE_CHECKING:
    from .stack import Stack
    from .target import Target

STATE = ("KeyArn", "AccountsTable", "PasswordsTable", "ResetsTable", "TimelineTable", "SecretArn", "DeskSecretArn")
WATCHED = (
    *("Distribution", "ApiId", "WebFunction", "WorkerFunction", "WebLog", "WorkerLog"),
    *("MailQueueName", "EventQueueName", "DeadMailQueueName", "DeadEventQueueName"),
    *("KeyArn", "ResetsTable", "TimelineTable", "CodeBucket", "CodeKey", "LogDays"),
    "MetricsNamespace",
)


def template(name: str) -> str:
    """A template's text."""
    return (ROOT / "infra" / name).read_text()


def deploy_state(target: Target, facts: dict[str, str]) -> dict[str, str]:
    """Tables, keys and sender; secrets are made at the first deploy and kept."""
    stack = target.stack("state")
    before = stack.before()
    fresh = {name: secrets.token_urlsafe(32) for name in ("AccountKey", "Pepper", "Origin")}
    # An identity that another stage or somebody else has made in this account stays theirs.
    fresh |= {
        "OriginPrevious": "",
        "OwnsSender": "false" if _sender_exists(target, facts["SenderIdentity"]) else "true",
    }
    values: dict[str, Any] = dict.fromkeys(fresh, KEEP) if before else dict(fresh)
    if before and before.parameters["SenderIdentity"] != facts["SenderIdentity"]:
        values["OwnsSender"] = fresh["OwnsSender"]
    values |= {"SenderIdentity": facts["SenderIdentity"], "Protect": "false" if target.local else "true"}
    stack.deploy(template("state.yaml"), values, target.confirm)
    if not target.local:
        stack.protect(on=True)
    return stack.outputs()


def deploy_app(target: Target, app: Stack, facts: dict[str, str], given: dict[str, str]) -> dict[str, str]:
    """Site, API, functions and queues."""
    chosen = target.options
    value, version = origin(target, given["SecretArn"])
    before = app.before()
    same = before is not None and before.parameters.get("OriginVersion") == version
    site_url = f"https://{chosen.domain}" if chosen.domain else target.site_url.rstrip("/")
    more: dict[str, Any] = {
        "Domain": chosen.domain,
        "CertificateArn": chosen.certificate,
        "WebAclArn": deploy_firewall(target),
    }
    more |= {"MailsPerHour": str(chosen.mails_per_hour), "SecretVersion": version, "OriginVersion": version}
    more["Origin"] = KEEP if same else value
    app.deploy(
        template("template.yaml"), {**given, **facts, **more, "SiteUrl": site_url}, target.confirm, guards(target)
    )
    return app.outputs()


def guards(target: Target) -> list[str]:
    """The alarms that roll an update back, but those that are on: this update may be what ends them.

    A rehearsal has none, its alarms never go off.
    """
    watch = target.stack("watch")
    outputs = {} if target.local else watch.outputs()
    alarms: Any = target.session.client("cloudwatch")
    told = alarms.describe_alarms(AlarmNamePrefix=watch.name, StateValue="ALARM") if outputs else {}
    on = {each["AlarmArn"] for each in told.get("MetricAlarms", [])}
    found = [outputs[name] for name in ("WebErrorsAlarm", "FaultsAlarm") if name in outputs]
    if on & set(found):
        target.say("an alarm that rolls updates back is on: this one goes without it")
    return [alarm for alarm in found if alarm not in on]


def deploy_firewall(target: Target) -> str:
    """The ARN of the chosen web ACL; our own is made first, where CloudFront wants it."""
    if target.options.firewall != "own":
        return target.options.firewall
    stack = target.stack("waf", GLOBAL)
    stack.deploy(template("waf.yaml"), {"AlarmMail": target.options.alarm_mail}, target.confirm)
    return stack.outputs()["WebAclArn"]


def deploy_watch(target: Target, known: dict[str, str]) -> dict[str, str]:
    """Dashboard, alarms, saved queries and the canary, of facts and outputs *known*.

    The plain local cloud goes without: nobody watches it.
    """
    if target.local and target.visit is None:
        return {}
    chosen = target.options
    values = {key: known[key] for key in WATCHED}
    values |= {"SiteUrl": target.public_url(known), "AlarmMail": chosen.alarm_mail}
    values |= {"Budget": str(chosen.mails_per_hour), "BudgetNear": str(max(1, chosen.mails_per_hour * 8 // 10))}
    values |= {"Canary": str(chosen.canary).lower(), "CanaryMark": mark(target.session, known)}
    values |= {"Queries": "false" if target.local else "true"}
    stack = target.stack("watch")
    stack.deploy(template("watch.yaml"), values, target.confirm)
    return stack.outputs()


def origin(target: Target, secret: str) -> tuple[str, str]:
    """What CloudFront shows the function, and which version of the secret it comes from."""
    answer = target.session.client("secretsmanager").get_secret_value(SecretId=secret)
    return str(json.loads(answer["SecretString"])["origin"][0]), answer["VersionId"]


def _sender_exists(target: Target, identity: str) -> bool:
    client = target.session.client("sesv2")
    try:
        client.get_email_identity(EmailIdentity=identity)
    except client.exceptions.NotFoundException:
        return False
    return True
