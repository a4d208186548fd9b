"""The local cloud: one MiniStack process, deployed into like AWS, gone without a trace afterwards."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from typing import TYPE_CHECKING, Any

from infra.deploy.emulated import as_on_aws
from infra.deploy.facts import ROOT
from infra.deploy.program import Target, deploy
from infra.deploy.rehearsal import REGION, emulator

from .ports import free_port
from .seed import seed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


class PortTakenError(Exception):
    """Somebody else listens on the port."""


def home(port: int) -> Path:
    """Where the cloud of this site port keeps its files."""
    return ROOT / ".local" / str(port)


class Cloud:
    """The cloud behind one site port; *say* is told what happens, *environ* sets the emulator's own switches."""

    def __init__(self, port: int, say: Callable[[str], None] = print, environ: Mapping[str, str] | None = None) -> None:
        self.port = port
        self.say = say
        self.environ = dict(environ or {})
        self.home = home(port)
        self.file = self.home / "cloud.json"
        self.outputs: dict[str, Any] = {}

    def start(self) -> None:
        """Starts the emulator, deploys, seeds; raises PortTakenError or deploy.stack.DeployError."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                raise PortTakenError(str(self.port)) from error
        shutil.rmtree(self.home, ignore_errors=True)
        (self.home / "tmp").mkdir(parents=True)
        self.gateway = free_port()
        self.say("… starting the local cloud")
        self.session = emulator(self.gateway)
        self._run()
        target = Target(self.session, "local", self.url, local=True, build=self.home / "build", say=self.say)
        self.outputs = deploy(target) | {"gateway": self.gateway, "site_url": self.url}
        as_on_aws(self.session, self.outputs, self.gateway)
        self.file.write_text(json.dumps(self.outputs))
        self.say("… loading the demo accounts")
        seed(self.session, self.outputs)

    @property
    def url(self) -> str:
        """The site's address."""
        return f"http://localhost:{self.port}"

    def _run(self) -> None:
        environ = os.environ | {
            "GATEWAY_PORT": str(self.gateway),
            "SITE_PORT": str(self.port),
            "CLOUD_FILE": str(self.file),
            "MINISTACK_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.gateway}",
            "LAMBDA_EXECUTOR": "local",
            "PATIENCE": "8",  # one process on a busy machine plays all of AWS
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LAMBDA_WARM_TTL_SECONDS": "3600",
            "TMPDIR": str(self.home / "tmp"),
            "PYTHONPATH": str(ROOT),
            **self.environ,
        }
        command = [sys.executable, "-m", "hypercorn", "infra.local.front:app", "--keep-alive", "75"]
        command += ["--bind", f"127.0.0.1:{self.gateway}", "--bind", f"127.0.0.1:{self.port}"]
        with (self.home / "cloud.log").open("wb") as log:
            self.process = subprocess.Popen(
                command, env=environ, cwd=self.home, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        deadline = time.monotonic() + 60
        while not _answers(f"http://127.0.0.1:{self.gateway}/_ministack/health"):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The local cloud did not start; see {self.home / 'cloud.log'}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Ends the emulator with all its function processes."""
        process = getattr(self, "process", None)
        if process is None:
            return
        for kind in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, kind)
            except ProcessLookupError:
                break
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                continue
        shutil.rmtree(self.home / "tmp", ignore_errors=True)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  # our own loopback address
            return bool(answer.status == 200)
    except OSError:
        return False
