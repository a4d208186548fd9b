"""Hands a mail to SES: the structured API, never a raw message (R65)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

    from .mails import Mail


class Mailer:
    """Sends as the one configured sender."""

    def __init__(self, client: SESV2Client, sender: str, configuration_set: str) -> None:
        self.client = client
        self.sender = sender
        self.configuration_set = configuration_set

    def send(self, mail: Mail, address: str, tags: dict[str, str]) -> str:
        """SES's message id; *address* is the stored one (R05), *tags* come back with each delivery event."""
        answer = self.client.send_email(
            FromEmailAddress=self.sender,
            Destination={"ToAddresses": [address]},
            Content={
                "Simple": {
                    "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
                    "Body": {
                        "Text": {"Data": mail.text, "Charset": "UTF-8"},
                        "Html": {"Data": mail.html, "Charset": "UTF-8"},
                    },
                    "Headers": [{"Name": "Auto-Submitted", "Value": "auto-generated"}],  # RFC 3834
                }
            },
            ConfigurationSetName=self.configuration_set,
            EmailTags=[{"Name": name, "Value": value} for name, value in tags.items()],
        )
        return answer["MessageId"]
