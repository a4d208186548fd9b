"""The functions' zip: locked dependencies and our package, byte for byte the same each time.

It holds bytecode for the runtime and no sources: a start takes half as long. Without a Python of the runtime's version
at hand it holds the sources instead, and says so.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from .facts import ROOT
from .models import write_models
from .remember import fingerprint, remember, remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VERSION = (3, 13)
SOURCES = ("functions", "infra/canary", "infra/deploy/package.py", "infra/deploy/models.py", "requirements.lock")
LAMBDA = ("--python-version", "3.13", "--only-binary", ":all:", "--python-platform")
# Needed while packages are built or by people, never while they run. cffi is Argon2's compiler; it loads _cffi_backend.
UNUSED = ("bin", "cffi", "pycparser", "*.dist-info", "**/__pycache__", "**/*.pyi", "**/py.typed", "**/_cffi_errors.h")
# Parts of Powertools that nothing of ours imports; the local cloud runs without them too, so every test would tell.
UNUSED_POWERTOOLS = (
    # It only imports each resolver there is, and asyncio with them: an eighth of the web entry's start.
    *("event_handler/__init__.py", "event_handler/*appsync*", "event_handler/bedrock_*"),
    *("event_handler/vpc_lattice.py", "event_handler/lambda_function_url.py", "event_handler/http_resolver.py"),
    *("event_handler/openapi/swagger_ui", "event_handler/openapi/models.py", "event_handler/openapi/params.py"),
    *("event_handler/openapi/dependant.py", "event_handler/openapi/encoders.py", "event_handler/openapi/compat.py"),
    *("event_handler/middlewares", "metrics/provider/datadog"),
    *(
        f"utilities/{name}"
        for name in (
            *("auth_alpha", "circuit_breaker", "data_masking", "feature_flags", "idempotency", "kafka", "metadata"),
            *("parameters", "parser", "streaming", "validation"),
        )
    ),
)
TASK = "/var/task"  # where Lambda unpacks it: the place that a logged fault names


def build_zip(out: Path, *, local: bool, say: Callable[[str], None] = print, architecture: str = "aarch64") -> Path:
    """Builds code-<digest>.zip below *out*, for AWS Lambda or for this machine; returns its path."""
    python = sys.executable if local else interpreter()
    if python is None:
        say("No Python 3.13 was found: the functions go out as sources and start more slowly (infra/README.md).")
    tree, draft = out / ("code-local" if local else f"code-{architecture}"), out / "code.zip"
    mark = fingerprint(SOURCES, str(python), str(local), architecture)
    if not remembered(draft, mark):
        remember(draft, "")  # broken off from here on, the draft is nobody's
        shutil.rmtree(tree, ignore_errors=True)
        _install(tree, () if local else (*LAMBDA, f"{architecture}-manylinux_2_28"))
        for source in ("functions/reset", "infra/canary"):
            target = tree / Path(source).name
            shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns("__pycache__"))
        _prune(tree)
        write_models(tree / "reset" / "models")
        if python:
            compile_tree(tree, python)
        _pack(tree, draft)
        remember(draft, mark)
    digest = hashlib.sha256(draft.read_bytes()).hexdigest()[:16]
    return Path(shutil.copy(draft, out / f"code-{digest}.zip"))


def interpreter() -> str | None:
    """A Python of the runtime's version on this machine, for the bytecode; None where there is none."""
    return next((python for python in _candidates() if _version(python) == VERSION), None)


def _candidates() -> Iterator[str]:
    yield sys.executable
    if found := shutil.which("python3.13"):
        yield found
    yield from map(str, sorted(Path.home().glob(".pyenv/versions/3.13.*/bin/python3.13"), reverse=True))
    yield from map(str, sorted(Path.home().glob(".local/share/uv/python/cpython-3.13.*/bin/python3.13"), reverse=True))


def _version(python: str) -> tuple[int, ...] | None:
    command = [python, "-c", "import sys; print(*sys.version_info[:2])"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return tuple(map(int, answer.stdout.split())) if answer.returncode == 0 else None


def compile_tree(tree: Path, python: str) -> None:
    """Bytecode in place of each source; without docstrings, which nothing reads at run time."""
    options = ["-q", "-b", "-o", "2", "--invalidation-mode", "unchecked-hash", "-s", str(tree), "-p", TASK]
    subprocess.run([python, "-I", "-m", "compileall", *options, str(tree)], check=True)
    for source in tree.rglob("*.py"):
        source.unlink()


def _install(tree: Path, options: tuple[str, ...]) -> None:
    """From uv's cache first: what ran once runs without a network, and asks nobody again."""
    lock = ROOT / "functions" / "requirements.lock"
    uv = Path(sys.executable).with_name("uv")
    given = [uv, "pip", "install", "-q", "--target", tree, "--no-deps", "--require-hashes", "-r", lock, *options]
    command = [str(part) for part in given]
    if subprocess.run([*command, "--offline"], capture_output=True, check=False).returncode:
        shutil.rmtree(tree, ignore_errors=True)
        subprocess.run(command, check=True)


def _prune(tree: Path) -> None:
    for pattern in (*UNUSED, *(f"aws_lambda_powertools/{name}" for name in UNUSED_POWERTOOLS)):
        for path in list(tree.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _pack(tree: Path, archive_path: Path) -> None:
    with zipfile.ZipFile(archive_path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in tree.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(tree).as_posix(), (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
