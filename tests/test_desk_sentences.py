"""What the desk says hangs on what is true now: which link opens, whose password it is."""

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.desk.case import LIFTED, Case
from infra.desk.excuses import CHECK, excuse
from infra.desk.history import Event
from infra.desk.sentences import SEND
from infra.desk.verdict import verdict
from reset.accounts import Account
from reset.clock import german_time
from reset.settings import Limits

START = 1_800_000_000.0
FACTS = {"link_minutes": 30, "retention_days": 14, "sender_address": "a@example.org", "subject_prefix": "[Test]"}


def case(*events: tuple[float, str, dict[str, Any]], now: float, **changed: Any) -> Case:
    """A case of an active customer; each event with its minutes after START."""
    account = Account(**{"id": "x", "status": "active", "epoch": 1, **CUSTOMER, **changed})
    told = [
        Event(START + 60 * minute, f"V{number}", name, **more) for number, (minute, name, more) in enumerate(events)
    ]
    return Case(account, {}, tuple(told), START + 60 * now, FACTS)


CUSTOMER = {"username": "k@example.org", "address": "k@example.org", "name": "", "language": "de"}
ASKED: list[tuple[float, str, dict[str, Any]]] = [(0, "asked", {}), (0.1, "mailed", {"mail": "reset"})]
LOCK, UNLOCK = (("desk", {"detail": detail}) for detail in ("gesperrt", "entsperrt"))
DAY = 24 * 60


def mailed(*rest: tuple[float, str, dict[str, Any]], now: float, **changed: Any) -> Case:
    """The same after one mail with a link, all under one Vorgangsnummer."""
    found = case(*ASKED, *rest, now=now, **changed)
    first = [Event(event.at, "V0", event.name, mail=event.mail) for event in found.events[:2]]
    return Case(found.account, {}, (*first, *found.events[2:]), found.now, FACTS)


def test_a_link_that_a_lock_ended_is_not_said_to_be_valid() -> None:
    told = verdict(mailed((1, *LOCK), (2, *UNLOCK), now=3))
    assert told.code == "im-spam-suchen"
    assert "gilt bis" not in told.sentence
    assert "gilt nicht mehr" in told.sentence
    tried = verdict(mailed((1, *LOCK), (2, *UNLOCK), (3, "refused", {"detail": "link-ungueltig"}), now=4))
    assert tried.code == "link-beendet"


def test_only_the_mail_about_the_lock_went_out_and_the_lock_is_gone() -> None:
    """Neither "nothing was asked for" nor an older mail is what the caller asked about."""
    asked = [(5.0, "asked", {}), (5.0, "mailed", {"mail": "locked"})]
    for before in ([], ASKED):
        found = case(*before, (4, *LOCK), *asked, (6, *UNLOCK), now=7)
        events = (*found.events[:-2], Event(found.events[-2].at, found.events[-3].vorgang, "mailed", mail="locked"))
        notice = Event(START + 330, "V99", "mailed", mail="changed")  # of a former change, late
        for last in ((found.events[-1],), (notice, found.events[-1])):
            told = verdict(Case(found.account, {}, (*events, *last), found.now, FACTS))
            assert (told.code, "gesperrt" in told.sentence, told.advice) == ("neu-anfordern", True, SEND)


@pytest.mark.parametrize(
    ("later", "now", "code"),
    [
        (((3, *LOCK), (4, *UNLOCK)), 5, "link-beendet"),
        (((3, "complained", {}), (4, "desk", {"detail": LIFTED})), 5, "link-beendet"),
        ((), 40, "abgelaufen"),
    ],
    ids=["ended by a lock", "ended by a complaint", "called too late"],
)
def test_a_wrong_code_leads_to_no_dead_mail(later: Any, now: float, code: str) -> None:
    """The try was in time, the call is not: the code of that mail opens nothing any more."""
    wrong = (2.0, "refused", {"detail": "link-ungueltig"})
    assert verdict(mailed(wrong, now=2.5)).code == "link-falsch"
    told = verdict(mailed(wrong, *later, now=now))
    assert (told.code, told.advice) == (code, SEND)


def test_a_link_that_was_tried_too_often_is_said_to_be_over() -> None:
    """Nobody is sent back to the code that is used up."""
    tries = [(1 + number / 100, "refused", {"detail": "passwort-zu-einfach"}) for number in range(50)]
    for later in ((), ((2.0, "refused", {"detail": "link-ungueltig"}),)):
        told = verdict(mailed(*tries, *later, now=3))
        assert (told.code, told.advice) == ("link-beendet", SEND)
    told = verdict(mailed(*tries, (2, "asked", {}), (2, "limited", {}), now=3))
    assert "gilt" not in told.sentence


