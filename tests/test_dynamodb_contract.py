"""What we rely on in DynamoDB, asked of the local cloud and of AWS's own DynamoDB Local: an upgrade is one run."""

import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError
from dynamodb_local import tables

from infra.local.cloud import Cloud
from reset.table import ConditionFailedError, Table, read_all, transact


@dataclass(frozen=True)
class Opinion:
    """One DynamoDB with our tables."""

    client: Any
    names: dict[str, str]

    def table(self, name: str) -> Table:
        return Table(self.client, self.names[name])

    @property
    def resets(self) -> Table:
        return self.table("Resets")


@pytest.fixture(scope="module", params=["local cloud", "DynamoDB Local"])
def opinion(request: pytest.FixtureRequest) -> Opinion:
    if request.param == "DynamoDB Local":
        return Opinion(request.getfixturevalue("aws_dynamodb"), {name: name for name in tables()})
    cloud: Cloud = request.getfixturevalue("cloud")
    return Opinion(cloud.session.client("dynamodb"), {name: cloud.outputs[f"{name}Table"] for name in tables()})


def key(prefix: str = "contract") -> dict[str, str]:
    """A key that no other test uses."""
    return {"pk": f"{prefix}#{secrets.token_hex(8)}"}


def refused(code: str, call: Callable[..., Any], *args: Any, **given: Any) -> dict[str, Any]:
    """The refusal of a call, which must have this code."""
    with pytest.raises(ClientError) as caught:
        call(*args, **given)
    assert caught.value.response["Error"]["Code"] == code, caught.value
    return dict(caught.value.response)


def test_a_consistent_read_sees_the_write_before_it(opinion: Opinion) -> None:
    for number in range(20):
        item = key() | {"n": number, "text": "ÄÖÜ ß €", "none": None, "set": {"a", "b"}}
        opinion.resets.put(item)
        assert opinion.resets.get({"pk": item["pk"]}) == {name: value for name, value in item.items() if name != "none"}
    assert opinion.resets.get(key()) is None


def test_put_under_a_condition_happens_once(opinion: Opinion) -> None:
    item = key()
    opinion.resets.put(item | {"n": 1}, "attribute_not_exists(pk)")
    with pytest.raises(ConditionFailedError):
        opinion.resets.put(item | {"n": 2}, "attribute_not_exists(pk)")
    assert (opinion.resets.get(item) or {})["n"] == 1


def test_update_makes_what_is_not_there_unless_a_condition_forbids(opinion: Opinion) -> None:
    there, absent = key(), key()
    assert opinion.resets.update(there, "SET #ttl = :ttl", None, {"ttl": 5}) == {}
    with pytest.raises(ConditionFailedError):
        opinion.resets.update(absent, "SET #ttl = :ttl", "attribute_exists(pk)", {"ttl": 5})
    assert opinion.resets.get(there) == there | {"ttl": 5}
    assert opinion.resets.get(absent) is None


def test_a_counter_starts_by_itself_and_gives_each_number_once(opinion: Opinion) -> None:
    """limits.Counters: atomic, whoever else counts at this moment."""
    item = key()

    def hit(_: int) -> int:
        return int(opinion.resets.update(item, "ADD hits :one", None, {"one": 1}, returning="UPDATED_NEW")["hits"])

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(hit, range(40))) == list(range(1, 41))


def test_one_of_many_wins_a_condition(opinion: Opinion) -> None:
    """limits.Backoff and resets.claim."""
    item = key()
    opinion.resets.put(item | {"failures": 0})

    def charge(_: int) -> bool:
        try:
            opinion.resets.update(item, "SET failures = :one", "failures = :none", {"one": 1, "none": 0})
        except ConditionFailedError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(charge, range(40))) == 1


def test_sets_grow_shrink_away_and_are_asked(opinion: Opinion) -> None:
    """The digests of a link and the mails of a day: ADD, size() and contains() on string sets."""
    item, table = key(), opinion.resets
    for value in ("one", "two", "two"):
        table.update(item, "ADD digests :new", None, {"new": {value}})
    assert (table.get(item) or {})["digests"] == {"one", "two"}
    table.update(item, "SET n = :n", "size(digests) = :n AND contains(digests, :one)", {"n": 2, "one": "one"})
    for condition in ("size(digests) = :n", "contains(digests, :n)"):
        with pytest.raises(ConditionFailedError):
            table.update(item, "SET n = :n", condition, {"n": 1})
    table.update(item, "REMOVE digests")
    with pytest.raises(ConditionFailedError):  # nothing is in a set that is gone
        table.update(item, "SET n = :n", "contains(digests, :one)", {"n": 1, "one": "one"})
    refused("ValidationException", table.put, key() | {"digests": set[str]()})


