"""The desk's care of accounts: import, removal, export, its record, its role, its manners."""

import json
import os
import re
import secrets
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from clerk import DESK
from conftest import FACTS, PASSWORD, Customer, Inbox

from infra.desk import removal
from infra.desk.csv_lines import read_sheet
from infra.desk.csv_rows import read_rows
from infra.desk.desk import DESK as DESK_ITSELF
from infra.desk.desk import open_desk
from infra.desk.faults import DeskError
from infra.desk.history import account_of, of_account
from infra.desk.invitations import in_waves, invite
from infra.desk.invite_command import _spares_customers
from infra.desk.invited import chosen, people
from infra.desk.place import local_place
from infra.desk.sending import mark
from infra.desk.traces import traces
from infra.local.cloud import Cloud
from reset.accounts import Accounts
from reset.queue import MailQueue
from reset.timeline import stamp
from reset.vorgang import new_vorgang

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def sheet(tmp_path: Path) -> Any:
    """Reads bytes as a CSV file: the good rows, the bad lines, the notes."""

    def read(data: bytes) -> Any:
        path = tmp_path / "konten.csv"
        path.write_bytes(data)
        found = read_sheet(path)
        return read_rows(found), dict(found.bad), found.notes

    return read


@pytest.mark.parametrize(
    ("data", "note"),
    [
        ("username;name\nmax@example.org;Jörg Müßig\n".encode(), None),
        (b"\xef\xbb\xbf" + "username,name\r\nmax@example.org,Jörg Müßig\r\n".encode(), None),
        ("Username;Name\nmax@example.org;Jörg Müßig".encode("cp1252"), "Windows-1252"),
        ('"username";"name"\n"MAX@Example.org ";"Jörg Müßig"\n\n;\n'.encode(), None),
    ],
)
def test_every_usual_encoding_and_separator_is_read(sheet: Any, data: bytes, note: str | None) -> None:
    rows, bad, notes = sheet(data)
    assert [(row.username, row.name) for row in rows] == [("max@example.org", "Jörg Müßig")]
    assert not bad
    assert (note in notes[0]) if note else not notes


def test_each_bad_line_is_named_and_costs_only_itself(sheet: Any) -> None:
    lines = [
        b"username,name,language,status",
        b"gut1@example.org,Eins,de,active",
        b"keine-adresse,Zwei,,",
        b"drei@example.org,=HYPERLINK(1),,",
        b"vier@example.org,Vier,fr,",
        "fünf@example.org,Fünf,,".encode(),
        b"gut1@EXAMPLE.org,Nochmal,,",
        b"sechs@example.org,Sechs,de,geloescht",
        b"sieben@example.org," + b"x" * 10_000_000 + b",,",
        b'acht@example.org,"offen,,',
        b"neun@example.org,zu,viele,active,felder",
        b"zehn@example.org,\x81\x8d,,",
        b"elf@example.org,M\xfcller,,",
        "zwölf12@example.org,ok,,".encode("cp1252"),
        "gut2@example.org,Jörg,,".encode(),
        b"gut3@example.org,\x00,,",
        b"@example.org,A,,",
        b"+4930@example.org,B,,",
    ]
    rows, bad, notes = sheet(b"\n".join(lines))
    assert [row.username for row in rows] == ["gut1@example.org", "elf@example.org", "gut2@example.org"]
    assert sorted(bad) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 17, 18]
    assert "Formel" in bad[4]
    assert "Zeile 2" in bad[7]
    assert "10000022" in bad[9]
    assert any("Gemischter Zeichensatz" in note for note in notes)


def test_a_cell_over_several_lines_makes_no_account_of_its_own(sheet: Any) -> None:
    data = b'username;name\na@example.org;"Eins\nb@example.org;Zwei\nc@example.org;Drei"\nd@example.org;Vier\n'
    rows, bad, _ = sheet(data)
    assert [row.username for row in rows] == ["d@example.org"]
    assert set(bad) == {2, 3, 4}
    assert "in Zeile 2 beginnt" in bad[3]