def test_a_stranger_s_password_hides_nothing_about_the_mails() -> None:
    """The desk sends a link: whether the mailbox is full or the new password was refused is told as ever."""
    stored = {"changed_at": int(START), "reported_since": int(START)}
    before = [Event(START, "C1", "changed"), Event(START + 60, "N1", "not-me")]
    sent = [Event(START + 120, "S1", "asked", by="desk"), Event(START + 121, "S1", "mailed", mail="reset")]
    for last, code in (
        (Event(START + 130, "S1", "bounced", detail="Transient/MailboxFull"), "postfach-voll"),
        (Event(START + 130, "R1", "refused", detail="passwort-zu-einfach"), "passwort-abgelehnt"),
    ):
        found = Case(case(now=0).account, stored, (*before, *sent, last), START + 200, FACTS)
        assert (verdict(found).code, "desk lock" in verdict(found).advice) == (code, True)
    locked = Case(case(now=0, status="locked").account, stored, tuple(before), START + 200, FACTS)
    assert (verdict(locked).code, "desk lock" in verdict(locked).advice) == ("gesperrt", False)


def test_a_password_that_unlocking_took_away_is_nobodys() -> None:
    """The advice is a link, not the lock once more; a new password ends the case."""
    stored = {"changed_at": int(START), "reported_since": int(START), "password_gone_at": int(START + 60 * 11) * 1000}
    pressed: list[tuple[float, str, dict[str, Any]]] = [(0, "changed", {}), (9, "not-me", {}), (10, *LOCK)]
    until = int(START + 60 * DAY)
    gone = case(*pressed, (11, *UNLOCK), now=12, paused_until=until)
    for events, now in ((gone.events, gone.now), ((), START + 86400 * 20)):
        told = verdict(Case(gone.account, stored, events, now, FACTS))
        assert (told.code, told.advice) == ("passwort-geloescht", SEND)
        assert not Case(gone.account, stored, events, now, FACTS).taken_over
    asked = case(*pressed, (11, *UNLOCK), (12, "asked", {}), now=13, paused_until=until)
    told = verdict(Case(asked.account, stored, asked.events, asked.now, FACTS))
    assert "desk send" in told.advice
    assert "gilt weiter" not in told.sentence


def test_a_mail_that_was_complained_about_has_arrived() -> None:
    fates = [Event(START + 60, "V0", "delivered"), Event(START + 120, "V0", "complained")]
    found = mailed(now=3)
    told = verdict(Case(found.account, {}, (*found.events, *fates), found.now, FACTS))
    assert "steht noch aus" not in told.sentence
    assert "angenommen" in told.sentence


def test_a_request_that_a_lock_overtook_is_no_fault_of_ours() -> None:
    """The worker drops its job, whatever waits on the queue: nobody need be told, and no mail is on its way."""
    for now in (1.5, 9):
        told = verdict(case((0, "asked", {}), (0.5, *LOCK), (1, *UNLOCK), now=now))
        assert (told.code, told.advice) == ("neu-anfordern", SEND)
        assert "behoben" not in told.sentence


def test_a_mail_that_never_arrived_does_not_count_after_a_limited_request() -> None:
    full = Event(START + 30, "V0", "bounced", detail="Transient/MailboxFull")
    found = mailed((2, "asked", {}), now=3)
    limited = Event(found.events[-1].at, found.events[-1].vorgang, "limited")
    told = verdict(Case(found.account, {}, (*found.events[:2], full, found.events[2], limited), found.now, FACTS))
    assert (told.code, told.advice) == ("postfach-voll", SEND)


@pytest.mark.parametrize(
    ("status", "kept"),
    [("invited", "Registrierung bleibt offen"), ("active", "am Konto hat sich sonst nichts geändert")],
)
def test_not_me_says_of_no_password_that_it_is_valid(status: str, kept: str) -> None:
    """Neither the invited nor who was imported as active has one."""
    until = int(START + 60 * DAY)
    told = verdict(mailed((1, "not-me", {}), now=2, status=status, paused_until=until))
    assert kept in told.sentence
    assert "alle Anmeldungen sind beendet" in told.sentence
    assert "gilt weiter" not in told.sentence


@pytest.mark.parametrize(
    ("mail", "subject"), [("reset", "Reset your password"), ("finish", "Finish your registration")]
)
def test_a_caller_is_told_the_subject_that_the_mail_has(mail: str, subject: str) -> None:
    status = "invited" if mail == "finish" else "active"
    found = mailed(now=2, language="en", status=status)
    events = tuple(Event(each.at, each.vorgang, each.name, mail=each.mail and mail) for each in found.events)
    assert subject in verdict(Case(found.account, {}, events, found.now, FACTS)).sentence


