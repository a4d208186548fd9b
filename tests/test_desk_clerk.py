"""A clerk's first day: slips of the keyboard, pasted addresses, odd files; every answer is plain German."""

import re
import secrets
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import httpx
import pytest
from botocore.exceptions import EndpointConnectionError
from clerk import until
from conftest import PASSWORD, Customer, Inbox

from infra.deploy.facts import ROOT, read_facts
from infra.desk import invite_command, locking
from infra.desk.csv_lines import read_sheet
from infra.desk.desk import DESK as DESK_ITSELF
from infra.desk.desk import _skew, open_desk
from infra.desk.domains import Domain, count
from infra.desk.faults import DeskError
from infra.desk.history import NEWEST, Event, of_account
from infra.desk.invitations import in_waves
from infra.desk.invited import chosen, people
from infra.desk.place import Place, local_place
from infra.desk.removal import _nameless
from infra.desk.status import _login_waits
from infra.desk.suppression import unsuppress
from infra.local.cloud import Cloud
from infra.local.seed import put_account
from reset.clock import german_time
from reset.usernames import canonical
from reset.vorgang import new_vorgang


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("stat", "a@b.de"), "Den Befehl „stat“ gibt es nicht. Gemeint: status?"),
        (("export", "a@b.de", "zu", "viel"), "Zu viel angegeben: zu viel."),
        (("lock", "a@b.de", "--reason"), "--reason braucht einen Wert."),
        (("lock", "a@b.de", "--reason", "x", "--json=1"), "--json nimmt keinen Wert."),
        (("status", "anna.kunde"), "weder eine E-Mail-Adresse noch eine Vorgangsnummer"),
        (("--local", "99999999", "status", "a@b.de"), "--local hat keinen gültigen Wert."),
        (("domains", "--letter", " "), "Domain"),
    ],
)
def test_a_slip_is_answered_in_german(desk: Any, words: tuple[str, ...], sentence: str) -> None:
    assert sentence in desk(*words, text=True, code=2)


@pytest.mark.parametrize("form", ["Anna Kunde <{}>", "mailto:{}", " {},", "<{}>;"])
def test_an_address_may_be_pasted_from_a_mail_program(desk: Any, customer: Customer, form: str) -> None:
    assert desk("status", form.format(customer.username))["address"] == customer.username


