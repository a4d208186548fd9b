"""SES's later word on a mail, which the emulator never says: events of the real shape, put on the same queue."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3

from reset.accounts import account_id
from reset.timeline import stamp
from reset.usernames import canonical

VORGANG = re.compile(r"[2-9A-HJ-NP-Z]{3}(?:-[2-9A-HJ-NP-Z]{3}){2}")
KINDS = {"delivery": "zugestellt", "bounce": "unzustellbar", "full": "Postfach voll", "complaint": "beschwert"}
MAILS = {"zurücksetzen": "reset", "Reset": "reset", "abschließen": "finish", "Finish": "finish", "geändert": "changed"}
MAILS |= {"changed": "changed", "gesperrt": "locked", "locked": "locked"}
HOST = "b224-17.smtp-out.eu-central-1.amazonses.com"


def tell(kind: str, mail: dict[str, str]) -> None:
    """Puts the event of this *kind* about *mail* on the events queue."""
    outputs = json.loads(Path(os.environ["CLOUD_FILE"]).read_text())
    session = boto3.Session("test", "test", region_name="eu-central-1")
    endpoint = f"http://127.0.0.1:{outputs['gateway']}"
    secret = session.client("secretsmanager", endpoint_url=endpoint).get_secret_value(SecretId=outputs["DeskSecretArn"])
    account = account_id(json.loads(secret["SecretString"])["account_key"].encode(), canonical(mail["to"]))
    vorgang = VORGANG.findall(mail["text"])[-1]
    tags = {"account": [account], "vorgang": [vorgang], "mail": [_mail(mail["subject"])]}
    sent = datetime.fromisoformat(mail["sent_at"]).timestamp()
    event = ses_event(kind, tags, mail["to"], sent, datetime.now(UTC).timestamp())
    client = session.client("sqs", endpoint_url=endpoint)
    client.send_message(QueueUrl=outputs["EventQueue"], MessageBody=json.dumps(event))


def _mail(subject: str) -> str:
    return next((kind for word, kind in MAILS.items() if word in subject), "reset")


def ses_event(kind: str, tags: dict[str, list[str]], to: str, sent: float, at: float) -> dict[str, Any]:
    """One event as SES publishes it (Amazon SES Developer Guide, "Event data … publishes to Amazon SNS")."""
    mail: dict[str, Any] = {"timestamp": stamp(sent), "messageId": "0107018f-0", "destination": [to], "tags": tags}
    code = {"bounce": "smtp; 550 5.1.1 User unknown", "full": "smtp; 452 4.2.2 Mailbox full"}
    bounced = {"emailAddress": to, "action": "failed", "diagnosticCode": code.get(kind, "")}
    common = {"timestamp": stamp(at), "feedbackId": "0107018f-1", "reportingMTA": f"dsn; {HOST}"}
    if kind == "delivery":
        part: dict[str, Any] = {
            "timestamp": stamp(at),
            "recipients": [to],
            "smtpResponse": "250 ok queued",
            "reportingMTA": HOST,
        }
        return {"eventType": "Delivery", "mail": mail, "delivery": part | {"processingTimeMillis": 700}}
    if kind == "complaint":
        people = [{"emailAddress": to}]
        part = {"timestamp": stamp(at), "complainedRecipients": people, "complaintFeedbackType": "abuse"}
        return {"eventType": "Complaint", "mail": mail, "complaint": part}
    kinds = ("Transient", "MailboxFull") if kind == "full" else ("Permanent", "General")
    bounce = {"bounceType": kinds[0], "bounceSubType": kinds[1], "bouncedRecipients": [bounced]}
    return {"eventType": "Bounce", "mail": mail, "bounce": common | bounce}