@pytest.mark.parametrize(
    ("detail", "code", "words"),
    [
        ("TransientCommunicationFailure", "verzoegert", "Ihr Mailserver lässt"),
        ("InternalFailure", "verzoegert", "Unser Versanddienst"),
        ("MailboxFull", "postfach-voll", "deshalb wartet"),
    ],
)
def test_a_delay_is_told_of_whoever_makes_it(detail: str, code: str, words: str) -> None:
    """And of nobody once the link was opened: only the right one gets as far as a refused password."""
    found = mailed(now=3)
    late = (*found.events, Event(START + 60, "V0", "delayed", detail=detail))
    told = verdict(Case(found.account, {}, late, found.now, FACTS))
    assert (told.code, words in told.sentence) == (code, True)
    assert "eine neue" not in told.sentence
    over = verdict(Case(found.account, {}, late, START + 45 * 60, FACTS))
    assert ("ich" in over.sentence, "eine neue" in over.sentence, "desk send" in over.advice) == (True, True, True)
    locked = (Event(START, "V0", "asked"), Event(START + 1, "V0", "mailed", mail="locked"), late[-1])
    assert "ihr Link" not in verdict(Case(found.account, {}, locked, found.now, FACTS)).sentence
    opened = (*late, Event(START + 120, "V5", "refused", detail="passwort-zu-einfach"))
    assert verdict(Case(found.account, {}, opened, found.now, FACTS)).code == "passwort-abgelehnt"


@pytest.mark.parametrize("end", ["changed", "not-me"])
def test_a_link_that_was_used_or_reported_does_not_count_after_a_limited_request(end: str) -> None:
    told = verdict(mailed((1, end, {}), (2, "asked", {}), (2, "limited", {}), now=3))
    assert "es gilt der Link" not in told.sentence


def test_a_used_link_is_that_of_a_mail_from_before_the_change() -> None:
    late = (5.0, "mailed", {"mail": "reset"})
    told = verdict(mailed((4, "changed", {}), late, (6, "refused", {"detail": "link-ungueltig"}), now=7))
    assert told.code == "link-benutzt"
    assert told.sentence.count(german_time(START + 6)) == 1
    assert german_time(START + 300) not in told.sentence


def test_a_request_after_a_lock_was_not_overtaken_by_it() -> None:
    """It is on its way, or stuck by a fault of ours."""
    for now in (10.1, 30):
        told = verdict(case((1, *LOCK), (2, *UNLOCK), (10, "asked", {}), now=now))
        assert "gleich danach" not in told.sentence
    assert "gleich danach" in verdict(case((1, "asked", {}), (1.1, *LOCK), (2, *UNLOCK), now=30)).sentence


def test_a_mail_of_the_desk_from_before_hides_no_report() -> None:
    """Only one that the desk sent upon it goes round the pause."""
    sent = [(0, "asked", {"by": "desk"}), (0.1, "mailed", {"mail": "reset"})]
    told = verdict(case(*sent, (5, "not-me", {}), now=9, paused_until=int(START + 60 * DAY)))
    assert told.code == "nicht-ich"


def test_a_link_that_a_lock_ended_competes_with_none() -> None:
    again = (Event(START + 720, "V9", "asked"), Event(START + 721, "V9", "mailed", mail="reset"))
    locked = mailed((5, *LOCK), (6, *UNLOCK), now=0)
    assert verdict(Case(locked.account, {}, (*locked.events, *again), START + 900, FACTS)).code == "im-spam-suchen"


@pytest.mark.parametrize("took", [True, False])
def test_a_complaint_is_not_when_the_mail_was_accepted(took: bool) -> None:
    """Somebody pressed "spam" hours later; the stop was lifted since."""
    events = [*mailed(now=0).events, *([Event(START + 9, "V0", "delivered", mail="reset")] if took else [])]
    events.append(Event(START + 4 * 3600, "V0", "complained", mail="reset"))
    told = verdict(Case(case(now=0).account, {}, tuple(events), START + 5 * 3600, FACTS))
    assert german_time(START + 4 * 3600) not in told.sentence
    assert f"{german_time(START + 9)} angenommen" in told.sentence


def test_an_invited_persons_dead_link_has_its_command() -> None:
    found = mailed(now=60, status="invited")
    events = (found.events[0], Event(START + 6, "V0", "mailed", mail="finish"))
    told = verdict(Case(found.account, {}, events, found.now, FACTS))
    assert (told.code, "desk send" in told.advice) == ("registrierung-offen", True)


