"""Counting what is too much: requests per client address and hour, and all mails together."""

import ipaddress
from collections.abc import Callable

from .errors import Problem
from .settings import Window
from .table import Table


def network(viewer_address: str) -> str:
    """What counts as one client in CloudFront's `address:port`: an IPv4 address or an IPv6 /64."""
    address = ipaddress.ip_address(viewer_address.rpartition(":")[0].strip("[]"))
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


class Counters:
    """Requests per fixed window; one atomic write each, the same for everybody (R57, R58)."""

    def __init__(self, table: Table, now: Callable[[], float]) -> None:
        self.table = table
        self.now = now

    def hit(self, name: str, window: Window) -> None:
        """Counts one; raises Problem `zu-viele-anfragen` with the seconds until the window ends."""
        count, left = self.count(name, window.seconds)
        if count > window.count:
            raise Problem("zu-viele-anfragen", retry_after=left)

    def count(self, name: str, seconds: int) -> tuple[int, int]:
        """Counts one; how many there are in this window, and the seconds until it ends."""
        return self._add(name, seconds, 1)

    def give_back(self, name: str, seconds: int) -> None:
        """Takes one back: what it was counted for did not happen."""
        self._add(name, seconds, -1)

    def _add(self, name: str, seconds: int, number: int) -> tuple[int, int]:
        now = int(self.now())
        start = now - now % seconds
        values = {"number": number, "ttl": start + seconds + 3600}
        key = {"pk": f"count#{name}#{start}"}
        counted = self.table.update(key, "ADD hits :number SET #ttl = :ttl", None, values, returning="UPDATED_NEW")
        return int(counted["hits"]), start + seconds - now