def test_what_is_missing_compares_as_false(opinion: Opinion) -> None:
    """A link without an end is no live link."""
    item = key()
    opinion.resets.put(item)
    for condition in ("expires_at > :now", "expires_at < :now", "expires_at = :now"):
        with pytest.raises(ConditionFailedError):
            opinion.resets.update(item, "SET n = :now", condition, {"now": 1})
    opinion.resets.update(item, "SET n = :now", "expires_at <> :now", {"now": 1})
    opinion.resets.update(item, "SET n = :now", "attribute_not_exists(expires_at) OR expires_at < :now", {"now": 1})


def test_one_update_sets_adds_and_removes(opinion: Opinion) -> None:
    item = key()
    opinion.resets.put(item | {"former": 1, "kept": 1})
    opinion.resets.update(
        item,
        "SET kept = if_not_exists(kept, :n), fresh = if_not_exists(fresh, :n) ADD c :n REMOVE former",
        None,
        {"n": 9},
    )
    assert opinion.resets.get(item) == item | {"kept": 1, "fresh": 9, "c": 9}


def test_a_failed_condition_changes_nothing(opinion: Opinion) -> None:
    item = key() | {"n": 1, "digests": {"a"}}
    opinion.resets.put(item)
    with pytest.raises(ConditionFailedError):
        opinion.resets.update({"pk": item["pk"]}, "SET n = :n REMOVE digests", "n = :n", {"n": 2})
    assert opinion.resets.get({"pk": item["pk"]}) == item


def test_reserved_words_need_a_name(opinion: Opinion) -> None:
    """Why table.py puts a # before them: these are the ones we use."""
    for word in ("ttl", "until", "name", "status"):
        given = {"TableName": opinion.resets.name, "Key": {"pk": {"S": "x"}}}
        given |= {"UpdateExpression": f"SET {word} = :v", "ExpressionAttributeValues": {":v": {"S": "x"}}}
        refused("ValidationException", opinion.client.update_item, **given)


def test_a_transaction_is_all_or_nothing_and_says_which_failed(opinion: Opinion) -> None:
    """service.reset: one write across four tables."""
    resets, accounts = opinion.resets, opinion.table("Accounts")
    slot, identity = key(), {"id": secrets.token_hex(8)}
    resets.put(slot | {"digests": {"d"}})
    operations = [
        ("Put", opinion.table("Passwords").putting(identity | {"hash": "h"})),
        ("Update", accounts.updating(identity, "SET epoch = :e", None, {"e": 2})),
        ("Delete", resets.deleting(key())),
        ("Update", resets.updating(slot, "REMOVE digests", "contains(digests, :d)", {"d": "other"})),
    ]
    items = [{kind: operation} for kind, operation in operations]
    answer = refused("TransactionCanceledException", opinion.client.transact_write_items, TransactItems=items)
    assert [reason["Code"] for reason in answer["CancellationReasons"]] == ["None"] * 3 + ["ConditionalCheckFailed"]
    assert accounts.get(identity) is None
    operations[3] = ("Update", resets.updating(slot, "REMOVE digests", "contains(digests, :d)", {"d": "d"}))
    transact(opinion.client, *operations)
    assert accounts.get(identity) == identity | {"epoch": 2}
    assert opinion.table("Passwords").get(identity) == identity | {"hash": "h"}
    assert resets.get(slot) == slot
    with pytest.raises(ConditionFailedError):
        transact(opinion.client, *operations)
    accounts.delete(identity)  # no account of any other test: the desk would list it


def test_one_of_many_transactions_uses_a_link_up(opinion: Opinion) -> None:
    """R16: the others hear of the condition or of a conflict, which transact() tries again."""
    for _ in range(5):
        slot, identity = key(), {"id": secrets.token_hex(8)}
        opinion.resets.put(slot | {"digests": {"d"}})

        def use(number: int, slot: dict[str, str] = slot, identity: dict[str, str] = identity) -> bool:
            using = opinion.resets.updating(slot, "REMOVE digests", "contains(digests, :d)", {"d": "d"})
            hashed = opinion.table("Passwords").putting(identity | {"hash": str(number)})
            try:
                transact(opinion.client, ("Update", using), ("Put", hashed), attempts=50)
            except ConditionFailedError:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(use, range(16))) == 1


