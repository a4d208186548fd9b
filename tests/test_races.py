"""One link, once: whoever comes at the same moment, over HTTP and at the table (R16, R25, X19)."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx
import pytest
from conftest import Customer, Inbox
from dynamodb_local import tables
from proof import amount, tally
from test_http import NEW, form
from world import World, calm, parallel

from infra.local.cloud import Cloud

pytestmark = pytest.mark.timeout(1800)
# Each another password, so that two winners would show; all of them pass the policy.
WORDS = ("Anker", "Biene", "Dachs", "Efeu", "Fackel", "Geige", "Hafer", "Igel", "Jacke", "Kanne")


@pytest.fixture
def local_world(cloud: Cloud) -> World:
    """Over the local cloud's tables."""
    return calm(cloud.session, cloud.outputs)


@pytest.fixture
def aws_world(aws_dynamodb: Any) -> World:
    """Over AWS's own DynamoDB Local."""
    return World(aws_dynamodb, {f"{name}Table": name for name in tables()})


def test_of_thirty_posts_one_wins(
    new_visitor: Callable[..., httpx.Client], new_customer: Callable[..., Customer], inbox: Inbox
) -> None:
    """R16: thirty clients post the same link at once; one changes the password, 29 get the answer for a dead link."""
    visitors, rounds = [new_visitor() for _ in range(30)], amount(2, 20)
    _warm_up(visitors, new_customer, inbox)
    for _ in range(rounds):
        customer = new_customer()
        visitors[0].post("/api/forgot", data={"username": customer.username})
        token, gate = inbox.token(customer.username), Barrier(30)

        def post(
            number: int, customer: Customer = customer, token: str = token, gate: Barrier = gate
        ) -> tuple[int, str]:
            password = f"{NEW} {WORDS[number % 10]} {WORDS[number // 10]}"
            data = form(customer, token, new_password=password, confirm=password)
            gate.wait()
            return visitors[number].post("/api/reset", data=data).status_code, password

        with ThreadPoolExecutor(30) as pool:
            answers = list(pool.map(post, range(30)))
        winners = [password for status, password in answers if status == 200]
        assert len(winners) == 1, answers
        assert [status for status, _ in answers].count(400) == 29
        login = visitors[1].post("/api/login", data={"username": customer.username, "password": winners[0]})
        assert login.status_code == 200
        inbox.wait(customer.username, 2)
    tally("race over HTTP", rounds=rounds, parallel=30, winners_per_round=1)


def _warm_up(visitors: list[httpx.Client], new_customer: Callable[..., Customer], inbox: Inbox) -> None:
    """Starts a function process for each, and has it read the list of passwords: no part of a race."""
    for visitor in visitors:
        visitor.timeout = httpx.Timeout(150)
    statuses: set[int] = set()
    for _ in range(6):
        customer = new_customer()
        visitors[0].post("/api/forgot", data={"username": customer.username})
        name = customer.username
        easy = form(customer, inbox.token(name), new_password=name, confirm=name)
        with ThreadPoolExecutor(len(visitors)) as pool:
            answers = pool.map(lambda one, easy=easy: one.post("/api/reset", data=easy), visitors)
            statuses = {answer.status_code for answer in answers}
        if statuses == {422}:
            return
    raise AssertionError(statuses)


@pytest.mark.parametrize("where", ["local_world", "aws_world"])
def test_of_a_hundred_resets_one_wins(where: str, request: pytest.FixtureRequest) -> None:
    """R16, R25: a hundred resets at the table; one change, one epoch, one notice, and the password of the winner."""
    world, rounds = request.getfixturevalue(where), amount(2, 20)
    for _ in range(rounds):
        name = world.customer()
        world.service.forgot(world.request(), name)
        world.drain()
        token, numbers = world.mails(name)[-1].token, iter(range(100))

        def reset(name: str = name, token: str = token, numbers: Iterator[int] = numbers) -> str:
            password = f"neu {next(numbers)}"
            filled = {"username": name, "token": token, "new_password": password, "confirm": password}
            world.service.reset(world.request(), filled)
            return password

        winners = [answer for answer in parallel(100, reset) if answer != "link-ungueltig"]
        assert winners == [world.secret(name)]
        assert world.account(name)["epoch"] == 2
        world.drain()
        assert [mail.kind for mail in world.mails(name)] == ["reset", "changed"]
    tally(f"race at the table, {where.partition('_')[0]}", rounds=rounds, parallel=100, winners_per_round=1)


@pytest.mark.parametrize("where", ["local_world", "aws_world"])
def test_workers_at_the_same_job_mail_once(where: str, request: pytest.FixtureRequest) -> None:
    """X42: the same job in ten workers at once gives one mail, whose link is live."""
    world = request.getfixturevalue(where)
    for _ in range(amount(3, 20)):
        name = world.customer()
        world.service.forgot(world.request(), name)
        message = world.queue.due()
        assert message
        parallel(10, lambda message=message: world.work(dict(message)))
        world.drain()
        mails = world.mails(name)
        assert len(mails) == 1
        assert world.opens(name, mails[0].token)


@pytest.mark.parametrize("where", ["local_world", "aws_world"])
def test_the_last_of_many_requests_has_the_live_link(where: str, request: pytest.FixtureRequest) -> None:
    """R17: three requests worked at once, in any order; the newest mail's link is the one that lives."""
    world = request.getfixturevalue(where)
    for _ in range(amount(3, 20)):
        name = world.customer()
        for _ in range(3):
            world.service.forgot(world.request(), name)
        messages = iter([message for message in (world.queue.due() for _ in range(3)) if message])
        parallel(3, lambda messages=messages: world.work(next(messages)))
        world.drain()
        tokens = [mail.token for mail in world.mails(name)]
        assert [world.opens(name, token) for token in tokens] == [
            *[False] * (len(tokens) - 1),
            True,
        ]
