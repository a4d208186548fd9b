"""Names that change with the content, so that browsers may keep an asset for ever."""

import hashlib
import re
from pathlib import Path

_REFERENCE = re.compile(r"(?:https?://[^/\s\"']+)?/assets/[\w./-]+\.\w+")
_TEXT = {".html", ".css", ".js", ".json", ".xml", ".txt"}


def hash_names(assets: Path) -> None:
    """Renames every file under *assets* and every reference to it; pictures first, for a style's name covers them."""
    site = assets.parent
    order = {".json": 1, ".css": 1, ".js": 2}
    for path in sorted(
        (path for path in assets.rglob("*") if path.is_file()), key=lambda p: (order.get(p.suffix, 0), p)
    ):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
        renamed = path.rename(path.with_name(f"{path.stem}.{digest}{path.suffix}"))
        _replace(site, f"/{path.relative_to(site)}", f"/{renamed.relative_to(site)}")


def _replace(site: Path, old: str, new: str) -> None:
    for path in site.rglob("*"):
        if path.suffix not in _TEXT:
            continue
        text = path.read_text()
        if old in text:
            path.write_text(_REFERENCE.sub(lambda found: _swapped(found[0], old, new), text))


def _swapped(found: str, old: str, new: str) -> str:
    return found.removesuffix(old) + new if found.endswith(old) else found
