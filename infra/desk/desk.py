"""The desk: the tables, the key, the clerk, and the record of everything that is done here."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from infra.deploy.slips import right_facts
from reset.accounts import account_id
from reset.errors import Problem
from reset.queue import MailQueue
from reset.table import Table
from reset.timeline import Timeline
from reset.usernames import canonical
from reset.vorgang import new_vorgang

from .faults import bad_input, no_access

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .place import Place


DESK = "desk"  # in place of an account: the desk's own record, such as of an erasure, without address or account id
TRAVEL = 0.5  # seconds that an answer of the cloud may take
PASTED = re.compile(r"^(.*<|mailto:)|[>,;]+$")  # what mail programs put around an address


@dataclass(frozen=True)
class Desk:
    """Everything a command touches; *facts* is `extra:` of mkdocs.yml, *now* the cloud's time."""

    place: Place
    who: str
    key: bytes
    facts: Mapping[str, Any]
    now: Callable[[], float]
    accounts: Table
    passwords: Table
    resets: Table
    events: Table
    timeline: Timeline
    queue: MailQueue

    def id(self, username: str) -> str:
        """The account's id in every table."""
        return account_id(self.key, username)

    def log(self, account: str, what: str, why: str | None = None, vorgang: str | None = None) -> str:
        """Records a look-up or an act: who, when, what, why; returns its Vorgangsnummer."""
        vorgang = vorgang or new_vorgang()
        self.timeline.add(account, vorgang, "desk", what, by=self.who, why=why)
        return vorgang

    def logging(self, account: str, what: str, why: str | None, vorgang: str) -> dict[str, Any]:
        """The same record as part of a transaction."""
        return self.timeline.adding(account, vorgang, "desk", detail=what, by=self.who, why=why)


def username_of(address: str) -> str:
    """The username for a typed address; a plain sentence where it cannot be one."""
    try:
        return canonical(PASTED.sub("", address.strip()))
    except Problem:
        raise bad_input(f"„{address[:80]}“ kann keine E-Mail-Adresse sein. Erwartet wird name@behoerde.de.") from None


def domain_of(text: str) -> str:
    """The domain of what somebody typed, a domain or an address, as the tables have it."""
    text = text.strip().rstrip(".")
    try:
        return canonical(PASTED.sub("", text if "@" in text else f"x@{text}")).rpartition("@")[2]
    except Problem:
        raise bad_input(f"„{text[:80]}“ kann keine Domain sein. Erwartet wird behoerde.de.") from None


def open_desk(place: Place) -> Desk:
    """The desk of a deployed product."""
    if not {"DeskSecretArn", "MailQueue"} <= place.outputs.keys():
        raise no_access(
            "Dieser Aufbau ist nicht fertig oder älter als dieses Programm. Der Betrieb bringt ihn mit make deploy auf"
            " den Stand."
        )
    answer = place.client("secretsmanager").get_secret_value(SecretId=place.outputs["DeskSecretArn"])
    skew = _skew(answer)
    dynamodb = place.client("dynamodb")
    facts = right_facts()
    events = Table(dynamodb, place.outputs["TimelineTable"])

    def now() -> float:
        return time.time() + skew

    return Desk(
        place=place,
        who=place.who(),
        key=json.loads(answer["SecretString"])["account_key"].encode(),
        facts=facts,
        now=now,
        accounts=Table(dynamodb, place.outputs["AccountsTable"]),
        passwords=Table(dynamodb, place.outputs["PasswordsTable"]),
        resets=Table(dynamodb, place.outputs["ResetsTable"]),
        events=events,
        timeline=Timeline(events, now, int(facts["retention_days"])),
        queue=MailQueue(place.client("sqs"), place.outputs["MailQueue"]),
    )


def _skew(answer: Mapping[str, Any]) -> float:
    """Seconds by which this machine's clock is behind the cloud's: a request "older" than the last gets no mail.

    The cloud tells whole seconds, so a clock up to one ahead of what it told, and the answer's way, may be right; any
    other is set to the second that was told, which is never ahead: what lies in the future outruns a customer.
    """
    told = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
    if not told:
        return 0.0
    skew = parsedate_to_datetime(told).timestamp() - time.time()
    return 0.0 if -1 - TRAVEL <= skew <= 0 else skew
