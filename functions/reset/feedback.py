"""What SES says later about a mail: delivered, delayed, bounced, complained about, refused."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from .table import ConditionFailedError, transact

if TYPE_CHECKING:
    from .accounts import Accounts
    from .resets import Resets
    from .timeline import Name, Timeline

EVENTS: dict[str, tuple[Name, str]] = {
    "Delivery": ("delivered", "delivery"),
    "DeliveryDelay": ("delayed", "deliveryDelay"),
    "Bounce": ("bounced", "bounce"),
    "Complaint": ("complained", "complaint"),
    "Reject": ("rejected", "reject"),
}


class Feedback:
    """Writes SES's events on the timeline; a hard bounce or a complaint stops further mail to the account."""

    def __init__(self, accounts: Accounts, resets: Resets, timeline: Timeline) -> None:
        self.accounts = accounts
        self.resets = resets
        self.timeline = timeline

    def take(self, event: dict[str, Any]) -> str:
        """Takes one event, in any order and any number of times; says what it was. Mails of others are left alone."""
        tags = event["mail"].get("tags", {})
        account, vorgang = _one(tags, "account"), _one(tags, "vorgang")
        kind = str(event["eventType"])
        if not account or not vorgang:
            return "foreign"
        if kind == "Send":  # heals a worker that died after SES took the mail: no second one
            return self._sent(account, vorgang, _one(tags, "mail"))
        if kind not in EVENTS:
            return "ignored"
        name, part = EVENTS[kind]
        details = event.get(part, {})
        at = datetime.fromisoformat(details.get("timestamp") or event["mail"]["timestamp"]).timestamp()
        detail = _detail(details)
        more = {"detail": detail, "mail": _one(tags, "mail"), "domain": _domain(event)}
        self.timeline.add_at(at, account, vorgang, name, **more)
        if name == "complained" or (name == "bounced" and details.get("bounceType") == "Permanent"):
            self._stop(account, detail or name)
        return name

    def _sent(self, account: str, vorgang: str, mail: str | None) -> str:
        if mail != "changed":
            try:
                transact(self.accounts.table.client, ("Update", self.resets.mailing(account, vorgang)))
            except ConditionFailedError:
                return "ignored"
        return "sent"

    def _stop(self, account: str, reason: str) -> None:
        try:
            self.accounts.stop_mail(account, reason)
        except ConditionFailedError:
            return  # removed since


def _one(tags: dict[str, list[str]], name: str) -> str | None:
    values = tags.get(name)
    return values[0] if values else None


def _detail(details: dict[str, Any]) -> str | None:
    """SES's own words for the kind of trouble, such as `Permanent/General` or `MailboxFull`."""
    names = ("bounceType", "bounceSubType", "delayType", "complaintFeedbackType", "reason")
    return "/".join(str(details[name]) for name in names if details.get(name)) or None


def _domain(event: dict[str, Any]) -> str | None:
    destination = event["mail"].get("destination") or [""]
    return destination[0].rpartition("@")[2].lower() or None
