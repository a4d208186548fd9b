"""The same article in Material as it is delivered: what a user would pick instead."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONFIG = """site_name: Kennwort-Hilfe
site_url: http://localhost/
theme: {name: material, language: de}
plugins: [search]
markdown_extensions: [attr_list, md_in_html, toc]
"""


@contextmanager
def stock(site: Path) -> Iterator[Path]:
    """The folder of a site with the article of *site*, its pictures in light only."""
    page = (site / "index.html").read_text()
    article = re.search(r"<article[^>]*>(.*?)</article>", page, re.DOTALL)
    if article is None:
        raise ValueError("the article is missing")
    text = re.sub(r"<source [^>]*>", "", article[1])
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "docs").mkdir()
        (home / "mkdocs.yml").write_text(CONFIG)
        (home / "docs/index.md").write_text(text.replace('"/assets/shots/', '"shots/'))
        shutil.copytree(site / "assets/shots", home / "docs/shots")
        command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(home / "mkdocs.yml")]
        subprocess.run(command, check=True, capture_output=True)
        yield home / "site"
