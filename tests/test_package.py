"""The zip of the functions: small, the same each time, and complete without anything of this machine."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.deploy.facts import ROOT
from infra.deploy.package import VERSION, _install, build_zip, interpreter

MOST = 2_800_000  # bytes
RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3")  # what Lambda brings
ENTRIES = ("reset.web", "reset.worker", "canary.handler")


@pytest.fixture(scope="module")
def arm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip that goes to AWS."""
    return build_zip(tmp_path_factory.mktemp("arm"), local=False)


def test_zip_is_small_and_for_the_runtime(arm: Path) -> None:
    assert arm.stat().st_size <= MOST
    names = zipfile.ZipFile(arm).namelist()
    native = [name for name in names if name.endswith(".so")]
    assert native
    assert all("aarch64" in name or "abi3" in name for name in native)
    for name in (name for name in native if "abi3" in name):
        machine = zipfile.ZipFile(arm).read(name)[18:20]
        assert machine == (183).to_bytes(2, "little")  # ELF's number for AArch64


def test_zip_holds_bytecode_of_the_runtime_where_a_python_is_at_hand(arm: Path) -> None:
    """Unchecked-hash bytecode and no sources; the places that a fault names are Lambda's."""
    names = zipfile.ZipFile(arm).namelist()
    if interpreter() is None:
        assert "reset/web.py" in names
        return
    assert not [name for name in names if name.endswith(".py")]
    code = zipfile.ZipFile(arm).read("reset/web.pyc")
    assert code[4:8] == (0b01).to_bytes(4, "little")  # PEP 552: hash-based, not checked
    assert b"/var/task/reset/web.py" in code
    assert str(ROOT).encode() not in code


def test_zip_is_the_same_byte_for_byte(arm: Path, tmp_path: Path) -> None:
    again = build_zip(tmp_path, local=False)
    assert (again.name, again.read_bytes()) == (arm.name, arm.read_bytes())


def test_zip_runs_with_nothing_but_boto3(tmp_path: Path) -> None:
    """The unpacked zip in a fresh environment, by the runtime's Python where there is one, else by this one."""
    python = interpreter()
    local = python is None
    code = build_zip(tmp_path, local=local, architecture="x86_64")
    with zipfile.ZipFile(code) as archive:
        archive.extractall(tmp_path / "task")
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "-q", "--python", python or sys.executable, tmp_path / "env"], check=True)
    wanted = [line for line in _locked() if line.split("==")[0] in RUNTIME]
    install = [uv, "pip", "install", "-q", "--no-deps", "--python", str(tmp_path / "env"), *wanted]
    subprocess.run(install, check=True)
    probe = f"import sys; sys.path.insert(0, {str(tmp_path / 'task')!r})\n"
    probe += "\n".join(f"import {entry}; assert callable({entry}.handler)" for entry in ENTRIES)
    probe += "\nfrom reset.hasher import Hasher; h = Hasher(b'x' * 32); assert h.verify(h.hash('Wort'), 'Wort')"
    probe += "\nfrom reset.blocklist import Blocklist; print(*sys.version_info[:2])"
    run = [str(tmp_path / "env/bin/python"), "-I", "-W", "error", "-c", probe]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert local or tuple(map(int, done.stdout.split())) == VERSION


def _locked() -> list[str]:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    return [line.split(";")[0].strip(" \\") for line in lines if "==" in line and not line.startswith(" ")]


@pytest.mark.parametrize("cached", [True, False])
def test_packages_come_from_the_cache_where_it_has_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cached: bool
) -> None:
    """`make serve` needs no network that it has not needed before; uv keeps an index's answers for ten minutes."""
    offline: list[bool] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        offline.append("--offline" in command)
        return subprocess.CompletedProcess(command, 0 if cached or not offline[-1] else 1)

    monkeypatch.setattr("infra.deploy.package.subprocess.run", run)
    _install(tmp_path / "tree", ())
    assert offline == ([True] if cached else [True, False])
