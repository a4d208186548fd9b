"""A clerk's first day: slips of the keyboard, pasted addresses, odd files, Ctrl-C; every answer is plain German."""

# ruff: noqa: F811  # fixtures are imported by name

import os
import subprocess
from pathlib import Path
from typing import Any

import boto3
import pytest
from conftest import Customer
from terminal import typed
from test_desk import DESK, asked, desk, tell, token_of, until  # noqa: F401

from infra.desk.csv_lines import read_sheet
from infra.desk.desk import open_desk
from infra.desk.faults import DeskError
from infra.desk.place import Place
from infra.local.cloud import Cloud


def test_the_help_is_plain_german() -> None:
    """No type names, braces or English; paragraphs flow; no command alone shows the help."""
    wide = os.environ | {"COLUMNS": "100"}
    for name in ("status", "import", "invite", "lock", "remove", "export", "send", "unsuppress", "domains"):
        shown = subprocess.run([DESK, name, "--help"], capture_output=True, text=True, check=True, env=wide).stdout
        assert not any(sign in shown for sign in ("{", "[[", "<=", ">=", "Usage", "Options", "default", "required"))
    text = subprocess.run([DESK, "import", "--help"], capture_output=True, text=True, check=True, env=wide).stdout
    assert "Trenner ist Komma" in " ".join(text.split())
    assert not [line for line in text.splitlines() if line.strip() in ("Trenner ist", "bleiben,")]
    bare = subprocess.run([DESK], capture_output=True, text=True, check=True)
    assert ("Am Telefon" in bare.stdout, bare.stderr) == (True, "")


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


def test_an_erasure_is_asked_for_where_somebody_can_answer(cloud: Cloud, customer: Customer, desk: Any) -> None:
    """Also where the answer is piped or JSON; a script must say --yes; a wrong address is told before the question."""
    words = [DESK, "--local", str(cloud.port), "remove", customer.username, "--reason", "Probe", "--json"]
    code, seen = typed(["/bin/sh", "-c", '"$@" | cat; exit 0', "sh", *words], [("[j/n]", b"n\n")])
    assert (code, "Nichts gelöscht." in seen) == (0, True)
    assert desk("status", customer.username)["known"] is True
    assert "nur mit --yes" in desk("remove", customer.username, "--reason", "Probe", text=True, code=2)
    code, seen = typed([*words[:4], "keine-adresse", "--reason", "x"], [])
    assert (code, "[j/n]" in seen) == (2, False)


@pytest.mark.parametrize("key", [b"\x03", b"\x04"])
def test_who_breaks_off_is_told_so(cloud: Cloud, customer: Customer, key: bytes) -> None:
    """Ctrl-C and Ctrl-D."""
    words = [DESK, "--local", str(cloud.port), "remove", customer.username, "--reason", "Probe"]
    code, seen = typed(words, [("[j/n]", key)])
    assert (code, "Abgebrochen." in seen, "Abort" in seen) == (130, True, False)


def test_who_is_no_longer_invited_is_said(desk: Any, customer: Customer) -> None:
    assert "wurde nie eingeladen" in desk("invite", customer.username, "--dry-run", text=True)


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


def test_the_place_may_be_set_once(cloud: Cloud, customer: Customer) -> None:
    """So that the commands which `status` proposes can be typed as they stand."""
    here = os.environ | {"DESK_LOCAL": str(cloud.port)}
    done = subprocess.run([DESK, "status", customer.username], capture_output=True, text=True, check=True, env=here)
    assert customer.username in done.stdout


def test_a_stage_from_before_says_so() -> None:
    with pytest.raises(DeskError, match="älter als dieses Programm"):
        open_desk(Place(boto3.Session(), {"SecretArn": "former"}))
