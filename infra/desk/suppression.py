"""SES's own list of addresses that it sends nothing to, and our mark beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from reset.clock import german_time

from .case import LIFTED
from .known import known
from .locking import write

if TYPE_CHECKING:
    from .desk import Desk

ABSENT = ("NotFoundException", "UnknownOperationException", "InvalidAction", "404", "UnknownOperation")


def listed(desk: Desk, address: str) -> str | None:
    """Since when and why SES keeps the address on its list; None where it does not (the local cloud has no list)."""
    entry = _call(desk, "get_suppressed_destination", address)
    if not entry:
        return None
    found = entry["SuppressedDestination"]
    why = {"BOUNCE": "unzustellbar", "COMPLAINT": "als Spam gemeldet"}.get(found["Reason"], found["Reason"])
    return f"seit {german_time(found['LastUpdateTime'].timestamp())}, {why}"


def unsuppress(desk: Desk, address: str, why: str) -> dict[str, Any]:
    """Lifts our mark, on record, then SES's entry, so that it can be run again. Earlier links are over."""
    account = known(desk, address, why)
    entry = listed(desk, account.address)
    told = {"address": account.username, "was": account.undeliverable, "ses": entry}
    if not (entry or account.undeliverable):
        return told | {"vorgang": desk.log(account.id, "nach einer Zustellsperre gesehen: keine", why)}
    change = desk.accounts.updating(
        {"id": account.id},
        "SET lifted_at = :now REMOVE undeliverable",
        "attribute_exists(id)",
        {"now": int(desk.now())},
    )
    vorgang = write(desk, account, LIFTED, why, change)
    if entry:
        _call(desk, "delete_suppressed_destination", account.address)
    return told | {"vorgang": vorgang}


def _call(desk: Desk, name: str, address: str) -> Any:
    try:
        return getattr(desk.place.client("sesv2"), name)(EmailAddress=address)
    except ClientError as error:
        status = error.response["ResponseMetadata"].get("HTTPStatusCode")
        if error.response["Error"]["Code"] in ABSENT or status == 404:
            return None
        raise
