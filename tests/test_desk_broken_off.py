"""`desk import` broken off in the middle, and run again: every row is there once and whole."""

import re
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from clerk import DESK

from infra.desk import importing
from infra.desk.desk import open_desk
from infra.desk.place import local_place
from infra.local.cloud import Cloud

ROWS = 4000
PARTS = {"id", "username", "address", "domain", "name", "language", "status", "epoch", "created_at", "created_by"}


def stored(cloud: Cloud, domain: str) -> list[dict[str, Any]]:
    """The accounts of one domain."""
    pages = (
        cloud.session.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=cloud.outputs["AccountsTable"],
            FilterExpression="#domain = :domain",
            ExpressionAttributeNames={"#domain": "domain"},
            ExpressionAttributeValues={":domain": {"S": domain}},
        )
    )
    return [item for page in pages for item in page["Items"]]


def settled(cloud: Cloud, domain: str) -> int:
    """How many there are once what was on its way has arrived."""
    before, count = -1, len(stored(cloud, domain))
    while count != before:
        time.sleep(0.5)
        before, count = count, len(stored(cloud, domain))
    return count


@pytest.mark.parametrize("kill", [signal.SIGINT, signal.SIGKILL])
def test_an_import_broken_off_is_finished_by_the_same_command(
    cloud: Cloud, desk: Any, tmp_path: Path, kill: signal.Signals
) -> None:
    domain, path = f"{kill.name.lower()}.example", tmp_path / "viele.csv"
    # Active: invited ones would be part of every later wave.
    path.write_text("username;name;status\n" + "".join(f"person{n}@{domain};Person {n};active\n" for n in range(ROWS)))
    words = [DESK, "--local", str(cloud.port), "import", str(path)]
    running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    here = open_desk(local_place(cloud.port))
    while here.accounts.get({"id": here.id(f"person0@{domain}")}) is None:  # a scan of all would see it too late
        assert running.poll() is None
    running.send_signal(kill)
    _, said = running.communicate(timeout=60)
    there = settled(cloud, domain)
    assert 0 < there < ROWS
    assert there % 100 == 0, "a transaction is written whole or not at all"
    if kill == signal.SIGINT:
        assert running.returncode == 4
        how_far = f"mindestens {there} von {ROWS}"
        assert re.fullmatch(rf"Unterbrochen: {how_far} Konten sind angelegt\. Derselbe Befehl .*\n", said)
        record = f"Import unterbrochen: {how_far} angelegt"
        assert record in str(cloud.session.client("dynamodb").scan(TableName=cloud.outputs["TimelineTable"])["Items"])
    again = desk("import", str(path))
    assert (again["created"], again["known"], again["differing"]) == (ROWS - there, there, [])
    items = stored(cloud, domain)
    assert sorted(item["username"]["S"] for item in items) == sorted(f"person{n}@{domain}" for n in range(ROWS))
    assert all(set(item) == PARTS for item in items)


def test_ctrl_c_while_a_thread_starts_loses_no_count(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """What that thread writes is told, too."""
    begun: list[int] = []
    told: list[int] = []
    start = threading.Thread.start

    def interrupted(thread: threading.Thread) -> None:
        start(thread)
        if thread.name.startswith(importing.WRITER):
            raise KeyboardInterrupt

    def slow(_: Any, rows: list[Any]) -> int:
        begun.append(len(rows))
        time.sleep(0.5)
        return 0

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    monkeypatch.setattr(importing, "_write_batch", slow)
    with pytest.raises(KeyboardInterrupt):
        importing.write(open_desk(local_place(cloud.port)), [None] * 100, told.append)  # type: ignore[list-item]
    assert (begun, told) == ([100], [100])


def test_an_import_that_aws_refuses_midway_says_how_far_it_came(
    cloud: Cloud, desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transactions already written stay; the exit code is that of any fault of AWS's."""
    path, write, tried = tmp_path / "viele.csv", importing._write_batch, []
    path.write_text("username;status\n" + "".join(f"person{n}@refused.example;active\n" for n in range(500)))

    def refused(place: Any, rows: list[Any]) -> int:
        tried.append(rows)
        if len(tried) == 3:
            answer = {"Error": {"Code": "ProvisionedThroughputExceededException", "Message": "slow down"}}
            raise ClientError(answer, "TransactWriteItems")
        return write(place, rows)

    monkeypatch.setattr(importing, "_write_batch", refused)
    said = desk("import", str(path), code=1)["error"]
    assert said["code"] == "stoerung"
    assert "AWS hat TransactWriteItems abgelehnt (ProvisionedThroughputExceededException)" in said["message"]
    assert "Unterbrochen: mindestens 400 von 500 Konten sind angelegt." in said["message"]
    records = str(cloud.session.client("dynamodb").scan(TableName=cloud.outputs["TimelineTable"]))
    assert "Import unterbrochen: mindestens 400 von 500 angelegt" in records
    again = desk("import", str(path))
    assert (again["created"], again["known"]) == (100, 400)
