"""What stands on a clerk's screen: help pages, questions, Ctrl-C, old character sets."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from clerk import DESK
from conftest import Customer
from terminal import typed

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


def test_the_place_may_be_set_once(cloud: Cloud, customer: Customer) -> None:
    """So that the commands which `status` proposes can be typed as they stand."""
    here = os.environ | {"DESK_LOCAL": str(cloud.port)}
    done = subprocess.run([DESK, "status", customer.username], capture_output=True, text=True, check=True, env=here)
    assert customer.username in done.stdout


def test_the_place_that_is_typed_beats_the_one_that_is_set(cloud: Cloud, customer: Customer) -> None:
    """Who practised here and now names a stage of AWS must not be told that it is done."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    here, order = ["--local", str(cloud.port)], ["lock", customer.username, "--reason", "Probe"]
    places: list[tuple[list[str], dict[str, str], int]] = [
        (["--stage", "prod"], {"DESK_LOCAL": str(cloud.port)}, 5),
        ([*here, "--stage", "prod"], {}, 2),
        ([], {"DESK_LOCAL": str(cloud.port), "DESK_STAGE": "prod"}, 2),
        (here, {"DESK_STAGE": "prod"}, 0),
    ]
    for words, set_before, code in places:
        done = subprocess.run([DESK, *words, *order], capture_output=True, env=bare | set_before, check=False)
        assert done.returncode == code, (words, set_before, done)


def test_an_old_terminal_loses_signs_not_the_answer(cloud: Cloud, customer: Customer) -> None:
    """Quotation marks are no Latin-1."""
    old = os.environ | {"PYTHONIOENCODING": "latin-1", "DESK_LOCAL": str(cloud.port)}
    done = subprocess.run([DESK, "status", customer.username], capture_output=True, check=True, env=old)
    assert "Sagen Sie: ?In den letzten" in done.stdout.decode("latin-1")


def test_where_nobody_listens_the_work_is_done_all_the_same(cloud: Cloud, customer: Customer) -> None:
    """`>&-`, as a daemon may start it."""
    line = f"{DESK} --local {cloud.port} lock {customer.username} --reason Probe >&-"
    done = subprocess.run(["/bin/sh", "-c", line], stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_disk_costs_the_answer_and_says_so(cloud: Cloud, customer: Customer) -> None:
    for words in (["status", customer.username], ["status", customer.username, "--json"], ["--help"]):
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [DESK, "--local", str(cloud.port), *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        assert done.returncode == 1, done.stderr
        assert "Traceback" not in done.stderr
        assert "Exception" not in done.stderr


@pytest.mark.parametrize(
    "program",
    [
        [DESK, "--local", "{}", "domains"],
        [DESK, "--local", "{}", "domains", "--json"],
        [DESK, "--help"],
        [sys.executable, "-m", "infra.deploy", "outputs", "--stage", "local", "--local", "{}"],
    ],
)
def test_a_reader_who_has_seen_enough_ends_it_quietly(cloud: Cloud, program: list[str]) -> None:
    """`… | head`. Not by SIGPIPE, which would also end a command whose connection AWS has closed."""
    read, write = os.pipe()
    os.close(read)
    words = [word.format(cloud.port) for word in program]
    done = subprocess.run(words, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("text", ["\x1b[2J\x9b31m\u202ekonten;name\n", "username\n\x1b[2J\x9b31m\u202ekonten\n"])
def test_nothing_in_a_file_of_others_steers_the_terminal(cloud: Cloud, tmp_path: Path, text: str) -> None:
    """R87: neither by the fault that quotes its first line, nor by the JSON that quotes a bad one."""
    file = tmp_path / "konten.csv"
    file.write_text(text)
    words = [DESK, "--local", str(cloud.port), "import", "--dry-run", "--json", str(file)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert "konten" in done.stdout
    assert not [sign for sign in done.stdout + done.stderr if sign != "\n" and not sign.isprintable()]
