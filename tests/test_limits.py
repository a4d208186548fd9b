"""Limits hold to the request, also in parallel, and spare the rest (R48, R57, R58, R60)."""

import itertools
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from proof import amount
from world import KEY, World, calm, parallel, refused

from infra.deploy.facts import ROOT
from infra.local.cloud import Cloud
from reset.accounts import account_id
from reset.allowance import DAY
from reset.errors import Problem
from reset.limits import network
from reset.queue import DELAY, MailQueue
from reset.request import Request
from reset.settings import Limits, Window
from reset.vorgang import new_vorgang


@pytest.fixture
def world(cloud: Cloud) -> World:
    """The product in this process, without faults."""
    return calm(cloud.session, cloud.outputs)


def asked(world: World, name: str) -> int:
    """Asks once, lets the worker run; how many mails the account has by now."""
    world.service.forgot(world.request(), name)
    world.drain()
    return len(world.mails(name))


def test_mails_come_three_at_once_then_with_a_growing_wait(world: World) -> None:
    """R57, X27, X28: three, then one after an hour, the next after two; from whatever clients, to the second."""
    name = world.customer()
    assert [asked(world, name) for _ in range(3)] == [1, 2, 3]
    third = int(world.clock.at)
    assert [asked(world, name) for _ in range(2)] == [3, 3]
    world.clock.at = third + 3599 - DELAY
    assert asked(world, name) == 3
    world.clock.at = third + 3600 - DELAY
    assert asked(world, name) == 4
    fourth = int(world.clock.at)
    world.clock.at = fourth + 7199 - DELAY
    assert asked(world, name) == 4
    world.clock.at = fourth + 7200 - DELAY
    assert asked(world, name) == 5


def test_the_desks_mail_goes_whatever_the_limit_says(world: World) -> None:
    """What a clerk promises on the phone must arrive."""
    name = world.customer()
    assert [asked(world, name) for _ in range(4)] == [1, 2, 3, 3]
    MailQueue(world.queue, "q").ask(account_id(KEY, name), "desk", int(world.clock.at * 1000), by="desk")  # type: ignore[arg-type]
    world.drain()
    assert len(world.mails(name)) == 4


@pytest.mark.parametrize("act", ["forgot", "reset", "login"])
def test_each_form_has_a_window_for_each_client(world: World, act: str) -> None:
    """R57: a client's request over the limit is refused, whatever address it names; another client's is not."""
    few = Window(3, 3600)
    world.deploy(limits=Limits(forgot_per_address=few, reset_per_address=few, login_per_address=few))
    got, request = [], world.request()
    for number, asking in enumerate((*[request] * 4, world.request())):
        name = f"fenster{number}@example.org"
        form = {"username": name, "password": "falsch", "token": "A" * 43, "new_password": "n", "confirm": "n"}
        try:
            getattr(world.service, act)(asking, name if act == "forgot" else form)
        except Problem as problem:
            got.append(problem.code == "zu-viele-anfragen")
        else:
            got.append(False)
    assert got == [False, False, False, True, False]


