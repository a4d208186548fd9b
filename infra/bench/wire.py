"""What a first visit takes over the wire: each page's own files, brotli where it helps."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from infra.campaign import lighthouse

from .report import heading, say, table
from .stock import stock

LINK = re.compile(r"<(?:script|img|link|source)\b[^>]*>", re.IGNORECASE)
ADDRESS = re.compile(r"""\b(?:src|href)=["']?([^"'\s>]+)""")
FETCHED = re.compile(r"rel=[\"']?(stylesheet|preload|icon|modulepreload)")
PACKED = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".woff2")
BROTLI = (
    "const z=require('zlib'),f=require('fs');console.log(JSON.stringify(process.argv.slice(1)"
    ".map(p=>z.brotliCompressSync(f.readFileSync(p)).length)))"
)


def files(site: Path, page: str) -> tuple[list[Path], int]:
    """The files of *page* without those that only another colour scheme loads; how many lie outside."""
    found, outside = [site / page.lstrip("/") / "index.html"], 0
    for tag in LINK.findall(found[0].read_text()):
        address = ADDRESS.search(tag)
        if not address or (tag.startswith("<link") and not FETCHED.search(tag)) or "prefers-color-scheme" in tag:
            continue
        target = urlsplit(urljoin(f"http://site{page}", address[1]))
        path = site / target.path.lstrip("/")
        if target.netloc != "site":
            outside += 1
        elif path.is_file() and path not in found:
            found.append(path)
    return found, outside


def kilobytes(paths: list[Path]) -> dict[str, float]:
    """KB by kind, compressed as CloudFront would."""
    node = Path(sys.executable).with_name("node")
    texts = [path for path in paths if path.suffix not in PACKED]
    answer = subprocess.run([node, "-e", BROTLI, *texts], check=True, capture_output=True, text=True)
    sizes = dict(zip(texts, json.loads(answer.stdout), strict=True))
    kinds = {".html": "page", ".js": "script", ".css": "style", ".woff2": "font"}
    total: dict[str, float] = {}
    for path in paths:
        kind = kinds.get(path.suffix, "pictures")
        total[kind] = total.get(kind, 0) + sizes.get(path, path.stat().st_size) / 1000
    return total


def measure(site: Path) -> None:
    """The table."""
    heading("Site: bytes on the wire, first view")
    rows: list[tuple[object, ...]] = []
    pages = {
        "article (goal 100)": "/",
        "Leichte Sprache": "/leichte-sprache/",
        "form (goal 20)": "/passwort-vergessen/",
    }
    for name, page in pages.items():
        paths, outside = files(site, page)
        parts = kilobytes(paths)
        rows.append((name, len(paths) + outside, f"{sum(parts.values()):.1f}", _parts(parts)))
    with stock(site) as other:
        paths, outside = files(other, "/")
        parts = kilobytes(paths)
    name = f"the article in Material as delivered ({outside} from outside not weighed)"
    rows.append((name, len(paths) + outside, f"{sum(parts.values()):.1f}", _parts(parts)))
    floor = kilobytes([each for each in files(site, "/")[0] if each.suffix in (".html", ".webp")])
    rows.append(("floor: the article's page and pictures alone", "6", f"{sum(floor.values()):.1f}", _parts(floor)))
    table(("page", "requests", "KB brotli", "of these"), rows)
    say("\nCounted from the pages' own tags; fonts and pictures that a style sheet names are not counted.")
    times = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "infra.site", "--out", str(Path(folder) / "site")]
            started = time.monotonic()
            subprocess.run(command, check=True, capture_output=True)
            times.append(time.monotonic() - started)
    say(f"\nBuilding the whole site takes {sorted(times)[1]:.1f} s (goal 3; median of 3, whole process).")


def look_at(url: str, times: int) -> None:
    """Lighthouse's table: the middle one of some runs."""
    heading(f"Site: Lighthouse, as on a slow phone (median of {times})")
    rows: list[tuple[object, ...]] = []
    for name, page in {"article": "/", "Leichte Sprache": "/leichte-sprache/", "form": "/passwort-vergessen/"}.items():
        seen = sorted((lighthouse.look(url + page) for _ in range(times)), key=lambda one: one.scores["performance"])
        middle = seen[times // 2]
        rows.append((name, *middle.scores.values(), f"{middle.paint / 1000:.1f}", f"{middle.shift:.3f}"))
    table(("page", "performance", "accessibility", "best practices", "SEO", "largest paint, s", "layout shift"), rows)


def _parts(parts: dict[str, float]) -> str:
    return ", ".join(f"{kind} {size:.1f}" for kind, size in sorted(parts.items(), key=lambda part: -part[1]))
