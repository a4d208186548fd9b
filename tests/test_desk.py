"""Ten support calls, each answered by one `desk status`, through the whole local cloud."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from clerk import Desk, put_event, until, vorgang_of
from conftest import FACTS, PASSWORD, Customer, Inbox

from infra.local.cloud import Cloud
from infra.local.feedback import ses_event
from infra.local.seed import put_account
from reset.usernames import BLANKS

NEW = "Birke Tassen Orgel 58"


def reset(visitor: httpx.Client, customer: Customer, token: str, password: str = NEW) -> int:
    form = {"username": customer.username, "token": token, "new_password": password, "confirm": password}
    return visitor.post("/api/reset", data=form).status_code


def token_of(mail: dict[str, str]) -> str:
    return next(line for line in mail["text"].splitlines() if "/neues-passwort/#" in line).partition("#")[2]


def test_call_1_typo(desk: Desk, customer: Customer) -> None:
    """In the local part, in the domain, swapped; the near address is named, and who has none is told so."""
    local, _, domain = customer.username.partition("@")
    for typed in (f"{local[:2]}{local[3:]}@{domain}", f"{local}@exmaple.org", f"{local.replace('ku', 'uk')}@{domain}"):
        found = desk("status", typed, code=3)
        assert found["known"] is False
        assert customer.username in found["near"]
        assert "kein Konto" in found["verdict"]["sentence"]
    assert desk("status", "ganz.anders@nirgendwo.test", code=3)["near"] == []


def test_call_2_spam(desk: Desk, customer: Customer, asked: Callable[..., dict[str, str]], tell: Any) -> None:
    mail = asked(customer)
    assert "Spam-Ordner" in until(desk, customer, "im-spam-suchen")["verdict"]["sentence"]
    tell("delivery", customer, mail)
    deadline = time.monotonic() + 25
    while "angenommen" not in (found := desk("status", customer.username))["verdict"]["sentence"]:
        assert time.monotonic() < deadline
    assert FACTS["sender_address"] in found["verdict"]["sentence"]
    by_number = desk("status", *vorgang_of(mail).lower().split("-"))
    assert by_number["address"] == customer.username
    assert by_number["vorgang"] == vorgang_of(mail)


def test_call_3_unfinished_registration(desk: Desk, new_customer: Any, inbox: Inbox) -> None:
    person = new_customer("invited")
    first = desk("status", person.username)["verdict"]
    assert (first["code"], "noch nicht abgeschlossen" in first["sentence"]) == ("registrierung-offen", True)
    sent = desk("invite", person.username)
    assert vorgang_of(inbox.wait(person.username)[0]) == sent["vorgang"]
    assert "„Ihre Registrierung abschließen“" in until(desk, person, "registrierung-offen")["verdict"]["sentence"]
    assert desk("invite", person.username, "--dry-run")["people"][0]["state"] == "mailed"


def test_call_4_locked(desk: Desk, customer: Customer, visitor: httpx.Client, asked: Any) -> None:
    """The lock ends sessions and the live link at once; unlocking brings neither back."""
    token = token_of(asked(customer))
    login = visitor.post("/api/login", data={"username": customer.username, "password": PASSWORD})
    cookie = {"Cookie": login.headers["set-cookie"].partition(";")[0]}
    desk("lock", customer.username, "--reason", "Ausweis verloren")
    desk("lock", customer.username, "--reason", "noch einmal", code=4)
    found = desk("status", customer.username)["verdict"]
    assert (found["code"], "Ausweis verloren" in found["advice"]) == ("gesperrt", True)
    assert visitor.get("/api/session", headers=cookie).status_code == 401
    assert reset(visitor, customer, token) == 400
    assert desk("unlock", customer.username, "--reason", "geklärt")["status"] == "active"
    assert visitor.get("/api/session", headers=cookie).status_code == 401
    assert reset(visitor, customer, token) == 400
    assert visitor.post("/api/login", data={"username": customer.username, "password": PASSWORD}).status_code == 200


def test_call_5_mailbox_full(desk: Desk, customer: Customer, asked: Any, cloud: Cloud) -> None:
    """Told by the inbox's own button; a full mailbox stops no further mail."""
    mail = asked(customer)
    url = f"http://127.0.0.1:{cloud.port}/_inbox/event"
    form = {"to": mail["to"], "sent_at": mail["sent_at"], "kind": "full"}
    assert httpx.post(url, data=form).status_code == 303
    assert httpx.post(url, data=form | {"kind": "nothing"}).status_code == 400
    found = until(desk, customer, "postfach-voll")
    assert "Postfach ist voll" in found["verdict"]["sentence"]
    assert "undeliverable" not in found["account"]


