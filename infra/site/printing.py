"""On paper nobody can click: links of the help pages carry their whole address, and the print style writes it out."""

import re
from pathlib import Path
from urllib.parse import urljoin

_LINK = re.compile(r'<a href="(?!#|mailto:|https?:)([^"]*)">')


def write_out_links(site: Path, site_url: str) -> None:
    """Adds data-url to the links in each article."""
    for path in site.rglob("index.html"):
        address = urljoin(site_url, f"{path.parent.relative_to(site)}/".removeprefix("./"))
        head, article, rest = path.read_text().partition("<article")
        if article:
            body, end, foot = rest.partition("</article>")
            path.write_text(head + article + _written_out(body, address) + end + foot)


def _written_out(html: str, address: str) -> str:
    return _LINK.sub(lambda found: f'<a href="{found[1]}" data-url="{urljoin(address, found[1])}">', html)
