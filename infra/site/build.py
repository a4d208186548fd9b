"""One command from the sources to the files that are deployed."""

import logging
import os
import shutil
import subprocess
import tempfile
import warnings
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError

from . import check, names, printing, search, tidy
from .data import BuildError

ROOT = Path(__file__).resolve().parents[2]


class _Told(logging.Handler):
    """Keeps MkDocs' warnings: in strict mode it ends with their number alone."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def build(out: Path, *, site_url: str, portal_url: str | None = None, source_date: datetime | None = None) -> None:
    """Builds the site for *site_url* into *out* and replaces what was there.

    *portal_url* stands in for the configured address of the customer portal. The same sources give the same bytes;
    only security.txt holds a date, that of *source_date* (by default SOURCE_DATE_EPOCH, else this month's first day).
    Raises BuildError, or BrokenSiteError for pages that must not be shown.
    """
    date = source_date or this_month()
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as scratch:
        site = Path(scratch) / "site"
        with _start_compiler(Path(scratch) / "compiled") as compiler:
            extra = _pages(site, site_url, portal_url)
        if compiler.returncode:
            raise BuildError("Styles and scripts could not be compiled; see the lines above.")
        shutil.copytree(Path(scratch) / "compiled", site / "assets", dirs_exist_ok=True)
        search.write_indexes(site)
        printing.write_out_links(site, site_url)
        tidy.tidy(site)
        names.hash_names(site / "assets")
        _security_txt(site, site_url, extra["security_contact"], date)
        check.check(site, extra["password_minimum"])
        if out.exists():
            shutil.rmtree(out)
        site.rename(out)


def this_month() -> datetime:
    """SOURCE_DATE_EPOCH, else the first day of this month: security.txt counts from it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        return datetime.fromtimestamp(int(epoch), UTC)
    return datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _pages(site: Path, site_url: str, portal_url: str | None) -> dict[str, Any]:
    """MkDocs in this process: a second Python would take longer to start than the pages take to build."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # MkDocs' plugins warn of their own future; a caller may make warnings errors
        os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
        from mkdocs.commands.build import build as build_pages  # noqa: PLC0415
        from mkdocs.config import load_config  # noqa: PLC0415
        from mkdocs.exceptions import MkDocsException  # noqa: PLC0415

        told = _Told(logging.WARNING)
        logging.getLogger("mkdocs").addHandler(told)
        try:
            config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(site), site_url=site_url, strict=True)
            if portal_url is not None:
                config.extra["portal_url"] = portal_url
            build_pages(config)
        except (MkDocsException, TemplateError, UnicodeError, SystemExit) as error:  # the macros' plugin exits
            words = [] if isinstance(error, SystemExit) else [str(error)]
            if isinstance(error, TemplateSyntaxError):
                words.append(f"{error.filename}, line {error.lineno}")
            raise BuildError("\n".join([*told.lines, *words])) from error
        finally:
            logging.getLogger("mkdocs").removeHandler(told)
        return dict(config.extra)


def _start_compiler(target: Path) -> subprocess.Popen[bytes]:
    """Sass, PurgeCSS and esbuild in the Node that came with the Python packages, beside MkDocs: it has its own core."""
    node = shutil.which("node", path=f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ.get('PATH', '')}")
    if node is None:
        raise BuildError("Node is missing: run `make node_modules/.ready`.")
    (material,) = Path(str(files("material"))).glob("templates/assets/stylesheets/main.*.css")
    return subprocess.Popen([node, str(Path(__file__).with_name("assets.mjs")), str(material), str(target)], cwd=ROOT)


def _security_txt(site: Path, site_url: str, contact: str, date: datetime) -> None:
    """RFC 9116; it wants an end within a year."""
    path = site / ".well-known/security.txt"
    path.parent.mkdir()
    lines = (
        f"Contact: {contact}",
        f"Expires: {date + timedelta(days=330):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: de, en",
        f"Canonical: {site_url}.well-known/security.txt",
    )
    path.write_text("\n".join(lines) + "\n")