def test_a_link_that_ended_days_ago_competes_with_none() -> None:
    first = mailed(now=0)
    for minutes, code in ((10, "zwei-links"), (7 * DAY, "im-spam-suchen")):
        at = START + 60 * minutes
        again = (Event(at, "V9", "asked"), Event(at + 1, "V9", "mailed", mail="reset"))
        assert verdict(Case(first.account, {}, (*first.events, *again), at + 600, FACTS)).code == code


@pytest.mark.parametrize(("detail", "ends"), [("passwort-zu-kurz", True), ("link-ungueltig", False)])
def test_only_refused_passwords_use_a_link_up(detail: str, ends: bool) -> None:
    """Whoever knows the address can try wrong links: they end nothing."""
    tries = [(1 + number / 100, "refused", {"detail": detail}) for number in range(Limits().tries_per_link)]
    assert ("zu oft ein Passwort" in verdict(mailed(*tries, now=5)).sentence) is ends


@pytest.mark.parametrize("detail", ["TransientCommunicationFailure", "MailboxFull"])
def test_a_late_notice_hides_no_mail_with_a_link(detail: str) -> None:
    """What became of the notice of a former change is not what became of the link that was asked for since."""
    before = [(0.0, "changed", {}), (1.0, "asked", {}), (1.0, "mailed", {"mail": "reset"})]
    found = case(*before, now=20)
    link = Event(START + 60, found.events[1].vorgang, "mailed", mail="reset")
    notice = [
        Event(START + 180, "V0", "mailed", mail="changed"),
        Event(START + 200, "V0", "delayed", detail=detail, mail="changed"),
    ]
    told = verdict(Case(found.account, {}, (*found.events[:2], link, *notice), found.now, FACTS))
    assert told.code == "im-spam-suchen"
    assert f"gilt bis zum {german_time(START + 60 + 1800)}" in told.sentence


def test_the_desks_own_link_counts_while_the_pause_goes_on() -> None:
    """After "not me" the desk sent one; the customer asks once more and gets nothing."""
    sent = [(2.0, "asked", {"by": "desk"}), (2.1, "mailed", {"mail": "reset"})]
    now = case((1, "not-me", {}), *sent, (3, "asked", {}), now=4, paused_until=int(START + 60 * DAY))
    events = (*now.events, Event(now.events[-1].at, now.events[-1].vorgang, "paused"))
    told = verdict(Case(now.account, {}, events, now.now, FACTS))
    assert told.code == "pausiert"
    assert "es gilt der Link" in told.sentence
    assert "behoben" not in told.sentence


@pytest.mark.parametrize(
    ("since", "foreign"),
    [(-3 * DAY, True), (60, True), (3 * DAY, False), (None, False)],
    ids=["in a mail from before the change", "soon after it", "in a mail of days later", "never"],
)
def test_a_password_that_its_owner_reported_is_a_strangers(since: int | None, foreign: bool) -> None:
    """Whatever a stranger asks for meanwhile, and also when the events have gone."""
    stored = {"changed_at": int(START)} | ({} if since is None else {"reported_since": int(START + 60 * since)})
    pressed = case((0, "changed", {}), (9, "not-me", {}), now=10, paused_until=int(START + 60 * DAY))
    told = verdict(Case(pressed.account, stored, pressed.events, pressed.now, FACTS))
    assert told.code == "nicht-ich"
    assert "desk lock" in told.advice
    assert ("davor wurde das Passwort geändert" in told.sentence) is foreign
    assert (f"Ihr Passwort wurde zuletzt am {german_time(START)} geändert" in told.sentence) is not foreign
    long_ago = stored | {"changed_at": int(START) - 20 * 86400, "reported_since": int(START)}
    calm = verdict(Case(pressed.account, long_ago, pressed.events, pressed.now, FACTS))
    assert (calm.code, "zuletzt am" in calm.sentence, "desk lock" in calm.advice) == ("nicht-ich", True, False)
    strangers = tuple(Event(START + 86400 * 20 - 60, "V9", name, mail="reset") for name in ("asked", "mailed"))
    for events in (pressed.events, (), (*pressed.events, *strangers), (*pressed.events, strangers[0])):
        later = Case(case(now=0).account, stored, events, START + 86400 * 20, FACTS)
        assert later.taken_over is foreign
        assert (verdict(later).code == "nicht-ich") is (foreign and len(events) < 3)
        assert ("desk lock" in verdict(later).advice) is foreign


