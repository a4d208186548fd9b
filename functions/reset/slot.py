"""What the one slot of an account says: which links open it, and whether the newest one's mail is out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .table import Item


@dataclass(frozen=True)
class Slot:
    """What a table item says: *links* has a digest and its end for each try to send the newest request's mail.

    *older* has those of the requests before it. They come back to life when the newest mail did not go out: the newest
    mail in the mailbox never holds a dead link.
    """

    links: Mapping[str, Any] = field(default_factory=dict)
    older: Mapping[str, Any] = field(default_factory=dict)
    vorgang: str = ""
    asked_at: int = 0
    expires_at: int = 0
    sending_until: int = 0
    mailed_at: int | None = None
    used_at: int | None = None
    untold: bool = False  # only SES told that the mail is out: the worker died before it wrote the event
    version: int = 0

    @classmethod
    def read(cls, item: Item | None) -> "Slot":
        """The slot in an item; an empty one where there is none, so that both cost the same."""
        return cls(**{name: value for name, value in (item or {}).items() if name in cls.__dataclass_fields__})

    def live(self, now: float) -> dict[str, int]:
        """The digests that open the account now, and when each ends; the table's TTL is not believed (R15)."""
        revived = self.older if self.mailed_at is None and self.sending_until < now else {}
        both = (*self.links.items(), *revived.items())
        return {name: int(end) for name, end in both if now < min(end, self.expires_at)}