def test_call_6_gateway_delay(desk: Desk, customer: Customer, asked: Any, tell: Any) -> None:
    """A delay told before and after the delivery: delivered is the last word."""
    mail = asked(customer)
    delay = {"timestamp": "", "delayType": "TransientCommunicationFailure", "delayedRecipients": []}
    tell("delivery", customer, mail, eventType="DeliveryDelay", deliveryDelay=delay)
    assert "lässt unsere E-Mail" in until(desk, customer, "verzoegert")["verdict"]["sentence"]
    tell("delivery", customer, mail, at=time.time() + 5)
    until(desk, customer, "im-spam-suchen")


def test_call_7_suppressed(desk: Desk, customer: Customer, asked: Any, tell: Any, inbox: Inbox) -> None:
    mail = asked(customer)
    kind = {"bounceSubType": "OnAccountSuppressionList"}
    for _ in range(2):
        tell("bounce", customer, mail, bounce=kind)
    found = until(desk, customer, "unterdrueckt")
    assert "hebe ich das jetzt auf" in found["verdict"]["sentence"]
    assert any("„smtp; 550 5.1.1 User unknown“" in event["text"] for event in found["events"])
    desk("send", customer.username, code=4)
    time.sleep(1)  # a mail of the same second counts as sent after the lifting
    desk("unsuppress", customer.username, "--reason", "Postfach wieder da")
    lifted = desk("status", customer.username)
    assert "ging nicht hinaus" in lifted["verdict"]["sentence"]
    assert "Mailserver" not in " ".join(event["text"] for event in lifted["events"] if event["name"] == "bounced")
    tell("bounce", customer, mail, mail={"timestamp": mail["sent_at"]})  # late word on the mail of before
    desk("send", customer.username)
    inbox.wait(customer.username, 2)
    time.sleep(1)
    assert "undeliverable" not in desk("status", customer.username)["account"]


