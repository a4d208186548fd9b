"""What SES says later about a mail: delivered, delayed, bounced, complained about, refused."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .table import ConditionFailedError, transact
from .usernames import BLANKS

if TYPE_CHECKING:
    from .accounts import Accounts
    from .changes import Changes
    from .resets import Resets
    from .timeline import Name, Timeline

EVENTS: dict[str, tuple[Name, str]] = {
    "Delivery": ("delivered", "delivery"),
    "DeliveryDelay": ("delayed", "deliveryDelay"),
    "Bounce": ("bounced", "bounce"),
    "Complaint": ("complained", "complaint"),
    "Reject": ("rejected", "reject"),
}
ADDRESS = re.compile(r"[^\s<>\"']+@[^\s<>\"';,]+")
CODE = re.compile("[0-9]{1,3}")  # what a mail server's code may be; a longer number is somebody's telephone
GREETING = "Successfully validated SNS topic for Amazon SES event publishing."  # to a new topic, and no JSON
REPORTS = ("abuse", "auth-failure", "fraud", "other", "virus")  # RFC 5965 §7.3, RFC 6591 §3.2.1
SKEW = 60  # seconds that a clock may be ahead
LONGEST = 200  # characters of a mail server's words that are kept


class Feedback:
    """Writes SES's events on the timeline; a hard bounce or a complaint stops an account's mails and links."""

    def __init__(self, accounts: Accounts, resets: Resets, changes: Changes, timeline: Timeline) -> None:
        self.accounts = accounts
        self.resets = resets
        self.changes = changes
        self.timeline = timeline

    def take(self, event: dict[str, Any]) -> str:
        """Takes one event, in any order and any number of times; says what it was. Mails of others are left alone."""
        mail = event.get("mail") or {}
        account, vorgang = tag(mail, "account"), tag(mail, "vorgang")
        kind = str(event["eventType"])
        sent = _seconds(mail.get("timestamp"), self.timeline.now())
        if not account or not vorgang or not self.accounts.knew(account, sent):
            return "foreign"  # not ours, or of somebody who was erased: no new trace
        if kind == "Send":  # heals a worker that died after SES took the mail: no second one
            return self._sent(account, vorgang, tag(mail, "mail"))
        if kind not in EVENTS:
            return "ignored"
        name, part = EVENTS[kind]
        details = event.get(part) or {}
        if details.get("complaintFeedbackType") == "not-spam":
            return "ignored"  # the provider reports that somebody took the mail out of the spam folder
        at = _seconds(details.get("timestamp"), sent)
        if not sent <= at <= self.timeline.now() + SKEW:
            at = sent  # of a bounce or complaint it is by the clock of a server that anybody may run
        detail = _detail(details)
        more = {"detail": detail, "mail": tag(mail, "mail"), "domain": _domain(mail), "answer": _answer(details, mail)}
        self.timeline.add_at(at, account, vorgang, name, **more, mta=_host(details))
        if name == "complained" or (name == "bounced" and details.get("bounceType") == "Permanent"):
            self._stop(account, detail or name, sent)
        return name

    def _sent(self, account: str, vorgang: str, mail: str | None) -> str:
        notice = self.changes.mailing(vorgang, healing=True)
        marking = notice if mail == "changed" else self.resets.mailing(account, vorgang, healing=True)
        try:
            transact(self.accounts.table.client, ("Update", marking))
        except ConditionFailedError:
            return "ignored"
        return "sent"

    def _stop(self, account: str, reason: str, sent: float) -> None:
        """Stops mail, and the links that are out: whoever can open one now would change a password unheard (R28).

        Not so where this mail is older than the desk's lifting: that proves nothing.
        """
        marking = self.accounts.table.updating(
            {"id": account},
            "SET undeliverable = :reason",
            "attribute_exists(id) AND (attribute_not_exists(lifted_at) OR lifted_at <= :sent)",
            {"reason": reason, "sent": int(sent)},
        )
        try:
            transact(self.accounts.table.client, ("Update", marking), ("Update", self.resets.voiding(account)))
        except ConditionFailedError:
            return


def tag(mail: dict[str, Any], name: str) -> str | None:
    """What we wrote on a mail when we handed it to SES, as SES tells it back; None for mails of others."""
    tags = mail.get("tags")
    values = tags.get(name) if isinstance(tags, dict) else None
    return str(values[0]) if isinstance(values, list) and values else None


def _seconds(stamp: object, otherwise: float) -> float:
    """An ISO time in epoch seconds; *otherwise* where there is none or it is unreadable."""
    try:
        return datetime.fromisoformat(str(stamp)).timestamp()
    except (ValueError, OverflowError):
        return otherwise


def _detail(details: dict[str, Any]) -> str | None:
    """SES's word for the kind of trouble, such as `Permanent/General` or `MailboxFull`, or the provider's, if known."""
    names = ("bounceType", "bounceSubType", "delayType", "complaintSubType", "reason")
    told = [re.sub(r"[^\w-]", "", str(details[name])) for name in names if details.get(name)]
    kind = details.get("complaintFeedbackType")
    return _line("/".join([*told, *([kind] if kind in REPORTS else [])]))


def _answer(details: dict[str, Any], mail: dict[str, Any]) -> str | None:
    """What the receiving server said, for its postmaster; it likes to name the mailbox without its domain."""
    people = details.get("bouncedRecipients") or details.get("delayedRecipients") or [{}]
    mailbox = _recipient(mail).rpartition("@")[0]
    return _line(details.get("smtpResponse") or people[0].get("diagnosticCode"), mailbox)


def _host(details: dict[str, Any]) -> str | None:
    """Which of SES's hosts spoke to the receiving server."""
    return _line(str(details.get("reportingMTA") or "").rpartition(";")[2])


def _line(said: object, mailbox: str = "") -> str | None:
    """Words of others as one short line: nobody forges a line of the desk's, and no address is kept (R86, R87)."""
    some, more = str(said or ""), 10 * LONGEST  # the search below takes the square of the length
    some = some if len(some) <= more else some[:more].rpartition(" ")[0]  # a part of an address looks like none
    shown = " ".join("".join(sign if sign.isprintable() and sign not in BLANKS else " " for sign in some).split())
    plain = ADDRESS.sub("…", shown)
    if mailbox and not CODE.fullmatch(mailbox):
        own = "|".join(map(re.escape, (mailbox, mailbox.partition("+")[0])))
        plain = re.sub(rf"(?<![^\W_])(?:{own})(?![^\W_])", "…", plain, flags=re.IGNORECASE)
    return plain[:LONGEST] or None


def _domain(mail: dict[str, Any]) -> str | None:
    return _recipient(mail).rpartition("@")[2].lower() or None


def _recipient(mail: dict[str, Any]) -> str:
    return str((mail.get("destination") or [""])[0])