def test_midnight_brings_no_second_handful(world: World) -> None:
    """X28: the day slides."""
    name = world.customer()
    world.clock.at = (world.clock.at // DAY + 1) * DAY - 5
    assert [asked(world, name) for _ in range(3)] == [1, 2, 3]
    world.clock.at += 60
    assert asked(world, name) == 3


def test_no_account_gets_more_mails_in_a_day_than_the_setting(world: World) -> None:
    """R57: ten in any 24 hours, the eleventh when the first is a day old."""
    world.deploy(limits=Limits(mails_wait=0))
    name, start = world.customer(), world.clock.at
    assert [asked(world, name) for _ in range(12)] == [*range(1, 11), 10, 10]
    world.clock.at = start + DAY + 60
    assert asked(world, name) == 11


def test_a_request_that_another_overtakes_costs_no_mail(world: World) -> None:
    """R57: two impatient presses, the second worked first; whoever asks why sees what became of the first."""
    name = world.customer()
    for _ in range(2):
        first, second = world.request(), world.request()
        world.service.forgot(first, name)
        world.service.forgot(second, name)
        world.clock.at += DELAY
        world.queue.waiting.reverse()
        world.drain()
        ends = {each["vorgang"]: each["name"] for each in world.events(name) if each["name"] != "asked"}
        assert (ends[second.vorgang], ends[first.vorgang]) == ("mailed", "superseded")
    assert asked(world, name) == 3


def test_a_job_that_comes_twice_gives_no_mail_back(world: World) -> None:
    """R57, X42: the second delivery finds a newer request's link, but its own mail went out."""
    name, jobs = world.customer(), []
    for count in (1, 2, 3):
        world.service.forgot(world.request(), name)
        jobs += [dict(each) for each in world.queue.waiting]
        world.drain()
        assert len(world.mails(name)) == count
    world.queue.waiting += jobs
    world.drain()
    assert "superseded" not in {each["name"] for each in world.events(name)}
    assert asked(world, name) == 3


def test_parallel_requests_get_no_more_mails(world: World) -> None:
    """R58: many jobs of one account at the same time."""
    for _ in range(amount(3, 20)):
        account = account_id(KEY, world.customer())
        took = parallel(30, lambda account=account: world.delivery.allowance.take(account, new_vorgang()))  # type: ignore[misc]
        assert (took.count("first"), took.count("")) == (3, 27)


def test_who_is_overtaken_at_every_write_gets_no_mail(world: World) -> None:
    """R58: three others take the three mails while this one tries to; what could not be counted is not sent."""
    account, allowance, took = account_id(KEY, world.customer()), world.delivery.allowance, []
    put = allowance.table.put

    def overtaken(*given: Any) -> None:
        allowance.table.put = put  # type: ignore[method-assign]
        took.append(allowance.take(account, new_vorgang()))
        allowance.table.put = overtaken  # type: ignore[method-assign]
        put(*given)

    allowance.table.put = overtaken  # type: ignore[method-assign]
    assert allowance.take(account, new_vorgang()) == ""
    assert took == ["first"] * 3


def test_an_address_is_counted_exactly(world: World) -> None:
    """R58: of 80 parallel requests in one window exactly 60 pass, known account or not."""
    window = Window(60, 3600)
    for round_ in range(amount(2, 20)):
        got = parallel(80, lambda r=round_: world.service.counters.hit(f"burst{r}{world.clock.at // 3600}", window))  # type: ignore[misc]
        assert (got.count(None), got.count("zu-viele-anfragen")) == (60, 20)


def test_an_address_may_ask_again_in_the_next_window(world: World) -> None:
    """R57, R60: the wait that is told is enough."""
    window = Window(2, 900)
    for _ in range(2):
        world.service.counters.hit("next", window)
    with pytest.raises(Problem) as stopped:
        world.service.counters.hit("next", window)
    assert 0 < (stopped.value.retry_after or 0) <= 900
    world.clock.at += stopped.value.retry_after or 0
    world.service.counters.hit("next", window)


def test_parallel_guesses_cannot_share_one_try(world: World) -> None:
    """R48, R57: five free tries of one client, ten of all together, and not one more, however many come at once."""
    for most in (5, 10) * amount(2, 10):
        name, same = world.customer(), world.request()
        form = {"username": name, "password": "falsch"}

        def guess(form: dict[str, str] = form, same: Request | None = same if most == 5 else None) -> object:
            return world.service.login(same or world.request(), form)

        got = parallel(40, guess)
        assert got.count("anmeldung-fehlgeschlagen") <= most
        assert set(got) == {"anmeldung-fehlgeschlagen", "zu-viele-anfragen"}
        kept = world.table("resets").get({"pk": f"backoff#login#{account_id(KEY, name)}"})
        assert kept is not None
        assert sum(len(each["at"]) for each in kept["tries"].values()) == got.count("anmeldung-fehlgeschlagen")


def test_nobody_sees_that_the_owner_was_there(world: World) -> None:
    """R48: a stranger's wait is the same whether or not the account exists and its owner logs in meanwhile."""
    seen = []
    for name in (world.customer(), "niemand.da@example.org"):
        stranger, form = world.request(), {"username": name, "password": "falsch"}
        codes = []
        world.clock.at = int(world.clock.at) + 1  # no second ends between two calls: waits are in whole ones
        for number in range(8):
            if number == 6:
                world.clock.at += 31
                with suppress(Problem):
                    world.service.login(world.request(), form | {"password": "alt"})
            with pytest.raises(Problem) as failed:
                world.service.login(stranger, form)
            codes.append((failed.value.code, failed.value.retry_after))
        seen.append(codes)
    assert seen[0] == seen[1]
    assert [code for code, _ in seen[0]][5:] == ["zu-viele-anfragen", "anmeldung-fehlgeschlagen", "zu-viele-anfragen"]


def test_nobody_sees_that_the_owner_mistyped_and_got_in(world: World) -> None:
    """R48: the owner's own failures count for all others as long as anybody's where there is no account."""
    seen = []
    for name, there in ((world.customer(), True), (f"{new_vorgang()}@example.org".lower(), False)):
        strangers, owner, codes = [world.request() for _ in range(4)], world.request(), []
        tries = [
            *(strangers[number // 3] for number in range(9)),
            owner,
            strangers[3],
            None,
            *strangers[3:],
            strangers[0],
        ]
        world.clock.at = int(world.clock.at) + 1
        for by in tries:
            if by is None:
                world.clock.at += 31
                assert not there or world.service.login(owner, {"username": name, "password": "alt"})
                continue
            with pytest.raises(Problem) as failed:
                world.service.login(by, {"username": name, "password": "falsch"})
            codes.append((failed.value.code, failed.value.retry_after))
        seen.append(codes)
    assert seen[0] == seen[1]
    assert seen[0][-2:] == [("anmeldung-fehlgeschlagen", None), ("zu-viele-anfragen", 60)]


def test_a_success_forgets_the_owners_own_wait(world: World) -> None:
    """R48: five more slips before the next wait, however many there were before he got in."""
    name, owner = world.customer(), world.request()
    for slips in (4, 4):
        for _ in range(slips):
            with pytest.raises(Problem, match="anmeldung-fehlgeschlagen"):
                world.service.login(owner, {"username": name, "password": "falsch"})
        assert world.service.login(owner, {"username": name, "password": "alt"})


def test_two_log_ins_at_once_take_back_one_try_each(world: World) -> None:
    """R48: after a slip the right password is pressed twice, so both are counted before the first is taken back."""
    logins, name = world.service.logins, f"login#{new_vorgang()}"
    for _ in range(3):
        logins.charge(name, "a")
    for _ in range(2):
        logins.succeed(name, "a")
    kept = world.table("resets").get({"pk": f"backoff#{name}"}) or {}
    assert [len(each["at"]) for each in kept["tries"].values()] == [1]
    for _ in range(2):
        logins.succeed(name, "a")
    assert (world.table("resets").get({"pk": f"backoff#{name}"}) or {})["tries"] == {}


def test_who_mistypes_now_and_then_never_waits(world: World) -> None:
    """R48: each slip is forgotten a day after it, however many came since."""
    name, owner = world.customer(), world.request()
    for _ in range(12):
        for hours in (4, 4, 16):
            with pytest.raises(Problem, match="anmeldung-fehlgeschlagen"):
                world.service.login(owner, {"username": name, "password": "falsch"})
            assert world.service.login(owner, {"username": name, "password": "alt"})
            world.clock.at += hours * 3600


def test_a_patient_stranger_keeps_nobody_out(world: World) -> None:
    """R48, X32: one address that tries again whenever its wait is over, for a day; the owner gets in all the while."""
    name, stranger, owner = world.customer(), world.request(), world.request()
    tries, end = 0, world.clock.at + 86_400
    while world.clock.at < end:
        with pytest.raises(Problem) as failed:
            world.service.login(stranger, {"username": name, "password": "falsch"})
        tries += failed.value.code == "anmeldung-fehlgeschlagen"
        world.clock.at += failed.value.retry_after or 0
        assert world.service.login(owner, {"username": name, "password": "alt"})
    assert 24 < tries < 40


@pytest.mark.parametrize(("clients", "first", "later"), [(3, 99, 3 * 24), (4, 78, 57)])
def test_guesses_in_a_day_are_as_few_as_told(world: World, clients: int, first: int, later: int) -> None:
    """R48: below NIST's hundred, for those that try whenever they may; SECURITY.md tells the numbers."""
    name, days = f"login#{new_vorgang()}", [0, 0]
    backoff, began = world.service.logins, world.clock.at
    while (day := int((world.clock.at - began) // 86400)) < len(days):
        waits = []
        for client in range(clients):
            try:
                backoff.charge(name, str(client))
            except Problem as problem:
                waits.append(problem.retry_after or 0)
            else:
                days[day] += 1
                break
        else:
            world.clock.at += min(waits)
    assert days == [first, later]
    told = (
        "24 guesses a day are left to each of up to three addresses, and fewer than 60 to all of four and more that try"
    )
    assert f"{told} (on the first day, with the free ones, at most 99 and 78)" in (ROOT / "SECURITY.md").read_text()


def test_guessers_from_everywhere_wait_together(world: World) -> None:
    """R48: ten failures of ten clients, then nobody may try before the wait, counted from the last, is over."""
    name = world.customer()
    form = {"username": name, "password": "falsch"}
    for _ in range(10):
        world.clock.at += 10
        with pytest.raises(Problem, match="anmeldung-fehlgeschlagen"):
            world.service.login(world.request(), form)
    for password in ("falsch", "alt"):
        with pytest.raises(Problem, match="zu-viele-anfragen"):
            world.service.login(world.request(), form | {"password": password})
    world.clock.at += 31
    assert world.service.login(world.request(), form | {"password": "alt"})


def test_a_success_puts_no_wait_on_anybody(world: World) -> None:
    """R48: at the edge of the whole limit neither a stranger nor the owner himself finds a wait from his log-in."""
    name, owner = world.customer(), world.request()
    for _ in range(3):
        stranger = world.request()
        for _ in range(3):
            with pytest.raises(Problem, match="anmeldung-fehlgeschlagen"):
                world.service.login(stranger, {"username": name, "password": "falsch"})
    for _ in range(2):
        assert world.service.login(owner, {"username": name, "password": "alt"})
    with pytest.raises(Problem, match="anmeldung-fehlgeschlagen"):
        world.service.login(world.request(), {"username": name, "password": "falsch"})
    with pytest.raises(Problem, match="zu-viele-anfragen"):
        world.service.login(world.request(), {"username": name, "password": "falsch"})


def test_one_stranger_does_not_lock_the_owner_out(world: World) -> None:
    """R48, X32: not before a reset and not after it."""
    name, stranger = world.customer(), world.request()
    for _ in range(9):
        with pytest.raises(Problem):
            world.service.login(stranger, {"username": name, "password": "falsch"})
    assert world.service.login(world.request(), {"username": name, "password": "alt"})


def test_a_day_forgets_failures_whether_or_not_the_table_has(world: World) -> None:
    """R48, R92: DynamoDB deletes when it likes to; a day without a failure counts from the start again."""
    form, client = {"username": world.customer(), "password": "falsch"}, world.request()
    for _ in range(5):
        with pytest.raises(Problem, match="anmeldung-fehlgeschlagen"):
            world.service.login(client, form)
    world.clock.at += 86_401
    for _ in range(5):
        with pytest.raises(Problem, match="anmeldung-fehlgeschlagen"):
            world.service.login(client, form)
    with pytest.raises(Problem, match="zu-viele-anfragen"):
        world.service.login(client, form)


def test_waits_double_to_an_hour(world: World) -> None:
    """R48: 30 s, 60 s … one hour, to the second; then the right password gets in."""
    form, client = {"username": world.customer(), "password": "falsch"}, world.request()
    waits = []
    while not waits or waits[-1] < 3600:
        with pytest.raises(Problem) as failed:
            world.service.login(client, form)
        if failed.value.code == "zu-viele-anfragen":
            waits.append(failed.value.retry_after or 0)
            world.clock.at = int(world.clock.at) + waits[-1] - 0.9
            with pytest.raises(Problem, match="zu-viele-anfragen"):
                world.service.login(client, form)
            world.clock.at = int(world.clock.at) + 1
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert world.service.login(client, form | {"password": "alt"})


def test_wrong_tokens_slow_the_guesser_and_nobody_else(world: World) -> None:
    """R23, R60: from the 21st on 429, without an event; the account's own link works all the while."""
    name = world.customer()
    guesser = world.request()
    form = {"username": name, "token": "A" * 43, "new_password": "neu", "confirm": "neu"}
    codes = []
    for _ in range(25):
        with pytest.raises(Problem) as failed:
            world.service.reset(guesser, form)
        codes.append(failed.value.code)
    assert codes == ["link-ungueltig"] * 20 + ["zu-viele-anfragen"] * 5
    assert [event["name"] for event in world.events(name)] == ["refused"] * 20
    asked(world, name)
    world.service.reset(world.request(), form | {"token": world.mails(name)[-1].token or ""})
    assert world.secret(name) == "neu"


def test_a_request_over_the_limit_changes_nothing(world: World) -> None:
    """R06, X21, X30: fifty requests, then the last link, the old password and a session of before still work."""
    name = world.customer()
    session = world.service.login(world.request(), {"username": name, "password": "alt"})
    for _ in range(50):
        world.service.forgot(replace(world.request(), session=session), name)
    world.drain()
    assert world.service.session(session)[1].username == name
    assert len(world.mails(name)) == 3
    assert world.opens(name, world.mails(name)[-1].token or "")
    assert world.service.login(world.request(), {"username": name, "password": "alt"})


def test_the_hours_budget_stops_all_mails_and_loses_none(world: World) -> None:
    """R57, X29: over the budget the job goes back to the queue; in the next hour the mail comes."""
    world.clock.at = (world.clock.at // 3600 + 1000) * 3600  # an hour of this test's own
    sent, _ = world.delivery.budget.counters.count("mails", 3600)
    world.deploy(mails_per_hour=sent + 1)
    names = [world.customer() for _ in range(2)]
    for name in names:
        world.service.forgot(world.request(), name)
    while message := world.queue.due():
        world.work(message)
    assert [len(world.mails(name)) for name in names] == [1, 0]
    world.clock.at += 3600
    world.drain()
    assert [len(world.mails(name)) for name in names] == [1, 1]


def test_what_is_counted_as_mailed_is_what_the_budget_counts(world: World) -> None:
    """R57, X29: its alarm watches `Mailed`; the notice of a change is never held back and is none of it."""
    world.clock.at = (world.clock.at // 3600 + 5000) * 3600
    name, outcomes = world.customer(), []
    world.service.forgot(world.request(), name)
    world.clock.at += 2
    outcomes.append(world.work(world.queue.take() or {}))
    (mail,) = world.mails(name)
    form = {"username": name, "new_password": "neues Wort", "confirm": "neues Wort", "token": mail.token or ""}
    world.service.reset(world.request(), form)
    world.clock.at += 2
    outcomes.append(world.work(world.queue.take() or {}))
    assert [each.kind for each in world.mails(name)] == ["reset", "changed"]
    sent, _ = world.delivery.budget.counters.count("mails", 3600)
    assert (outcomes, sent - 1) == (["mailed", "notified"], 1)


def test_tries_that_fail_use_no_budget_up(world: World) -> None:
    """R57: SES was down for some minutes; afterwards the hour's mails go out."""
    world.clock.at = (world.clock.at // 3600 + 2000) * 3600
    name, sending = world.customer(), world.post.send_email
    world.deploy(mails_per_hour=world.delivery.budget.counters.count("mails", 3600)[0] + 1)
    world.service.forgot(world.request(), name)

    def refuse(**_: object) -> dict[str, str]:
        raise RuntimeError

    world.post.send_email = refuse  # type: ignore[method-assign]
    for _ in range(3):
        world.clock.at += 121
        world.work(world.queue.take() or {})
    world.post.send_email = sending  # type: ignore[method-assign]
    world.clock.at += 121
    world.work(world.queue.take() or {})
    assert len(world.mails(name)) == 1


def test_a_mail_that_may_be_out_counts(world: World) -> None:
    """R57, X29: while SES answers late, the hour's budget holds as well."""
    world.clock.at = (world.clock.at // 3600 + 3000) * 3600
    names, sending = [world.customer() for _ in range(3)], world.post.send_email
    world.deploy(mails_per_hour=world.delivery.budget.counters.count("mails", 3600)[0] + 1)

    def late(**mail: Any) -> dict[str, str]:
        sending(**mail)
        raise ReadTimeoutError(endpoint_url="http://ses")

    world.post.send_email = late  # type: ignore[method-assign]
    for name in names:
        world.service.forgot(world.request(), name)
        world.clock.at += 2
        world.work(world.queue.take() or {})
    assert [len(world.mails(name)) for name in names] == [1, 0, 0]


def test_a_count_that_is_refused_gives_nothing_back(world: World) -> None:
    """R57, X29: while DynamoDB throttles, the hour's budget holds as well."""
    world.clock.at = (world.clock.at // 3600 + 4000) * 3600
    names = [world.customer() for _ in range(4)]
    world.deploy(mails_per_hour=world.delivery.budget.counters.count("mails", 3600)[0] + 1)
    counters, refusing = world.delivery.budget.counters, itertools.cycle((True, False))
    add = counters._add

    def throttled(name: str, seconds: int, number: int) -> tuple[int, int]:
        if number > 0 and next(refusing):
            raise refused("ThrottlingException", "update_item")
        return add(name, seconds, number)

    counters._add = throttled  # type: ignore[method-assign]
    for name in names:
        world.service.forgot(world.request(), name)
    for _ in range(4 * len(names)):
        world.clock.at += 40
        if job := world.queue.take():
            world.work(job)
    assert sum(len(world.mails(name)) for name in names) == 1


@pytest.mark.parametrize(
    ("viewer", "client"),
    [
        ("192.0.2.7:443", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6:443", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:ffff::1]:50000", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1:443", "2001:db8:1:3::/64"),
    ],
)
def test_an_ipv6_client_is_its_network(viewer: str, client: str) -> None:
    """R57, X26: whoever has a /64 has 2^64 addresses and is one client."""
    assert network(viewer) == client
