"""One seeded story of a customer, with faults at every step, and what must be true of it at the end."""

import random
from collections import Counter
from typing import Any

from world import KEY, VISIBLE_AFTER, Killed, Sent, World

from reset.accounts import account_id


class Story:
    """Asks, works, resets, locks, deploys and says "not me" at random; remembers what was answered."""

    def __init__(self, world: World, seed: int, rate: float) -> None:
        self.world, self.chance, self.rate = world, random.Random(seed), rate
        status = self.chance.choice(("active", "active", "active", "invited", "locked"))
        self.name = world.customer(status)
        self.id = account_id(KEY, self.name)
        self.accepted: list[str] = []  # Vorgangsnummern whose request was answered with yes
        self.tried: dict[str, str] = {}  # Vorgangsnummer of a reset: the password it wanted to set
        self.done: list[str] = []  # those that were answered with yes
        self.refused: list[str] = []  # those that were answered with no
        self.doubled: Counter[str] = Counter()  # mails that SES took and nobody could write down
        self.failed: Counter[str] = Counter()  # deliveries that a fault broke off, by job
        self.stops = 0
        world.faults.interlude = self.interlude

    def run(self, steps: int = 8) -> None:
        """The story, half of them with a live link at hand, then a calm in which all that still waits is done."""
        if self.chance.random() < 0.5:
            self.ask()
            self.world.drain()
            self.world.faults.rate = self.rate
            self.reset()
        for _ in range(steps):
            self.world.faults.rate = self.rate
            self.step()
            self.world.faults.rate = 0.0
            self.check_newest()
            self.world.clock.at += self.chance.choice((0.2, 1, 5, 40, 130, 600))
        self.world.faults.rate = self.rate
        for _ in range(3):
            self.world.clock.at += VISIBLE_AFTER
            self.work()
        self.world.faults.rate = 0.0
        dead, self.world.queue.dead = self.world.queue.dead, []
        self.world.queue.waiting += [job | {"tries": 0, "at": 0} for job in dead]  # as the operator's redrive does
        self.world.drain()

    def step(self) -> None:
        """One thing that a customer, the desk, the operator or the queue does."""
        acts = (self.ask, self.ask, self.ask, self.work, self.work, self.work, self.work_thrice, self.reset, self.reset)
        rare = (self.reset, self.lock, self.unlock, self.not_me, self.deploy, self.wrong_token)
        self.chance.choice(rare if self.chance.random() < 0.2 else acts)()

    def interlude(self) -> None:
        """What comes between another action and its call to AWS."""
        self.chance.choice((self.ask, self.work, self.reset, self.not_me, self.lock))()

    def ask(self) -> None:
        request = self.world.request()
        try:
            self.world.service.forgot(request, self.name)
        except (Exception, Killed):  # noqa: BLE001  # the customer sees an error and asks again
            return
        self.accepted.append(request.vorgang)

    def work(self) -> None:
        message = self.world.queue.due()
        if message is None:
            return
        before, out = len(self.world.post.out), message["body"]["vorgang"]
        if self.world.work(message) is None:
            self.failed[message["body"]["job"]] += 1
            taken = [mail for mail in self.world.post.out[before:] if mail.vorgang == out]
            self.doubled[out] += len(taken)

    def work_thrice(self) -> None:
        """SQS may bring the same message more than once."""
        message = self.world.queue.due()
        if message is None:
            return
        self.world.queue.waiting += [dict(message), dict(message), message]
        for _ in range(3):
            self.work()

    def reset(self) -> None:
        links = [mail.token for mail in self.world.mails(self.name) if mail.token]
        if not links:
            return
        self._reset(links[-1] if self.chance.random() < 0.8 else self.chance.choice(links))

    def wrong_token(self) -> None:
        self._reset("A" * 43)

    def _reset(self, token: str | None) -> None:
        request, password = self.world.request(), f"neu-{self.chance.random()}"
        self.tried[request.vorgang] = password
        form = {"username": self.name, "token": token or "", "new_password": password, "confirm": password}
        try:
            self.world.service.reset(request, form)
        except (Exception, Killed) as error:  # noqa: BLE001
            if type(error).__name__ == "Problem":
                self.refused.append(request.vorgang)
            return
        self.done.append(request.vorgang)

    def lock(self) -> None:
        if self.world.account(self.name)["status"] == "active":
            self.world.set_status(self.name, "locked")

    def unlock(self) -> None:
        if self.world.account(self.name)["status"] == "locked":
            self.world.set_status(self.name, "active")

    def not_me(self) -> None:
        mails = [mail for mail in self.world.mails(self.name) if mail.stop]
        if mails:
            self.stops += 1
            rate, self.world.faults.rate = self.world.faults.rate, 0.0
            self.world.service.not_me(self.world.request(), mails[-1].stop)
            self.world.faults.rate = rate

    def deploy(self) -> None:
        self.world.deploy(link_minutes=self.chance.choice((5, 30, 60)), retention_days=self.chance.choice((7, 14)))

    # --- what must be true

    @property
    def changes(self) -> dict[str, dict[str, Any]]:
        """The changes that happened, by Vorgangsnummer."""
        found = ((vorgang, self.world.table("resets").get({"pk": f"changed#{vorgang}"})) for vorgang in self.tried)
        return {vorgang: item for vorgang, item in found if item}

    def check_newest(self) -> None:
        """The newest mail with a link opens the account, unless it was used, stopped, ran out, or is being replaced."""
        newest = next((mail for mail in reversed(self.world.mails(self.name)) if mail.token), None)
        slot, now = self.world.slot(self.name), self.world.clock.at
        if newest is None or newest.ends <= now or slot.used_at or slot.sending_until >= now:
            return
        if self.stops or self.locked_since(newest) or self.used_since(newest):
            return
        assert self.world.opens(self.name, newest.token or ""), f"dead link in the newest mail: {newest}, {slot}"

    def used_since(self, mail: Sent) -> bool:
        return any(change["changed_at"] >= mail.sent_at - 1 for change in self.changes.values())

    def locked_since(self, mail: Sent) -> bool:
        """A mail that says "locked" ends every link, and so does the slot that it was asked with."""
        return self.world.account(self.name)["status"] == "locked" or any(
            each.kind == "locked" and each.sent_at >= mail.sent_at for each in self.world.mails(self.name)
        )

    def check(self) -> None:
        """Everything that must hold when nothing waits any more."""
        self.check_newest()
        self.check_nothing_lost()
        self.check_notices()
        self.check_account()
        self.check_doubles()
        self.check_limit()

    def check_nothing_lost(self) -> None:
        """The last accepted request ended in a mail or in an event that says why there is none."""
        if not self.accepted:
            return
        events = self.world.events(self.name)
        ends = {"mailed", "limited", "paused", "undeliverable"}
        ended = {event["vorgang"]: event["name"] for event in events if event["name"] in ends}
        last = self.accepted[-1]
        mailed = {mail.vorgang for mail in self.world.mails(self.name) if mail.kind != "changed"}
        if last not in ended:
            after = [event["name"] for event in events]
            after = after[[event["vorgang"] for event in events].index(last) + 1 :]
            answered = self.stops or last in mailed or {"asked", "changed"} & set(after)
            assert answered, f"lost: {last}, {events}"
        elif ended[last] == "limited":
            asked = {event["vorgang"] for event in events if event["name"] == "asked"}
            assert len(asked - {last}) >= 3, f"limited too early: {events}"
        elif ended[last] == "paused":
            assert self.stops
        else:
            assert last in mailed

    def check_notices(self) -> None:
        """No "changed" without a change, and no change without a "changed"."""
        told = {mail.vorgang for mail in self.world.mails(self.name) if mail.kind == "changed"}
        assert told == self.changes.keys()

    def check_account(self) -> None:
        """Password, epoch, status and answers tell the same story: all or nothing, and each link once."""
        changes, account = self.changes, self.world.account(self.name)
        assert set(self.done) <= changes.keys()
        assert not changes.keys() & set(self.refused), "changed, but answered with no"
        assert account["epoch"] == 1 + len(changes) + self.stops
        events = [event["vorgang"] for event in self.world.events(self.name) if event["name"] == "changed"]
        assert sorted(events) == sorted(changes)
        secret = self.world.secret(self.name)
        if changes:
            assert secret in {self.tried[vorgang] for vorgang in changes}
            assert account["status"] != "invited"
        else:
            assert secret in (None, "alt")

    def check_limit(self) -> None:
        """R57: however often a job came, no hour has more than three requests' mails."""
        first: dict[str, float] = {}
        for mail in self.world.mails(self.name):
            if mail.kind != "changed":
                first.setdefault(mail.vorgang, mail.sent_at)
        for start in first.values():
            assert sum(start <= at < start + 3600 for at in first.values()) <= 3, first

    def check_doubles(self) -> None:
        """A mail comes twice only where SES took it and nobody lived to write that down."""
        sent = Counter((mail.vorgang, mail.kind) for mail in self.world.mails(self.name))
        for (vorgang, kind), count in sent.items():
            assert count <= 1 + self.doubled[vorgang], f"{count} times {kind} for {vorgang}"
