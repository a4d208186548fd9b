"""`make` hands on letter by letter what it is given: neither make itself nor a shell reads it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from infra.deploy.facts import ROOT
from infra.local.ports import free_port

PYTHON = """#!/bin/sh
printf '%s\\0' "$@" > "$NOTED"
"""
Make = Callable[..., list[str]]
HOSTILE = (
    "x`touch {}`",
    "x$(touch {})",
    "x$$(touch {})",
    'x";touch {};"',
    "$(shell touch {})",
    "two  'words' \"and\" \\ #{}",
)
hostile = pytest.mark.parametrize("value", HOSTILE)


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Runs one target with a stand-in for Python; the words that this was called with."""
    noted, python = tmp_path / "noted", tmp_path / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}

    def run(target: str, *words: str, **environ: str) -> list[str]:
        command = ["make", "-s", "-o", ".venv/ready", "-o", "node_modules/.ready", f"PY={python}", target, *words]
        subprocess.run(command, cwd=ROOT, env=outer | {"NOTED": str(noted)} | environ, check=True)
        return noted.read_text().split("\0")[:-1]

    return run


@hostile
@pytest.mark.parametrize("behind", [True, False], ids=["behind make", "in the environment"])
def test_a_stage_is_never_read_by_a_shell(make: Make, tmp_path: Path, value: str, behind: bool) -> None:
    """`make deploy STAGE=…` and `STAGE=… make deploy`: the program sees the name as typed, and refuses it."""
    witness = tmp_path / "witness"
    stage = value.format(witness)
    words = make("check", f"STAGE={stage}") if behind else make("check", STAGE=stage)
    assert not witness.exists()
    assert words == ["-m", "infra.deploy", "check", "--stage", stage]


@hostile
def test_nor_is_anything_else_that_make_is_given(make: Make, tmp_path: Path, value: str) -> None:
    witness = tmp_path / "witness"
    text = value.format(witness)
    options = {"REGION": "--region", "PROFILE": "--profile", "LOCAL": "--local", "STATE": "--state"}
    words = make("destroy", "STAGE=x", "YES=1", *(f"{name}={text}" for name in options))
    found = dict(pairwise(words))
    assert [found[option] for option in options.values()] == [text] * 4
    assert make("serve", f"PORT={text}") == ["-m", "infra.local", "--port", text]
    assert not witness.exists()


def test_what_is_left_out_has_its_default(make: Make) -> None:
    assert make("serve") == ["-m", "infra.local", "--port", "8000"]
    assert make("destroy", "STAGE=x") == ["-m", "infra.deploy", "destroy", "--stage", "x", "--state", "keep"]


def test_only_a_yes_is_one(make: Make) -> None:
    asked = [make("deploy", "STAGE=x", f"YES={word}")[-1] == "--yes" for word in ("1", "yes", "0", "no", "")]
    assert asked == [True, True, False, False, False]


@pytest.mark.parametrize("port", ["0", "-1", "70000"])
def test_a_port_that_is_none_is_said(port: str) -> None:
    command = [sys.executable, "-m", "infra.local", f"--port={port}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "A port is a number from 1 to 65535:  make serve PORT=8001\n"
    command = [sys.executable, "-m", "infra.deploy", "check", "--stage=try", f"--local={port}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "No local cloud runs here." in done.stderr) == (1, True)


def test_closing_the_terminal_stops_the_local_cloud() -> None:
    """SIGHUP: an emulator left behind would keep the port."""
    port = free_port()
    serve = subprocess.Popen(
        [sys.executable, "-m", "infra.local", f"--port={port}"], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    while not _listens(port) and serve.poll() is None:
        time.sleep(0.2)
    serve.send_signal(signal.SIGHUP)
    assert serve.wait(30) == 0
    assert not _listens(port)


def test_the_local_cloud_is_this_machines_alone() -> None:
    """Behind an office's proxy, and with AWS's profiles and addresses set, as operators and the desk have them."""
    port = free_port()
    elsewhere = {"http_proxy": "http://127.0.0.1:9", "AWS_PROFILE": "gone", "AWS_CONFIG_FILE": "/gone"}
    elsewhere |= dict.fromkeys(("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_DYNAMODB"), "http://127.0.0.1:9")
    outer = {name: value for name, value in os.environ.items() if name.lower() != "no_proxy"} | elsewhere
    command = [sys.executable, "-m", "infra.local", f"--port={port}"]
    with subprocess.Popen(command, cwd=ROOT, env=outer, stdout=subprocess.PIPE, text=True) as serve:
        assert serve.stdout
        assert any(line.startswith("Ready.") for line in serve.stdout)
        desk = [str(Path(sys.executable).with_name("desk")), "--local", str(port), "status", "anna.kunde@example.org"]
        asked = subprocess.run(desk, cwd=ROOT, env=outer, capture_output=True, text=True, check=False)
        serve.send_signal(signal.SIGHUP)
    assert (asked.returncode, asked.stderr) == (0, "")


@pytest.mark.parametrize("module", ["infra.local", "infra.shots"])
def test_a_slip_in_the_facts_is_said_in_words(tmp_path: Path, module: str) -> None:
    """As `make check` does: `make serve` and `make screenshots` see a changed mkdocs.yml first."""
    (tmp_path / "mkdocs.yml").write_text("extra: {link_minutes: lang}")
    program = f"import sys, pathlib; from infra.deploy.facts import read_facts; from {module}.__main__ import main\n"
    program += "read_facts.__defaults__ = (pathlib.Path(sys.argv.pop()),); sys.exit(main())"
    command = [sys.executable, "-c", program, f"--port={free_port()}", str(tmp_path / "mkdocs.yml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "link_minutes is a whole number from 5 to 60, not 'lang'" in done.stderr


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
