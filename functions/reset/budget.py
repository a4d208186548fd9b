"""All mails with a link in one hour: the last brake against the form as a spam cannon (R57, X29)."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import HTTPClientError

from .limits import Counters

HOUR = 3600


class BudgetError(Exception):
    """The hour's mails are used up: the job waits on the queue, and an alarm tells the operator."""


class Budget:
    """At most *most* mails an hour."""

    def __init__(self, counters: Counters, most: int) -> None:
        self.counters = counters
        self.most = most

    @contextmanager
    def one(self) -> Iterator[None]:
        """Room for one mail; raises BudgetError. What was not mailed takes none of it, what may be out does."""
        sent, _ = self.counters.count("mails", HOUR)
        if sent > self.most:
            self.counters.give_back("mails", HOUR)
            raise BudgetError
        try:
            yield
        except HTTPClientError:
            raise
        except Exception:
            self.counters.give_back("mails", HOUR)
            raise
