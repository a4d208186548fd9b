"""What a journey consumes, counted: the cost table in infra/README.md is made of these numbers."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from dynamodb_local import tables
from world import World

from infra.deploy.cost import ALARMS, FIREWALL_RULES, JOURNEYS, UNITS, firewall, journey, steps, table, unit_prices
from infra.deploy.facts import ROOT
from infra.deploy.quota import RESERVED
from infra.deploy.stacks import template
from infra.local.feedback import ses_event


class Counting:
    """A DynamoDB client that adds up what its calls consume, in units as AWS bills them."""

    OPERATIONS = (
        "get_item",
        "batch_get_item",
        "put_item",
        "update_item",
        "delete_item",
        "transact_write_items",
        "query",
    )

    def __init__(self, client: Any) -> None:
        self._client, self.used = client, Counter[str]()

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)
        if name not in self.OPERATIONS:
            return call

        def counted(**given: Any) -> Any:
            try:
                answer = call(**given, ReturnConsumedCapacity="TOTAL")
            except ClientError:  # a refused write is billed like one that was made, but nothing tells of it
                self.used["writes"] += 2.0 * len(given["TransactItems"]) if "TransactItems" in given else 1.0
                raise
            parts = answer["ConsumedCapacity"]
            kind = "reads" if name in {"get_item", "batch_get_item", "query"} else "writes"
            for part in parts if isinstance(parts, list) else [parts]:
                self.used[kind] += part["CapacityUnits"]
            return answer

        return counted


@pytest.fixture
def counted(aws_dynamodb: Any) -> tuple[World, Counting]:
    """The product in this process over AWS's DynamoDB Local, which knows the units, and the counter between."""
    counting = Counting(aws_dynamodb)
    return World(counting, {f"{name}Table": name for name in tables()}), counting


def step(world: World, counting: Counting, username: str, act: Any) -> dict[str, float]:
    """What one form post and all that follows from it consumes."""
    counting.used.clear()
    mails = len(world.post.out)
    act()
    jobs = len(world.queue.waiting)
    world.drain()
    feedback = world.feedback()
    sent = world.post.out[mails:]
    for mail in sent:
        tags = {"account": [mail.account], "vorgang": [mail.vorgang], "mail": [mail.kind]}
        told = ses_event("delivery", tags, username, world.clock(), world.clock())
        for kind in ("Send", "Delivery"):
            feedback.take(told | {"eventType": kind})
    messages = jobs + 2 * len(sent)  # SES tells of each mail twice
    return dict(counting.used) | {"messages": messages, "mails": len(sent), "posts": 1}


def test_a_journey_consumes_what_the_cost_table_says(counted: tuple[World, Counting]) -> None:
    """Forgot, reset, login, each with what follows; a change here is a change of the table."""
    world, counting = counted
    username = world.customer()
    found = {"forgot": step(world, counting, username, lambda: world.service.forgot(world.request(), username))}
    token = world.mails(username)[-1].token
    form = {"username": username, "token": token, "new_password": "neu", "confirm": "neu"}
    found["reset"] = step(world, counting, username, lambda: world.service.reset(world.request(), form))
    login = {"username": username, "password": "neu"}
    found["login"] = step(world, counting, username, lambda: world.service.login(world.request(), login))
    assert found == UNITS


@pytest.mark.parametrize("part", [journey, table, unit_prices, steps, firewall])
def test_the_runbook_shows_what_is_computed(part: Callable[[], str]) -> None:
    text = (ROOT / "infra/README.md").read_text()
    assert part() in text, "\n" + part()
    assert {"forgot", "reset", "login"} == JOURNEYS.keys() == UNITS.keys()


def test_the_fixed_costs_count_what_is_in_the_templates() -> None:
    watch, waf = template("watch.yaml"), template("waf.yaml")
    assert watch.count("Type: AWS::CloudWatch::Alarm") == ALARMS
    assert waf.count("          Priority: ") == FIREWALL_RULES
    counted = [
        int(number) for number in re.findall(r"ReservedConcurrentExecutions: (\d+)", watch + template("template.yaml"))
    ]
    assert sum(counted) == RESERVED