def test_a_transaction_has_bounds(opinion: Opinion) -> None:
    """Each item once, at most a hundred."""
    put = {"Put": opinion.resets.putting(key())}
    refused("ValidationException", opinion.client.transact_write_items, TransactItems=[put, put])
    many = [{"Put": opinion.resets.putting(key())} for _ in range(101)]
    refused("ValidationException", opinion.client.transact_write_items, TransactItems=many)


def test_one_read_of_several_tables_leaves_out_what_is_missing(opinion: Opinion) -> None:
    """table.read_all: known and unknown cost one call, and only what is named comes back."""
    slot, identity = key(), {"id": secrets.token_hex(8)}
    opinion.resets.put(slot | {"status": "new", "hash": "more"})
    wanted = (
        (opinion.resets, slot, ("pk", "status")),
        (opinion.table("Accounts"), identity, ("id",)),
        (opinion.table("Passwords"), identity, ("hash",)),
    )
    assert read_all(*wanted) == [slot | {"status": "new"}, None, None]


def test_the_timeline_is_found_by_account_and_by_number(opinion: Opinion) -> None:
    """In order of time; the index holds the whole event."""
    table, account, number = opinion.table("Timeline"), key()["pk"], secrets.token_hex(4)
    event = {"account": account, "vorgang": number, "name": "asked", "ttl": int(time.time()) + 3600}
    events = [event | {"at": f"2026-01-0{day}#x"} for day in (3, 1, 2)]
    for each in [*events, events[0]]:  # the same event twice is one
        table.put(each)
    values = {":v": {"S": number}, ":a": {"S": account}, ":from": {"S": "2026-01-02"}}
    by_number = opinion.client.query(
        TableName=table.name,
        IndexName="by-vorgang",
        KeyConditionExpression="vorgang = :v",
        ExpressionAttributeValues={":v": values[":v"]},
    )
    assert [item["at"]["S"] for item in by_number["Items"]] == [f"2026-01-0{day}#x" for day in (1, 2, 3)]
    assert by_number["Items"][0]["name"] == {"S": "asked"}
    since: dict[str, Any] = {
        "TableName": table.name,
        "KeyConditionExpression": "account = :a AND #at >= :from",
        "ExpressionAttributeNames": {"#at": "at"},
        "ExpressionAttributeValues": {name: values[name] for name in (":a", ":from")},
        "ScanIndexForward": False,
    }
    first = opinion.client.query(**since, Limit=1)
    second = opinion.client.query(**since, ExclusiveStartKey=first["LastEvaluatedKey"])
    found = [item["at"]["S"] for item in first["Items"] + second["Items"]]
    assert found == ["2026-01-03#x", "2026-01-02#x"]


def test_accounts_are_found_by_domain_with_nothing_but_their_keys(opinion: Opinion) -> None:
    """The desk looks for an address that a caller nearly named; an item without a domain is in no index."""
    table, domain = opinion.table("Accounts"), f"{secrets.token_hex(4)}.example"
    items = [
        {"id": secrets.token_hex(8), "domain": domain, "username": f"{name}@{domain}", "name": "Secret"}
        for name in ("b", "a")
    ]
    items.append({"id": secrets.token_hex(8), "username": f"c@{domain}"})
    for item in items:
        table.put(item)
    found = opinion.client.query(
        TableName=table.name,
        IndexName="by-domain",
        KeyConditionExpression="#domain = :d",
        ExpressionAttributeNames={"#domain": "domain"},
        ExpressionAttributeValues={":d": {"S": domain}},
    )["Items"]
    assert [item["username"]["S"] for item in found] == [f"a@{domain}", f"b@{domain}"]
    assert {name for item in found for name in item} == {"id", "domain", "username"}
    for item in items:
        table.delete({"id": item["id"]})


def test_bounds_of_an_item(opinion: Opinion) -> None:
    """400 KB, no empty key; an empty text elsewhere is fine."""
    opinion.resets.put(key() | {"text": ""})
    refused("ValidationException", opinion.resets.put, {"pk": ""})
    refused("ValidationException", opinion.resets.put, key() | {"text": "x" * 410_000})


def test_delete_of_nothing_is_no_fault(opinion: Opinion) -> None:
    item = key()
    opinion.resets.put(item)
    opinion.resets.delete(item)
    opinion.resets.delete(item)
    assert opinion.resets.get(item) is None
