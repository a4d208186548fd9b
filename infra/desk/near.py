"""Which known addresses are near one that nobody has: each single slip is looked up, nothing is scanned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from .reading import get_many, query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .desk import Desk

KEYS = "abcdefghijklmnopqrstuvwxyz0123456789-._"
DOMAINS = (
    "web.de",
    "gmx.de",
    "gmx.net",
    "t-online.de",
    "freenet.de",
    "gmail.com",
    "googlemail.com",
    "outlook.de",
    "outlook.com",
    "hotmail.com",
    "icloud.com",
    "posteo.de",
    "mailbox.org",
)
SPELLINGS = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ss", "s"), ("c", "k"), ("ph", "f"), ("th", "t"), ("y", "i"))
MOST = 5
BEGINNING = 3  # letters that an index query holds on to
CROWDED = 2000  # accounts from which on the emulator, which sorts a whole index for each query, is too slow


def near(desk: Desk, username: str) -> list[str]:
    """Known usernames that *username* may have been meant for, the likeliest first."""
    found = list(_known(desk, one_slip(username, own_domains(desk.facts)))) or _alike(desk, username)
    found.sort(key=lambda each: (OSA.distance(each, username), each))
    return found[:MOST]


def own_domains(facts: Mapping[str, Any]) -> set[str]:
    """The authority's own domains, as its configuration names them."""
    addresses = (facts["mailbox"], facts["operator"]["email"])
    return {str(each).rpartition("@")[2].lower() for each in addresses if "@" in str(each)}


def one_slip(username: str, own: Iterable[str] = ()) -> set[str]:
    """Every address that differs by one slip in the local part or the domain, or by a usual misspelling."""
    usual = {*DOMAINS, *own}
    local, _, domain = username.rpartition("@")
    close = [domain, *(each for each in usual if OSA.distance(each, domain) <= 2)]
    slips = {f"{each}@{there}" for there in close for each in {*slip(local), *misheard(local), local}}
    slips |= {f"{local}@{each}" for each in {*slip(domain), *usual}}
    return {each for each in slips if each[0] != "@"} - {username}


def slip(word: str) -> Iterator[str]:
    """One character missing, too much, wrong, or swapped with its neighbour."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield before + after[1:]
        yield from (before + key + after for key in KEYS)
        yield from (before + key + after[1:] for key in KEYS if after)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]


def misheard(local: str) -> Iterator[str]:
    """First and last name the other way round, another separator, another spelling of the same sound."""
    for sign in "._-":
        parts = local.split(sign)
        if len(parts) > 1:
            yield sign.join(reversed(parts))
            yield "".join(parts)
            yield f"{parts[0][:1]}{sign}{parts[-1]}"
            yield from (other.join(parts) for other in "._-")
    for one, other in SPELLINGS:
        yield local.replace(one, other)
        yield local.replace(other, one)


def _known(desk: Desk, usernames: Iterable[str]) -> Iterator[str]:
    """Those that have an account."""
    names = {desk.id(each): each for each in usernames}
    return (names[item["id"]] for item in get_many(desk.accounts, ({"id": each} for each in names), "id"))


def _alike(desk: Desk, username: str) -> list[str]:
    """Addresses of the same domain that begin alike: for more than one slip."""
    local, _, domain = username.rpartition("@")
    if desk.place.endpoint and _size(desk) > CROWDED:
        return []
    condition, values = "#domain = :domain AND begins_with(username, :start)", {"domain": domain}
    found = query(desk.accounts, condition, values | {"start": local[:BEGINNING]}, index="by-domain", most=CROWDED)
    names = [str(item["username"]) for item in found]
    return [name for name, _, _ in process.extract(username, names, scorer=fuzz.ratio, score_cutoff=85, limit=MOST)]


def _size(desk: Desk) -> int:
    return int(desk.accounts.client.describe_table(TableName=desk.accounts.name)["Table"]["ItemCount"])