@pytest.mark.parametrize("form", ["münchen-{}.example", "x@München-{}.example.", "<x@MÜNCHEN-{}.example>"])
def test_a_letter_finds_a_domain_however_it_is_typed(desk: Any, cloud: Cloud, form: str) -> None:
    name = secrets.token_hex(3)
    username = canonical(f"a@münchen-{name}.example")
    put_account(cloud.session, cloud.outputs, username, "active")
    desk("send", username)
    said = desk("domains", "--letter", form.format(name), text=True)
    assert f"postmaster@{username.partition('@')[2]}" in said


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "die Datei gibt es nicht"),
        ("folder", "das ist ein Ordner"),
        (b"username\ra@b.de\r", "keine CSV-Textdatei"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_in_german(tmp_path: Path, data: Any, message: str) -> None:
    path = tmp_path / "konten.csv"
    if data == "folder":
        path.mkdir()
    elif data:
        path.write_bytes(data)
    with pytest.raises(DeskError, match=message):
        read_sheet(path)


def test_one_account_is_not_many(desk: Any, tmp_path: Path) -> None:
    path = tmp_path / "eins.csv"
    path.write_text("username\neinzahl@example.org\nkeine\n")
    text = desk("import", str(path), text=True, code=4)
    assert "1 neu, 0 schon vorhanden, 1 nicht übernommen" in text
    assert "Angelegt: 1 Konto." in text
    path.write_text("username\n")
    assert "keine Zeile mit einem Konto" in desk("import", str(path), text=True)


def test_who_is_no_longer_invited_is_said(desk: Any, customer: Customer) -> None:
    assert "wurde nie eingeladen" in desk("invite", customer.username, "--dry-run", text=True)


def test_a_look_without_effect_is_recorded_too(desk: Any, new_customer: Any) -> None:
    """R97: what is refused tells of an account as much as `status` does."""
    active, locked = new_customer().username, new_customer().username
    desk("lock", locked, "--reason", "Probe")
    for name, address in (("unlock", active), ("invite", active), ("lock", locked), ("invite", locked)):
        desk(name, address, "--reason", f"Neugier {name}", code=4)
        seen = [each for each in desk("status", address)["events"] if each["why"] == f"Neugier {name}"]
        assert [(each["name"], each["detail"]) for each in seen] == [("desk", "Auskunft")]


def test_a_setting_that_is_missing_is_named(desk: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """After an upgrade that was merged by hand."""
    lines = (ROOT / "mkdocs.yml").read_text().splitlines(keepends=True)
    config = tmp_path / "mkdocs.yml"
    config.write_text("".join(line for line in lines if not line.startswith("  retention_days:")))
    monkeypatch.setattr(read_facts, "__defaults__", (config,))
    said = desk("status", "anna.kunde@example.org", text=True, code=1)
    assert "Die Einstellungen stimmen nicht. mkdocs.yml: retention_days is a whole number" in said


def test_why_somebody_looked_for_nobody_is_recorded(desk: Any, cloud: Cloud) -> None:
    """R97: of an address without an account, and of the desk's own record, the reason counts like any other."""
    here = open_desk(local_place(cloud.port))
    for name in ("status", "send", "invite", "lock", "unlock", "unsuppress", "remove", "export"):
        nobody = f"{secrets.token_hex(4)}@example.org"
        desk(name, nobody, "--reason", f"Neugier {name}", *(["--yes"] if name == "remove" else []), code=3)
        # Of an erasure it may name somebody who was there a moment ago, and whose name nobody knows any more.
        kept = None if name == "remove" else f"Neugier {name}"
        assert [event.why for event in of_account(here, here.id(nobody))] == [kept]
    why = secrets.token_hex(4)
    desk("status", here.log(DESK_ITSELF, "Einladungen angesehen"), "--reason", why)
    assert why in {event.why for event in of_account(here, DESK_ITSELF)}


def test_who_needs_no_invitation_is_not_said_to_have_finished(desk: Any, customer: Customer) -> None:
    """Imported as active, nobody has a password before the first reset."""
    assert "braucht keine Einladung" in desk("invite", customer.username, text=True, code=4)


def test_who_got_the_invitation_on_the_phone_is_not_invited_again(desk: Any, new_customer: Any) -> None:
    person = new_customer("invited").username
    sent = desk("send", person)
    (state,) = desk("invite", person, "--dry-run")["people"]
    assert (state["state"], state["times"]) == ("mailed", 1)
    assert desk("status", person)["account"]["invitation"] == sent["vorgang"]


def test_what_the_desk_sends_goes_out_whosever_clock_is_ahead(
    cloud: Cloud, desk: Any, customer: Customer, inbox: Inbox
) -> None:
    """R85: unlocked a second ago by a machine whose clock is three seconds ahead; "under way" must not be untrue."""
    desk("lock", customer.username, "--reason", "Anruf")
    desk("unlock", customer.username, "--reason", "Anruf")
    ahead = {":at": int((time.time() + 3) * 1000)}
    cloud.session.resource("dynamodb").Table(cloud.outputs["ResetsTable"]).update_item(
        Key={"pk": f"reset#{customer.id}"}, UpdateExpression="SET asked_at = :at", ExpressionAttributeValues=ahead
    )
    sent = desk("send", customer.username)
    assert sent["vorgang"] in inbox.wait(customer.username)[0]["text"]


@pytest.mark.parametrize(
    ("minutes", "state", "turn"), [(5, "mailed", False), (20, "unsent", True), (20 * 24 * 60, "mailed", False)]
)
def test_whose_invitation_never_reached_the_queue_is_invited_again(
    cloud: Cloud, desk: Any, new_customer: Any, minutes: int, state: str, turn: bool
) -> None:
    """The network went between mark and job; of an invitation older than the timeline nothing is known any more."""
    invited = new_customer("invited")
    values = {":at": int(time.time()) - minutes * 60, ":of": new_vorgang(), ":one": 1}
    cloud.session.resource("dynamodb").Table(cloud.outputs["AccountsTable"]).update_item(
        Key={"id": invited.id},
        UpdateExpression="SET invited_at = :at, invitation = :of, invitations = :one",
        ExpressionAttributeValues=values,
    )
    (one,) = desk("invite", invited.username, "--dry-run")["people"]
    assert one["state"] == state
    found = [each for each in people(open_desk(local_place(cloud.port))) if each.account.id == invited.id]
    assert [each.state for each in found] == [state]
    assert bool(chosen(found, remind=False, before=0)) is turn


def test_a_lost_answer_of_the_table_is_no_other_clerk(
    cloud: Cloud, new_customer: Any, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client library repeats the write by itself, and then its own condition fails."""
    invited, here = new_customer("invited"), open_desk(local_place(cloud.port))
    update = here.accounts.update

    def repeated(*given: Any) -> None:
        update(*given)
        update(*given)

    monkeypatch.setattr(here.accounts, "update", repeated)
    (each,) = (each for each in people(here) if each.account.id == invited.id)
    ((_, vorgang),) = in_waves(here, [each], 600, None)
    assert vorgang in inbox.wait(invited.username)[0]["text"]


@pytest.mark.parametrize("ahead", [-20.3, -2.6, 0.0, 0.4, 2.6, 20.3])
@pytest.mark.parametrize("fraction", [0.0, 0.5, 0.99])
def test_the_desks_clock_is_at_most_a_moment_ahead(
    monkeypatch: pytest.MonkeyPatch, ahead: float, fraction: float
) -> None:
    """What a customer asks for just afterwards would be taken for older, and never be mailed."""
    told = {"ResponseMetadata": {"HTTPHeaders": {"date": "Fri, 27 Nov 2026 10:00:00 GMT"}}}
    cloud = datetime(2026, 11, 27, 10, tzinfo=UTC).timestamp() + fraction
    monkeypatch.setattr("infra.desk.desk.time", SimpleNamespace(time=lambda: cloud + ahead))
    assert -1.0 <= ahead + _skew(told) <= max(0.0, min(ahead, 1.5))


def test_one_strangers_failures_are_not_told_as_the_owners_wait(
    desk: Any, customer: Customer, new_visitor: Callable[..., httpx.Client], visitor: httpx.Client
) -> None:
    """R48: from another address the log-in goes at once."""
    stranger = new_visitor()
    form = {"username": customer.username, "password": "falsch geraten 2026"}
    while stranger.post("/api/login", data=form).status_code != 429:
        pass
    (note,) = desk("status", customer.username)["notes"]
    assert "von einer Internetadresse:" in note
    assert visitor.post("/api/login", data=form | {"password": PASSWORD}).status_code == 200


def test_the_common_wait_hides_no_longer_one() -> None:
    """R48: the owner's own computer waits for both."""
    item = {"until": 2000, "tries": {"a": {"until": 2400}, "b": {"until": 0}}}
    here: Any = SimpleNamespace(resets=SimpleNamespace(get=lambda _: item))
    (note,) = _login_waits(here, "x", 1000)
    assert (german_time(2000) in note, f"erst ab {german_time(2400)}" in note) == (True, True)
    item["tries"] = {}
    assert "erst ab" not in _login_waits(here, "x", 1000)[0]


def test_the_proof_of_an_erasure_names_nobody_in_any_spelling() -> None:
    why = "Antrag von Frau Mueller-Luedenscheidt (MU\u0308LLER), Herr Juergen Muller, Strasse: Weißgasse"
    told = _nameless(why, "h.weissgasse@example.org", "Jürgen Müller-Lüdenscheidt")
    assert told == "Antrag von Frau …-… (…), Herr … …, Strasse: …"
    assert _nameless("Herr Muster bat", "mail@max-muster.de", "") == "Herr … bat"


@pytest.mark.parametrize("broken", [KeyboardInterrupt(), EndpointConnectionError(endpoint_url="https://sqs")])
@pytest.mark.parametrize(("after", "said"), [(1, "macht beim Rest weiter"), (0, "begänne von vorn")])
def test_a_wave_broken_off_says_what_the_same_command_would_do(
    monkeypatch: pytest.MonkeyPatch, after: int, said: str, broken: BaseException
) -> None:
    """Without days in between it would mail the first ones again, and end the links that they have."""

    def waves(*_: Any) -> None:
        raise broken

    desk: Any = SimpleNamespace(place=SimpleNamespace(mails_per_hour=100))
    no_output: Any = None  # broken off at once, it has nothing to say
    monkeypatch.setattr(invite_command, "in_waves", waves)
    with pytest.raises(DeskError, match=f"0 von 0 sind verschickt.*{said}"):
        invite_command._send(desk, no_output, [], None, invite_command.Wave(True, after, 60, True, False))


@pytest.mark.parametrize(
    ("why", "name", "told"),
    [
        ("Herr Xu Li hat am Telefon darum gebeten", "Xu Li", "Herr … … hat am Telefon darum gebeten"),
        ("Rene Celik bittet um Löschung", "René Çelik", "… … bittet um Löschung"),
        ("Frau Ayse Yilmaz", "Ayşe Yılmaz", "Frau … …"),
        ("Sørens Antrag, Loe\u0302c", "Soren Łoęc", "… Antrag, …"),
        ("FrauEmma rief an", "Emma", "… rief an"),
        ("O'Neill rief an", "Una O'Neill", "…'… rief an"),
    ],
)
def test_a_foreign_or_a_short_name_is_none_in_the_proof_either(why: str, name: str, told: str) -> None:
    assert _nameless(why, "wer@example.org", name) == told


def test_a_letter_speaks_only_of_links_that_nobody_can_open_any_more() -> None:
    """Neither of one that is seconds old nor of one that a newer replaced."""

    def lost(now: float, *mails: float) -> int:
        counted = Domain("example.org")
        events = []
        for number, at in enumerate(mails):
            events += [Event(at, f"V{number}", name, mail="reset") for name in ("mailed", "delivered")]
        count(counted, events, now, 1800)
        return len(counted.lost)

    assert [lost(1700, 0), lost(1900, 0), lost(9000, 0, 60), lost(9000, 0, 4000)] == [0, 1, 1, 2]


@pytest.mark.parametrize("detail", ["Permanent/OnAccountSuppressionList", "Permanent/Suppressed", "Permanent/General"])
def test_a_letter_blames_no_server_for_what_our_sender_kept_back(detail: str) -> None:
    counted = Domain("example.org")
    events = [Event(0, "V", "mailed", mail="reset"), Event(1, "V", "bounced", detail=detail)]
    events += [Event(2, "W", "mailed", mail="reset"), Event(3, "W", "delayed", detail="InternalFailure")]
    count(counted, events, 9000, 1800)
    theirs = int(detail.endswith("General"))
    assert (counted.bounced, counted.late, len(counted.troubled)) == (theirs, 0, theirs)


def test_nothing_lifted_is_not_recorded_as_lifted(desk: Any, customer: Customer) -> None:
    assert "nichts geändert" in desk("unsuppress", customer.username, "--reason", "Anruf", text=True)
    assert "aufgehoben" not in str(desk("status", customer.username)["events"])


def test_why_no_mail_goes_out_is_said_in_german(desk: Any, customer: Customer, asked: Any, tell: Any) -> None:
    """A mail that bounced is none that could be opened by mistake: one link, not two."""
    tell("bounce", customer, asked(customer))
    until(desk, customer, "unzustellbar")
    assert "geht keine E-Mail: unzustellbar (" in desk("send", customer.username, text=True, code=4)
    lifted = desk("unsuppress", customer.username, "--reason", "geht wieder", text=True)
    assert "Aufgehoben: unzustellbar (" in lifted
    desk("send", customer.username)
    assert until(desk, customer, "im-spam-suchen")


def test_the_letter_is_set_for_a_mail_program(desk: Any, customer: Customer, asked: Any) -> None:
    """Prose lines fill up to 78 signs; of lost mails it speaks only where there are some."""
    asked(customer)
    prose = desk("domains", "--letter", "example.org", text=True).split("Guten Tag,")[1].split("Bitte prüfen")[0]
    lines = [line for line in prose.strip().splitlines() if line]
    assert max(map(len, lines)) <= 78
    assert all(len(line) > 55 for line in lines[:-1])


def test_a_stage_from_before_says_so() -> None:
    with pytest.raises(DeskError, match="älter als dieses Programm"):
        open_desk(Place(boto3.Session(), {"SecretArn": "former"}))


@pytest.mark.parametrize("wrong", [-600, 600])
def test_a_desk_whose_clock_is_wrong_goes_by_the_clouds(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, wrong: float
) -> None:
    """Behind, its link would count as older than the customer's own and get no mail; ahead, the customer's next one."""
    monkeypatch.setattr("infra.desk.desk.time", SimpleNamespace(time=lambda: time.time() + wrong))
    assert abs(open_desk(local_place(cloud.port)).now() - time.time()) < 60


def test_who_asked_without_an_account_may_see_that(desk: Any, visitor: httpx.Client) -> None:
    """Art. 15 as Art. 17: what is stored under an address, account or not."""
    desk("export", "ohne.konto@example.org", code=3)
    visitor.post("/api/forgot", data={"username": "ohne.konto@example.org"})
    found = desk("export", "ohne.konto@example.org")
    assert found["account"] == {}
    assert "asked" in {event["name"] for event in found["events"]}
    assert desk("remove", "ohne.konto@example.org", "--yes", "--reason", "Antrag")["account"] is False


def test_what_is_past_its_time_is_not_shown(
    cloud: Cloud, desk: Any, customer: Customer, new_customer: Callable[[], Customer]
) -> None:
    """DynamoDB may delete it two days late; the privacy page promises the day."""
    timeline, vorgang = open_desk(local_place(cloud.port)).timeline, new_vorgang()
    timeline.add_at(time.time() - timeline.days * 86400 - 60, customer.id, vorgang, "limited")
    assert vorgang not in str(desk("status", customer.username))
    desk("status", vorgang, code=3)
    timeline.add_at(time.time() - timeline.days * 86400 - 60, customer.id, vorgang, "not-me")
    assert vorgang not in str(desk("reported"))
    days = [new_vorgang() for _ in range(2)]
    for ago, number in enumerate(days):
        timeline.add_at(
            time.time() - 60 * ago, open_desk(local_place(cloud.port)).id(new_customer().username), number, "not-me"
        )
    shown = [each["vorgang"] for each in desk("reported")["reports"]]
    assert [number for number in shown if number in days] == days


def test_strangers_do_not_push_the_rest_off_the_screen(cloud: Cloud, desk: Any, customer: Customer) -> None:
    """Anybody may ask and guess for anybody, all day; the clerk still sees in one look what really happened."""
    timeline, began = open_desk(local_place(cloud.port)).timeline, time.time() - 3600
    changed, *numbers = [new_vorgang() for _ in range(NEWEST + 21)]
    timeline.add_at(began, customer.id, changed, "changed")
    for second, number in enumerate(numbers, 1):
        timeline.add_at(began + second, customer.id, number, "limited")
    text = desk("status", customer.username, text=True)
    assert [number for number in (changed, *numbers) if number in text] == [changed, *numbers[-NEWEST:]]
    assert "\nWeggelassen: 20 ältere Einträge; mit --all stehen alle da.\n" in text
    assert "Ihr Passwort wurde am" in text
    text = desk("status", *numbers[0].split("-"), text=True)
    assert f"→ {numbers[0]}" in text
    assert numbers[1] not in text
    text = desk("status", customer.username, "--all", text=True)
    assert all(number in text for number in numbers)
    assert "Weggelassen" not in text
    assert set(numbers) <= {each["vorgang"] for each in desk("status", customer.username)["events"]}


def test_a_wave_leaves_out_who_is_done_by_now(cloud: Cloud, desk: Any, new_customer: Any) -> None:
    """Hours may pass between two mails of a wave: locked, removed, paused or finished meanwhile, nobody gets one."""
    first, locked, gone, paused, bounced = (new_customer("invited").username for _ in range(5))
    place = open_desk(local_place(cloud.port))
    found = {each.account.username: each for each in people(place)}
    meanwhile = [("remove", gone, "--yes"), ("lock", locked)]
    until = {"until": int(time.time()) + 3600}

    def sleep(_: float) -> None:
        place.accounts.update({"id": place.id(paused)}, "SET paused_until = :until", "attribute_exists(id)", until)
        place.accounts.update({"id": place.id(bounced)}, "SET undeliverable = :why", None, {"why": "Permanent/General"})
        while meanwhile:
            desk(*meanwhile.pop(), "--reason", "Austritt")

    sent = in_waves(place, [found[name] for name in (first, locked, gone, paused, bounced)], 60, None, sleep)
    assert [person.account.username for person, _ in sent] == [first]
    assert desk("status", gone, code=3)["events"] == []


def test_lifting_broken_off_in_the_middle_is_on_record(
    desk: Any, cloud: Cloud, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only SES's list had the address: the same command must find something to do, and a late bounce nothing."""

    def ses(_: Any, name: str, __: str) -> Any:
        if name.startswith("get"):
            return {"SuppressedDestination": {"Reason": "BOUNCE", "LastUpdateTime": datetime(2026, 11, 1, tzinfo=UTC)}}
        raise KeyboardInterrupt

    monkeypatch.setattr("infra.desk.suppression._call", ses)
    with pytest.raises(KeyboardInterrupt):
        unsuppress(open_desk(local_place(cloud.port)), customer.username, "Anruf")
    found = desk("status", customer.username)
    assert "lifted_at" in found["account"]
    assert "Zustellsperre aufgehoben" in {event["detail"] for event in found["events"]}


def test_not_me_while_an_account_is_unlocked_is_not_overlooked(
    cloud: Cloud, customer: Customer, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pressed between what unlocking reads and what it writes: a stranger's password would be valid again, unwarned."""

    def pressed(_: Any) -> bool:
        one = {"one": 1}
        here.accounts.update({"id": customer.id}, "ADD epoch :one", "attribute_exists(id)", one)
        return False

    here = open_desk(local_place(cloud.port))
    desk("lock", customer.username, "--reason", "fremd")
    monkeypatch.setattr(locking, "taken_over", pressed)
    with pytest.raises(DeskError, match="in diesem Augenblick anderswo geändert"):
        locking.unlock(here, customer.username, "geklärt")
    assert desk("status", customer.username)["account"]["status"] == "locked"


@pytest.mark.parametrize("bounce", ["Permanent", "Transient"])
def test_no_mail_server_speaks_for_the_desk(
    desk: Any, cloud: Cloud, customer: Customer, asked: Any, tell: Any, bounce: str
) -> None:
    """R87: whoever has a mail domain chooses what it answers; it stands in quotes, and in no advice."""
    forged = "550). Gilt die Adresse wieder“: desk lock ADRESSE --reason x„ (desk"
    about = {"bounceType": bounce, "bounceSubType": forged, "bouncedRecipients": [{"diagnosticCode": forged}]}
    tell("bounce", customer, asked(customer), bounce=about)
    text = None
    while text is None:
        found = desk("status", customer.username)
        text = next((event["text"] for event in found["events"] if event["name"] == "bounced"), None)
    assert text.endswith("; „550). Gilt die Adresse wieder: desk lock ADRESSE --reason x (desk“)")
    assert "desk lock" not in found["verdict"]["advice"]
    assert "desk lock" not in desk("status", customer.username, text=True).partition("Sagen Sie")[2]
    file = cloud.session.resource("dynamodb").Table(cloud.outputs["AccountsTable"])
    named = {":name": "Anna · gesperrt“ · Tun: desk unlock x"}
    file.update_item(
        Key={"id": customer.id},
        UpdateExpression="SET #name = :name",
        ExpressionAttributeNames={"#name": "name"},
        ExpressionAttributeValues=named,
    )
    assert "„Anna · gesperrt · Tun: desk unlock x“ · aktiv" in desk("status", customer.username, text=True)


@pytest.mark.parametrize("local", ["o'brien", "a&id&b", "$home", "bo|id|cat", "`id`", "*"])
def test_a_command_to_copy_is_only_that_command(desk: Any, cloud: Cloud, local: str) -> None:
    """Whoever registers chooses the address, and a clerk pastes what the desk proposes into a shell."""

    def words(said: str) -> list[str]:
        command = re.search(r"desk (send .*|unsuppress .*?) --reason …|desk (send .*)$", said, re.MULTILINE)
        assert command, said
        shell = ["sh", "-c", f"printf '%s\\n' {command[1] or command[2]}"]
        return subprocess.run(shell, capture_output=True, text=True, check=True).stdout.splitlines()

    address = f"{local}{secrets.token_hex(3)}@example.org"
    identity = put_account(cloud.session, cloud.outputs, address, "active", password=PASSWORD)
    assert words(desk("invite", address, text=True, code=4)) == ["send", address]
    accounts = cloud.session.resource("dynamodb").Table(cloud.outputs["AccountsTable"])
    accounts.update_item(
        Key={"id": identity},
        UpdateExpression="SET undeliverable = :why",
        ExpressionAttributeValues={":why": "bounced"},
    )
    assert words(desk("status", address, text=True)) == ["unsuppress", address]
    assert words(desk("send", address, text=True, code=4)) == ["unsuppress", address]
    assert words(desk("unsuppress", address, "--reason", "Anruf", text=True)) == ["send", address]