def test_what_only_ses_had_listed_is_lifted_with_all_that_hangs_on_it(
    desk: Desk, customer: Customer, asked: Any, tell: Any, visitor: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its list is the whole AWS account's: the link is over, as the desk says, and an older bounce stops nobody."""
    mail = asked(customer)
    time.sleep(1)  # the tables keep whole seconds, and the lifting is later
    entry = {"Reason": "BOUNCE", "LastUpdateTime": datetime(2026, 11, 1, tzinfo=UTC)}
    with monkeypatch.context() as listing:
        listing.setattr("infra.desk.suppression._call", lambda *_: {"SuppressedDestination": entry})
        assert desk("unsuppress", customer.username, "--reason", "Anruf")["ses"]
    assert "gilt nicht mehr" in desk("status", customer.username)["verdict"]["sentence"]
    assert reset(visitor, customer, token_of(mail)) == 400
    tell("bounce", customer, mail, mail={"timestamp": mail["sent_at"]})
    until(desk, customer, "abgelehnt")
    assert "undeliverable" not in desk("status", customer.username)["account"]


def test_call_8_used_link(desk: Desk, customer: Customer, asked: Any, visitor: httpx.Client) -> None:
    """R85: also what was refused stands on the timeline."""
    token = token_of(asked(customer))
    assert reset(visitor, customer, token, "kurz") == 422
    assert desk("status", customer.username)["verdict"]["code"] == "passwort-abgelehnt"
    assert reset(visitor, customer, token) == 200
    assert desk("status", customer.username)["verdict"]["code"] == "geaendert"
    assert reset(visitor, customer, token, "Giraffe Ofen Lineal 33") == 400
    assert "schon benutzt" in until(desk, customer, "link-benutzt")["verdict"]["sentence"]


def test_call_9_two_links(desk: Desk, customer: Customer, asked: Any, visitor: httpx.Client) -> None:
    old = token_of(asked(customer))
    asked(customer, 2)
    assert "nur der Link in der neuesten" in until(desk, customer, "zwei-links")["verdict"]["sentence"]
    assert reset(visitor, customer, old) == 400
    assert desk("status", customer.username)["verdict"]["code"] == "zwei-links"


def test_a_strangers_wrong_link_does_not_hide_where_to_look(
    desk: Desk, customer: Customer, asked: Any, visitor: httpx.Client
) -> None:
    """Anybody may try a wrong link for anybody: who never got the mail is still told to look in the spam folder."""
    asked(customer)
    until(desk, customer, "im-spam-suchen")
    assert reset(visitor, customer, "A" * 43) == 400
    found = until(desk, customer, "link-falsch")["verdict"]
    assert "neueste E-Mail" in found["sentence"]
    assert "Spam-Ordner" in found["sentence"]
    assert "nicht die anrufende Person" in found["advice"]


def test_call_10_not_me(desk: Desk, customer: Customer, asked: Any, visitor: httpx.Client, inbox: Inbox) -> None:
    """The pause stops mails that strangers ask for, not the desk's."""
    asked(customer)
    token = inbox.token(customer.username, path="/das-war-ich-nicht/")
    assert visitor.post("/api/not-me", data={"token": token}).status_code == 200
    found = until(desk, customer, "nicht-ich")["verdict"]
    assert "„Das war ich nicht“" in found["sentence"]
    assert "am Konto hat sich sonst nichts geändert" in found["sentence"]
    desk("send", customer.username, "--reason", "doch selbst")
    inbox.wait(customer.username, 2)
    until(desk, customer, "im-spam-suchen")


def test_unlocking_warns_of_a_password_that_was_not_its_owners(
    desk: Desk, customer: Customer, asked: Any, visitor: httpx.Client, inbox: Inbox, cloud: Cloud
) -> None:
    """After "not me" the desk locks; unlocked as it was, the stranger could log in again."""
    token = token_of(asked(customer))
    assert reset(visitor, customer, token) == 200
    inbox.wait(customer.username, 2)
    told = inbox.token(customer.username, path="/das-war-ich-nicht/")
    assert visitor.post("/api/not-me", data={"token": told}).status_code == 200
    asked_again = visitor.post("/api/forgot", data={"username": customer.username}).json()["vorgang"]
    assert any("ein fremdes" in note for note in desk("status", asked_again)["notes"])  # whoever asked
    desk("lock", customer.username, "--reason", "fremd")
    assert "Achtung" in desk("unlock", customer.username, "--reason", "geklärt", text=True)
    assert visitor.post("/api/login", data={"username": customer.username, "password": NEW}).status_code == 401
    found = desk("status", customer.username)
    assert (found["verdict"]["code"], found["notes"]) == ("passwort-geloescht", [])
    cloud.session.client("dynamodb").update_item(
        TableName=cloud.outputs["AccountsTable"],
        Key={"id": {"S": customer.id}},
        UpdateExpression="REMOVE paused_until",
    )
    assert reset(visitor, customer, token_of(asked(customer, 3)), "Giraffe Ofen Lineal 33") == 200
    assert desk("status", customer.username)["verdict"]["code"] == "geaendert"


def test_an_absence_note_is_no_refusal(desk: Desk, customer: Customer, asked: Any, tell: Any) -> None:
    """SES tells of an automatic answer as Transient/General; the mail is there, and its link must go on living."""
    mail, people = asked(customer), [{"emailAddress": customer.username}]
    bounce = {"bounceType": "Transient", "bounceSubType": "General", "bouncedRecipients": people}
    tell("delivery", customer, mail)
    tell("bounce", customer, mail, bounce=bounce)
    deadline = time.monotonic() + 25
    while "answered" not in {each["name"] for each in desk("status", customer.username)["events"]}:
        assert time.monotonic() < deadline
    assert desk("status", customer.username)["verdict"]["code"] == "im-spam-suchen"
    expired = [people[0] | {"diagnosticCode": "smtp; 451 4.4.7 Message expired in queue"}]
    tell("bounce", customer, mail, bounce=bounce | {"bouncedRecipients": expired})
    assert any("451 4.4.7" in event["text"] for event in until(desk, customer, "abgelehnt")["events"])


def test_whoever_says_that_a_mail_is_no_spam_gets_the_next(
    desk: Desk, customer: Customer, asked: Any, tell: Any
) -> None:
    """A provider reports that, too, by the same event (RFC 5965 §7.3, "not-spam" in RFC 6430)."""
    mail = asked(customer)
    tell("complaint", customer, mail, complaint={"complaintFeedbackType": "not-spam"})
    tell("delivery", customer, mail)
    found = until(desk, customer, "im-spam-suchen")
    assert "undeliverable" not in found["account"]
    assert "complained" not in {each["name"] for each in found["events"]}


def test_the_desk_sees_who_pressed_that_was_not_me(
    desk: Desk, new_customer: Any, asked: Any, visitor: httpx.Client, inbox: Inbox
) -> None:
    """The page says that it is on the desk's list: with the password that may be a stranger's, until it is locked."""
    asker, victim = new_customer(), new_customer()
    asked(asker)
    assert reset(visitor, victim, token_of(asked(victim))) == 200
    inbox.wait(victim.username, 2)
    for each in (asker, victim):
        token = inbox.token(each.username, path="/das-war-ich-nicht/")
        assert visitor.post("/api/not-me", data={"token": token}).status_code == 200
    listed = {each["address"]: each["foreign"] for each in desk("reported")["reports"]}
    assert (listed[asker.username], listed[victim.username]) == (False, True)
    assert f"desk status {victim.username}" in desk("reported", text=True)
    desk("lock", victim.username, "--reason", "Meldung")
    assert not next(each for each in desk("reported")["reports"] if each["address"] == victim.username)["foreign"]


def test_a_complaint_and_a_rejection(desk: Desk, new_customer: Any, asked: Any, tell: Any) -> None:
    one, two, three = new_customer(), new_customer(), new_customer()
    tell("complaint", one, asked(one))
    tell("delivery", two, asked(two), eventType="Reject", reject={"reason": "Bad content"})
    tell("bounce", three, asked(three))
    until(desk, one, "als-spam-gemeldet")
    until(desk, two, "stoerung")
    until(desk, three, "unzustellbar")


def test_events_about_nobody_are_left_alone(
    cloud: Cloud, desk: Desk, customer: Customer, asked: Any, tell: Any
) -> None:
    """No tags, unknown account, no time, no mail: nothing lands in the dead-letter queue, the next event is taken."""
    mail = asked(customer)
    event = ses_event("bounce", {}, "fremd@example.org", time.time(), time.time())
    put_event(cloud, event)
    put_event(cloud, event | {"mail": {"tags": {"account": ["0" * 32], "vorgang": ["K7M-2QX-9RT"]}}})
    put_event(cloud, {"eventType": "Bounce"})
    put_event(cloud, {"eventType": "Rendering Failure", "mail": None})
    tell("delivery", customer, mail, delivery={"timestamp": "gestern"}, mail={"timestamp": None})
    deadline = time.monotonic() + 25
    while "delivered" not in {each["name"] for each in desk("status", customer.username)["events"]}:
        assert time.monotonic() < deadline
    dead = cloud.session.client("sqs").get_queue_attributes(
        QueueUrl=cloud.outputs["DeadEventQueue"], AttributeNames=["ApproximateNumberOfMessages"]
    )
    assert dead["Attributes"]["ApproximateNumberOfMessages"] == "0"


def test_no_mail_server_writes_a_line_of_its_own(desk: Desk, customer: Customer, asked: Any, tell: Any) -> None:
    """R87, X36: what a foreign server or provider says is one short line without an address, and costs nothing."""
    forged = "550 nein\r\n\n\u2800\u3164Sagen Sie: „Ihr Passwort ist 1234“\x9b2J\u202e" + "x" * 100_000
    who = customer.username.partition("@")[0]
    named = f"550 User {who.upper()} (<{who}>) not listed in Directory, mailbox {who} does not exist: user_{who}. "
    people = [{"emailAddress": customer.username, "diagnosticCode": named + forged}]
    tell("full", customer, asked(customer), bounce={"bouncedRecipients": people})
    until(desk, customer, "postfach-voll")
    kind = f"{customer.username} {forged}"
    tell("complaint", customer, asked(customer, 2), complaint={"complaintFeedbackType": kind})
    told = " ".join(event["text"] for event in until(desk, customer, "als-spam-gemeldet")["events"])
    assert told.isprintable()
    assert not set(told) & set(BLANKS)
    assert not any(each in told.lower() for each in (customer.username, who, "x" * 200))
    shown = desk("status", customer.username, text=True)
    assert len([line for line in shown.splitlines() if line.startswith("Sagen Sie")]) == 1


def test_domains_and_the_letter(cloud: Cloud, desk: Desk, customer: Customer, asked: Any, tell: Any) -> None:
    mail = asked(customer)
    tell("delivery", customer, mail)
    until(desk, customer, "im-spam-suchen")
    canary = "success+a1@simulator.amazonses.com"
    asked(Customer(canary, put_account(cloud.session, cloud.outputs, canary, "active"), None))
    time.sleep(1)
    figures = {each["name"]: each for each in desk("domains")["domains"]}
    assert "simulator.amazonses.com" not in figures
    figures = figures["example.org"]
    assert figures["asked"] >= figures["delivered"] >= 1
    text = desk("domains", "--letter", "example.org", text=True)
    assert "postmaster@example.org" in text
    assert "DKIM" in text
    assert customer.username not in text
    desk("domains", "--letter", "nirgendwo.test", code=3)
