"""What was built from the same sources before need not be built again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from .facts import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

BUILT = ("__pycache__", ".pyc")


def fingerprint(sources: Iterable[str], *more: str) -> str:
    """A digest of these files and folders below the root, and of *more*."""
    total = hashlib.sha256("\0".join(more).encode())
    for path in sorted(path for source in sources for path in _files(ROOT / source)):
        name = path.relative_to(ROOT).as_posix()
        if not any(part in name for part in BUILT):
            total.update(f"\0{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}".encode())
    return total.hexdigest()


def remembered(product: Path, mark: str) -> bool:
    """Whether *product* is there and was built for *mark*."""
    note = _note(product)
    return product.exists() and note.exists() and note.read_text() == mark


def remember(product: Path, mark: str) -> None:
    """Notes what *product* was built for."""
    _note(product).write_text(mark)


def _note(product: Path) -> Path:
    return product.with_name(f".{product.name}.mark")


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
