"""Takes away what MkDocs and Material copy along and no page uses."""

import re
from pathlib import Path

_REFERENCE = re.compile(r"/assets/[\w./-]+\.\w+")


def tidy(site: Path) -> None:
    """Deletes every asset that no page, style or script names, the empty folders and the compressed sitemap."""
    (site / "sitemap.xml.gz").unlink(missing_ok=True)
    used = _named_from(sorted(site.rglob("*.html")))
    assets = site / "assets"
    for kind in ("*.css", "*.js"):
        used |= _named_from([path for path in assets.rglob(kind) if f"/{path.relative_to(site)}" in used])
    for path in sorted(assets.rglob("*"), reverse=True):
        if path.is_file() and f"/{path.relative_to(site)}" not in used:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _named_from(paths: list[Path]) -> set[str]:
    return {name for path in paths for name in _REFERENCE.findall(path.read_text())}