def test_one_quotation_mark_too_much_costs_only_its_line(sheet: Any) -> None:
    rows, bad, _ = sheet(b'username;name\na@example.org;"Eins\nb@example.org;Zwei\nc@example.org;Drei "3"\n')
    assert [row.username for row in rows] == ["b@example.org", "c@example.org"]
    assert set(bad) == {2}


@pytest.mark.parametrize("name", ["＝1+1", "Max\u061cMuster", "Max\u2028Muster", "Max\u200bMuster"])
def test_a_name_holds_no_hidden_sign_and_no_formula(sheet: Any, name: str) -> None:
    rows, bad, _ = sheet(f"username;name\na@example.org;{name}\n".encode())
    assert (rows, set(bad)) == ([], {2})


def test_a_file_may_be_called_anything(desk: Any, tmp_path: Path) -> None:
    file = Path(os.fsdecode(bytes(tmp_path) + b"/\xfcber.csv"))
    file.write_text("username\nueber.uns@example.org\n")
    assert desk("import", str(file), "--apply")["created"] == 1


def test_the_import_is_idempotent_and_people_can_use_it(
    desk: Any, tmp_path: Path, visitor: httpx.Client, inbox: Inbox
) -> None:
    path = tmp_path / "neu.csv"
    path.write_text(
        "username;status\nimport1@example.org;\nimport2@example.org;active\nimport3@example.org;locked\n;x\n"
    )
    plan = desk("import", str(path), "--dry-run", code=4)
    assert (plan["new"], plan["applied"], plan["bad"][0]["line"]) == (3, False, 5)
    desk("status", "import1@example.org", code=3)
    assert desk("import", str(path), code=4)["created"] == 3
    again = desk("import", str(path), code=4)
    assert (again["created"], again["known"], again["differing"]) == (0, 3, [])
    visitor.post("/api/forgot", data={"username": "import2@example.org"})
    assert inbox.wait("import2@example.org")[0]["subject"].endswith("Ihr Passwort zurücksetzen")
    assert desk("unlock", "import3@example.org", "--reason", "war falsch")["status"] == "invited"
    text = desk("import", str(path), text=True, code=4)
    assert "Zeile 5: username ist leer" in text


def test_what_is_no_table_is_said(desk: Any, tmp_path: Path) -> None:
    path = tmp_path / "falsch.csv"
    path.write_bytes(b"max@example.org;Max\n")
    assert "fehlt die Spalte" in desk("import", str(path), text=True, code=2)
    path.write_bytes("username\n".encode("utf-16"))
    assert "CSV UTF-8" in desk("import", str(path), text=True, code=2)
    assert "nicht lesbar" in desk("import", str(tmp_path / "fehlt.csv"), text=True, code=2)


def test_remove_takes_what_comes_a_moment_later(cloud: Cloud, customer: Customer) -> None:
    """R92: a job that was under way writes after the account is gone."""
    desk = open_desk(local_place(cloud.port))
    done = removal.remove(
        desk, customer.username, "Antrag", sleep=lambda _: desk.timeline.add(customer.id, new_vorgang(), "unknown")
    )
    assert done["events"] == 1
    assert not traces(desk, customer.id).events


def test_remove_erases_all_of_a_person(
    desk: Any,
    cloud: Cloud,
    customer: Customer,
    visitor: httpx.Client,
    asked: Any,
) -> None:
    """Art. 17: no item in any table names the person afterwards; a proof without personal data stays."""
    asked(customer)
    login = visitor.post("/api/login", data={"username": customer.username, "password": PASSWORD})
    cookie = {"Cookie": login.headers["set-cookie"].partition(";")[0]}
    visitor.post("/api/login", data={"username": customer.username, "password": "falsch"})
    text = json.dumps(desk("export", customer.username))
    assert customer.username in text
    assert "Sitzung" in text
    assert not re.search(r"digests|\$argon2|[0-9a-f]{64}|\"tries\"", text)
    local = customer.username.partition("@")[0]
    here = open_desk(local_place(cloud.port))
    here.accounts.update({"id": customer.id}, "SET #name = :name", None, {"name": "Walburga Zinnecker"})
    why = f"Antrag von {customer.username.upper()}, {local.title()} Zinnecker hat angerufen"
    done = desk("remove", customer.username, "--yes", "--reason", why)
    assert done["account"] is True
    assert visitor.get("/api/session", headers=cookie).status_code == 401
    dynamodb = cloud.session.client("dynamodb")
    for table in ("AccountsTable", "PasswordsTable", "ResetsTable", "TimelineTable"):
        stored = json.dumps(dynamodb.scan(TableName=cloud.outputs[table])["Items"])
        assert customer.id not in stored, table
        assert f'"{customer.username}"' not in stored, table
        assert local not in stored.lower(), table
    (proof,) = desk("status", done["vorgang"])["events"][:1]
    assert proof["text"].endswith("Grund: „Antrag von …, … … hat angerufen“")
    assert done["vorgang"] in json.dumps(dynamodb.scan(TableName=cloud.outputs["TimelineTable"])["Items"])
    desk("remove", customer.username, "--yes", "--reason", "noch einmal", code=3)


