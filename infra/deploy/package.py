"""The functions' zip: locked dependencies and our package, byte for byte the same each time."""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from .facts import ROOT

LAMBDA = ("--python-version", "3.13", "--python-platform", "aarch64-manylinux_2_28")
# Needed while packages are built or by people, never while they run.
UNUSED = ("bin", "pycparser", "*.dist-info", "**/__pycache__", "**/*.pyi", "**/py.typed")


def build_zip(out: Path, *, local: bool) -> Path:
    """Builds code-<digest>.zip below *out*, for AWS Lambda or for this machine; returns its path."""
    tree = out / ("code-local" if local else "code")
    shutil.rmtree(tree, ignore_errors=True)
    _install(tree, () if local else (*LAMBDA, "--only-binary", ":all:"))
    for pattern in UNUSED:
        for path in list(tree.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(ROOT / "functions" / "reset", tree / "reset", ignore=shutil.ignore_patterns("__pycache__"))
    draft = out / "code.zip"
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in tree.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(tree).as_posix(), (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    digest = hashlib.sha256(draft.read_bytes()).hexdigest()[:16]
    return draft.rename(out / f"code-{digest}.zip")


def _install(tree: Path, options: tuple[str, ...]) -> None:
    lock = ROOT / "functions" / "requirements.lock"
    uv = Path(sys.executable).with_name("uv")
    command = [uv, "pip", "install", "-q", "--target", tree, "--no-deps", "--require-hashes", "-r", lock, *options]
    subprocess.run([str(part) for part in command], check=True)