STEPS = (
    "asked",
    "desk asked",
    "limited",
    "lock",
    "unlock",
    "asked while locked",
    "bounced",
    "not-me",
    "changed",
    "refused",
    "never queued",
    "late notice",
    "late notice delayed",
)


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.floats(0.2, 45)), max_size=8), st.floats(0.2, 60))
@settings(max_examples=500, derandomize=True, deadline=None, database=None)
def test_no_case_leads_to_a_dead_link_or_a_dead_end(steps: list[tuple[str, float]], wait: float) -> None:
    """Whatever happened in whatever order: a link is praised only while it opens, else there is a way to go on."""
    events, at = [], START
    for number, (step, minutes) in enumerate(steps):
        at += 60 * minutes
        events += happened(step, at, f"V{number}")
    found = Case(case(now=0).account, {}, tuple(events), at + 60 * wait, FACTS)
    told = verdict(found)
    live = found.mail is not None and found.live(found.mail) and not found.lost(found.mail)
    for praise in ("gilt bis", "gilt noch bis", "noch bis zum", "kopieren Sie"):
        assert live or praise not in told.sentence, told
    assert live or told.code == "unterwegs" or "desk send" in told.advice, told


def happened(step: str, at: float, vorgang: str) -> list[Event]:
    """What one step leaves on the timeline."""
    if step in ("lock", "unlock"):
        return [Event(at, vorgang, "desk", detail=(LOCK if step == "lock" else UNLOCK)[1]["detail"])]
    if step in ("not-me", "changed", "refused"):
        return [Event(at, vorgang, step, detail="link-ungueltig" if step == "refused" else None)]
    if step.startswith("late notice"):
        notice = [Event(at, vorgang, "mailed", mail="changed")]
        return [*notice, *([Event(at + 1, vorgang, "delayed", mail="changed")] if step.endswith("delayed") else [])]
    asked = Event(at, vorgang, "asked", by="desk" if step == "desk asked" else "customer")
    if step == "never queued":  # a fault of the queue: nobody is working on it
        return [asked]
    if step == "limited":
        return [asked, Event(at + 1, vorgang, step)]
    mail = Event(at + 1, vorgang, "mailed", mail="locked" if step.endswith("locked") else "reset")
    return [asked, mail, *([Event(at + 2, vorgang, step)] if step == "bounced" else [])]


def answered(status: int, retries: int) -> ClientError:
    """What the client library raises after so many tries more."""
    told = {"HTTPStatusCode": status, "RetryAttempts": retries}
    return ClientError({"Error": {"Code": "Throttled"}, "ResponseMetadata": told}, "PutItem")  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (ReadTimeoutError(endpoint_url="https://aws.test"), "stoerung", CHECK),
        (ConnectionClosedError(endpoint_url="https://aws.test"), "stoerung", CHECK),
        (EndpointConnectionError(endpoint_url="https://aws.test"), "kein-zugang", f"Netz und Region prüfen. {CHECK}"),
        (ConnectTimeoutError(endpoint_url="https://aws.test"), "kein-zugang", f"Netz und Region prüfen. {CHECK}"),
        (answered(500, 0), "stoerung", CHECK),
        (answered(400, 1), "stoerung", CHECK),
        (answered(400, 0), "stoerung", "abgelehnt (Throttled); es kann wiederholt werden"),
        (NoCredentialsError(), "kein-zugang", "Melden Sie sich an"),
    ],
)
def test_a_lost_answer_is_no_missing_access(fault: Exception, code: str, said: str) -> None:
    """What was asked for may be done: nobody is sent to log in, nor told an address of AWS."""
    told = excuse(fault)
    assert (told.code, said in told.message, "aws.test" in told.message) == (code, True, False)


@pytest.mark.parametrize(
    ("code", "message", "told", "said"),
    [
        ("ValidationError", "Stack with id kennwort-prod-state does not exist", "kein-zugang", "nichts aufgebaut"),
        ("ValidationError", "stackName is too long", "stoerung", "abgelehnt (ValidationError)"),
        ("Throttling", "Rate exceeded", "stoerung", "abgelehnt (Throttling); es kann wiederholt werden"),
        ("RequestExpired", "too old", "kein-zugang", "prüfen Sie die Uhr"),
        ("SignatureDoesNotMatch", "check your key", "kein-zugang", "Melden Sie sich neu an"),
    ],
)
def test_only_a_missing_stack_is_told_as_one(code: str, message: str, told: str, said: str) -> None:
    """The stacks are asked for first, so every trouble of AWS shows there; a script tries again what can be."""
    found = excuse(ClientError({"Error": {"Code": code, "Message": message}}, "DescribeStacks"))
    assert (found.code, said in found.message) == (told, True)