def test_what_ses_keeps_of_a_person_is_told_also_after_the_erasure(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Art. 15: the one trace that `remove` cannot take away."""
    nobody = f"{secrets.token_hex(4)}@example.org"
    entry = {"Reason": "BOUNCE", "LastUpdateTime": datetime(2026, 11, 1, tzinfo=UTC)}
    monkeypatch.setattr("infra.desk.suppression._call", lambda *_: {"SuppressedDestination": entry})
    assert "unzustellbar" in desk("export", nobody)["suppression_list"]


@pytest.mark.parametrize("broken", [KeyboardInterrupt(), ReadTimeoutError(endpoint_url="https://aws.test")])
@pytest.mark.parametrize("sweeping", [True, False])
def test_an_erasure_broken_off_tells_its_proof(
    cloud: Cloud, customer: Customer, monkeypatch: pytest.MonkeyPatch, sweeping: bool, broken: BaseException
) -> None:
    """Afterwards there is no account, and the same command could not make one; nor does it know the name any more."""

    def interrupted(*_: Any) -> None:
        raise broken

    def proof(vorgang: str) -> str | None:
        return next(event.why for event in of_account(here, DESK_ITSELF) if event.vorgang == vorgang)

    here, why = open_desk(local_place(cloud.port)), "Antrag von Walburga Zinnecker"
    here.events.put({"account": customer.id, "at": "2026-01-01#a", "vorgang": "a", "name": "asked"})
    here.accounts.update({"id": customer.id}, "SET #name = :name", None, {"name": "Walburga Zinnecker"})
    with monkeypatch.context() as cut:
        cut.setattr(removal, "_sweep", interrupted if sweeping else removal._sweep)
        with pytest.raises(DeskError, match="Derselbe Befehl löscht, was noch da ist") as told:
            removal.remove(here, customer.username, why, interrupted)
    number = re.search(r"desk status ([\w-]+)\.", told.value.message)
    assert number
    assert proof(number[1]) == "Antrag von … …"
    if sweeping:
        assert proof(removal.remove(here, customer.username, why)["vorgang"]) is None


def test_the_proof_keeps_no_reason_where_no_name_is_known(cloud: Cloud, customer: Customer) -> None:
    """It may name the person, and nothing could tell."""
    here = open_desk(local_place(cloud.port))
    done = removal.remove(here, customer.username, "Antrag von Walburga Zinnecker", lambda _: None)
    (proof,) = (event for event in of_account(here, DESK_ITSELF) if event.vorgang == done["vorgang"])
    assert (proof.detail, proof.why) == ("Person gelöscht (Art. 17 DSGVO)", None)


def test_a_mail_to_somebody_erased_meanwhile_brings_no_half_account_back(cloud: Cloud, new_customer: Any) -> None:
    """Between the job of `desk send` and the mark that the mail is an invitation."""
    person, here = new_customer("invited"), open_desk(local_place(cloud.port))
    account = Accounts.read(here.accounts.get({"id": person.id}))
    assert account
    here.accounts.delete({"id": person.id})
    assert not mark(here, account, new_vorgang())
    assert here.accounts.get({"id": person.id}) is None


def test_remove_says_what_it_cannot_erase(desk: Any, customer: Customer) -> None:
    """SES's own list: the desk takes an address off only while there is an account."""
    assert "vorher desk unsuppress ADRESSE" in " ".join(desk("remove", "--help", text=True).split())
    said = desk("remove", customer.username, "--yes", "--reason", "Antrag", text=True)
    assert f"aws sesv2 delete-suppressed-destination --email-address {customer.username}" in said


def test_a_case_is_found_by_what_is_still_kept_of_it(cloud: Cloud, customer: Customer) -> None:
    """DynamoDB takes up to two days to delete what is over; a look of yesterday lives on."""
    here, vorgang = open_desk(local_place(cloud.port)), new_vorgang()
    event = {"account": customer.id, "vorgang": vorgang, "name": "desk", "detail": "Auskunft", "by": "anna"}
    for number in range(6):
        over = number < 5
        at = here.now() - (15 if over else 1) * 86400 + number
        here.events.put(event | {"at": f"{stamp(at)}#{vorgang}#{number}", "ttl": int(at) + 14 * 86400})
    assert account_of(here, vorgang) == customer.id


def test_every_look_and_act_is_recorded(desk: Any, customer: Customer) -> None:
    desk("status", customer.username, "--reason", "Anruf 14 Uhr")
    sent = desk("send", customer.username)
    events = [event for event in desk("status", customer.username)["events"] if event["name"] == "desk"]
    assert [(event["detail"], event["why"]) for event in events] == [
        ("Auskunft", "Anruf 14 Uhr"),
        ("E-Mail geschickt", None),
    ]
    assert all(event["by"] for event in events)
    assert events[1]["vorgang"] == sent["vorgang"]


def test_looks_that_change_nothing_are_recorded_too(desk: Any, cloud: Cloud, tmp_path: Path, new_customer: Any) -> None:
    """`desk --help` promises it of every call."""
    here, file = open_desk(local_place(cloud.port)), tmp_path / f"{secrets.token_hex(4)}.csv"
    file.write_text("username\nnur.schauen@example.org\n")
    desk("import", str(file), "--dry-run")
    looked, nobody = secrets.token_hex(4), f"{secrets.token_hex(4)}@example.org"
    desk("invite", "--all", "--dry-run", "--reason", looked)
    desk("send", nobody, code=3)
    person = new_customer("invited")
    desk("invite", person.username, "--dry-run", "--reason", looked)
    records = of_account(here, DESK_ITSELF)
    assert {file.name, looked} <= {event.why for event in records}
    assert [event.detail for event in of_account(here, here.id(nobody))] == ["Auskunft"]
    assert looked in {event.why for event in of_account(here, person.id)}


def test_what_shows_or_makes_much_is_recorded(desk: Any, cloud: Cloud, customer: Customer, tmp_path: Path) -> None:
    """R97: all about one person, everybody who pressed "not me", new accounts."""
    here, why, file = open_desk(local_place(cloud.port)), secrets.token_hex(4), tmp_path / f"{secrets.token_hex(4)}.csv"
    desk("export", customer.username, "--reason", why)
    assert [(event.detail, event.why) for event in of_account(here, customer.id)] == [
        ("Auskunft nach Art. 15 DSGVO", why)
    ]
    desk("reported", "--reason", why)
    file.write_text(f"username\n{why}@example.org\n")
    desk("import", str(file))
    seen = {(event.detail, event.why) for event in of_account(here, DESK_ITSELF)}
    assert {("Meldungen angesehen", why), ("Import: 1 Konto angelegt", file.name)} <= seen


def test_the_letter_records_a_domain_and_no_address(desk: Any, cloud: Cloud) -> None:
    desk("domains", "--letter", "Jemand@Nirgendwo.example", code=3)
    details = {event.detail for event in of_account(open_desk(local_place(cloud.port)), DESK_ITSELF)}
    assert "Domains nirgendwo.example" in details
    assert not any("jemand" in str(detail).lower() for detail in details)


def test_two_clerks_at_once_invite_each_person_once(cloud: Cloud, new_customer: Any, inbox: Inbox) -> None:
    """A second mail would end the link of the first."""
    persons = [new_customer("invited") for _ in range(4)]
    here = open_desk(local_place(cloud.port))
    names = {each.username for each in persons}
    found = [each for each in people(here) if each.account.username in names]
    with ThreadPoolExecutor(4) as pool:
        waves = [*pool.map(lambda _: [*in_waves(here, found, 60_000, None)], range(4))]
    assert sorted(each.account.username for wave in waves for each, _ in wave) == sorted(names)


@pytest.mark.parametrize("fault", [EndpointConnectionError(endpoint_url="https://aws.test"), KeyboardInterrupt()])
def test_an_invitation_that_may_be_out_is_not_sent_again_at_once(
    cloud: Cloud, new_customer: Any, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    """A second mail would end the link of the first: any fault may follow a try that went through."""
    person, here = new_customer("invited"), open_desk(local_place(cloud.port))
    (before,) = (each for each in people(here) if each.account.username == person.username)

    def refuse(*_: Any, **__: Any) -> None:
        raise fault

    with monkeypatch.context() as broken:
        broken.setattr(MailQueue, "ask", refuse)
        with pytest.raises(type(fault)):
            invite(here, before.account, None)

    def seen(minutes: int) -> tuple[str, bool]:
        later = replace(here, now=lambda: time.time() + 60 * minutes)
        (after,) = (each for each in people(later) if each.account.username == person.username)
        return after.state, bool(chosen([after], remind=False, before=0))

    assert [seen(5), seen(20)] == [("mailed", False), ("unsent", True)]
    (last,) = (each for each in people(here) if each.account.username == person.username)
    assert [*in_waves(here, [last], 60, None)]


def test_waves_of_invitations(desk: Any, new_customer: Any, inbox: Inbox) -> None:
    person = new_customer("invited")
    assert person.username in desk("invite", "--all", "--rate", "6000")["sent"]
    inbox.wait(person.username)
    assert person.username not in desk("invite", "--all", "--rate", "6000", "--remind")["sent"]
    again = desk("invite", "--all", "--rate", "6000", "--remind", "--after", "0")
    assert person.username in again["sent"]
    inbox.wait(person.username, 2)


def test_a_wave_leaves_alone_who_said_it_was_not_me(
    desk: Any, new_customer: Any, inbox: Inbox, visitor: httpx.Client
) -> None:
    """The pause was promised for all mails that nobody asked for; by name, after a call, an invitation still goes."""
    person = new_customer("invited")
    assert person.username in desk("invite", "--all", "--rate", "6000")["sent"]
    token = inbox.token(person.username, path="/das-war-ich-nicht/")
    assert visitor.post("/api/not-me", data={"token": token}).status_code == 200
    again = desk("invite", "--all", "--rate", "6000", "--remind", "--after", "0")
    assert person.username not in again["sent"]
    assert {"address": person.username, "state": "paused"}.items() <= next(
        each.items() for each in again["people"] if each["address"] == person.username
    )
    said = desk("invite", "--all", "--dry-run", text=True)
    assert re.search(r"pausiert nach „Das war ich nicht“: [1-9]", said)
    desk("invite", person.username)
    inbox.wait(person.username, 2)


def test_a_wave_leaves_customers_their_share_of_the_hours_mails(
    desk: Any, cloud: Cloud, new_customer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R57: beyond the budget the mails of all wait, so a wave that needs more than four fifths of it is refused."""
    some = [new_customer("invited").username for _ in range(2)]
    less = local_place(cloud.port).outputs | {"MailsPerHour": "1"}
    with monkeypatch.context() as changed:
        changed.setattr("infra.desk.place.local_place", lambda port: replace(local_place(port), outputs=less))
        said = desk("invite", "--all", "--rate", "6000", text=True, code=2)
        assert "höchstens 0 einzeln" in said
        assert desk("invite", "--all", "--rate", "6000", "--dry-run")["chosen"] >= 2
    sent = desk("invite", "--all", "--rate", "6000")["sent"]
    assert set(some) <= set(sent)


@pytest.mark.parametrize(
    ("people", "rate", "budget", "said"),
    [
        (4000, 6000, 5000, None),
        (4001, 67, 5000, "--rate 66"),
        (4001, 66, 5000, None),
        (25, 1, 30, "höchstens 24 einzeln"),
        (24, 60, 30, None),
    ],
)
def test_a_wave_is_as_large_or_as_slow_as_the_hour_allows(
    people: int, rate: int, budget: int, said: str | None
) -> None:
    """R57: four fifths of the mails, in one hour."""
    if said is None:
        _spares_customers(people, rate, budget)
        return
    with pytest.raises(DeskError, match=said):
        _spares_customers(people, rate, budget)


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("status", "kein-at"), 2, "weder eine E-Mail-Adresse noch eine Vorgangsnummer"),
        (("status", "a@b"), 2, "kann keine E-Mail-Adresse sein"),
        (("status", "K7M-2QX-9RT"), 2, "Prüfzeichen"),
        (("status", "K7M-2QX-9O0"), 2, "gibt es kein 0 und kein O"),
        (("status", new_vorgang()), 3, "nichts gespeichert"),
        (("lock", "niemand@nirgendwo.test", "--reason", "x"), 3, "kein Konto"),
        (("lock", "anna.kunde@example.org", "--reason", " "), 2, "Der Grund"),
        (("lock", "anna.kunde@example.org"), 2, "Es fehlt: --reason"),
        (("invite",), 2, "entweder eine Adresse oder --all"),
        (("sperren",), 2, "Den Befehl „sperren“ gibt es nicht"),
    ],
)
def test_a_wrong_call_gets_a_plain_sentence(desk: Any, words: tuple[str, ...], code: int, sentence: str) -> None:
    assert sentence in desk(*words, text=True, code=code)


def test_the_program_itself(cloud: Cloud, customer: Customer) -> None:
    """As a clerk types it: text, no colours where no terminal is, nothing wrapped."""
    words = [DESK, "--local", str(cloud.port), "status", customer.username]
    done = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=True)
    assert "\x1b" not in done.stdout
    said = rf"^Sagen Sie: „In den letzten {FACTS['retention_days']} Tagen .*“$"
    assert re.search(said, done.stdout, re.MULTILINE)


def test_without_a_cloud_it_says_how_to_start_one() -> None:
    done = subprocess.run([DESK, "--local", "1", "status", "a@b.de"], capture_output=True, text=True, check=False)
    assert (done.returncode, "make serve PORT=1" in done.stderr) == (5, True)


def test_the_help_names_every_command() -> None:
    done = subprocess.run([DESK, "--help"], capture_output=True, text=True, check=True)
    told = (
        "status",
        "import",
        "invite",
        "lock",
        "unlock",
        "remove",
        "export",
        "send",
        "unsuppress",
        "domains",
        "reported",
    )
    for name in told:
        assert re.search(rf"│ {name} ", done.stdout), name
    assert "Aufruf:" in done.stdout
    assert "Eine Vorgangsnummer beweist nicht, wer anruft." in " ".join(re.sub("[│╭╮╰╯─]", " ", done.stdout).split())


def test_the_desk_role_can_neither_read_nor_set_a_password() -> None:
    """R09: DeleteItem is all it may do to a hash, and nothing it may write makes a link or moves a mail."""
    yaml.SafeLoader.add_multi_constructor("!", lambda loader, _, node: _plain(loader, node))
    role = yaml.safe_load((ROOT / "infra/template.yaml").read_text())["Resources"]["DeskRole"]["Properties"]
    rights: dict[str, dict[str, Any]] = {}
    for statement in role["Policies"][0]["PolicyDocument"]["Statement"]:
        assert statement["Effect"] == "Allow"
        for action in [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]:
            assert "*" not in action
            assert not action.startswith("dynamodb:") or "*" not in str(statement["Resource"])
            rights.setdefault(action, {})[str(statement["Resource"])] = statement.get("Condition")
    on_hashes = [action for action, where in rights.items() if any("PasswordsTable" in each for each in where)]
    assert on_hashes == ["dynamodb:DeleteItem"]
    assert "iam:PassRole" not in rights
    assert all("Timeline" in each for each in rights["dynamodb:PutItem"])
    for conditions in rights["dynamodb:UpdateItem"].values():
        allowed = conditions["ForAllValues:StringEquals"]["dynamodb:Attributes"]
        assert not {"links", "older", "address", "username", "hash"} & set(allowed)


def _plain(loader: Any, node: Any) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    return (loader.construct_sequence if isinstance(node, yaml.SequenceNode) else loader.construct_mapping)(node)
