"""The last step of a build: what must be true of every page, or nothing is deployed."""

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from reset.errors import CODES
from reset.passwords import MAXIMUM, rules
from reset.shown import SHOWN

_LOADING = {
    ("script", "src"),
    ("link", "href"),
    ("img", "src"),
    ("img", "srcset"),
    ("source", "srcset"),
    ("form", "action"),
}
_NO_LOAD = {"canonical", "alternate"}


class BrokenSiteError(Exception):
    """The built site breaks a promise; each line names the page."""


class Page(HTMLParser):
    """What the checks need to know of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.posts = False  # whether a form goes out by script, which must be able to say that it failed

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collects faults, ids and links of one element."""
        given = {name: value or "" for name, value in attrs}
        if tag == "style" or (tag == "script" and "src" not in given):
            self.faults.append(f"inline <{tag}>")
        for name, value in given.items():
            if name == "style" or name.startswith("on"):
                self.faults.append(f"inline {name}= on <{tag}>")
            if value.lower().lstrip().startswith("javascript:"):
                self.faults.append(f"javascript: on <{tag}>")
            if (tag, name) in _LOADING and given.get("rel") not in _NO_LOAD and re.match(r"(\w+:)?//", value):
                self.faults.append(f"third-party {value} on <{tag}>")
        if given.get("id") in self.ids:
            self.faults.append(f"id {given['id']} twice")
        self.ids.add(given.get("id", ""))
        self.posts |= tag == "form" and "data-done" in given
        if tag in ("a", "link", "img", "script", "source"):
            self.links |= {given[name] for name in ("href", "src", "srcset") if name in given}


def check(site: Path, minimum: int) -> None:
    """Raises BrokenSiteError with every fault of the site."""
    pages = {f"/{path.relative_to(site)}".removesuffix("index.html"): path for path in sorted(site.rglob("*.html"))}
    seen = {}
    for address, path in pages.items():
        seen[address] = Page()
        seen[address].feed(text := path.read_text())
        if "&lt;" * 7 in text:
            seen[address].faults.append("marks of a merge that is not done")
    faults = [f"{address}: {fault}" for address, page in seen.items() for fault in page.faults]
    faults += [f"{address}: dead link {link}" for address in seen for link in _dead(site, seen, address)]
    faults += [
        f"{address}: no message {name}"
        for address, page in seen.items()
        for name in ("fehler-netz", "fehler-stoerung")
        if page.posts and name not in page.ids
    ]
    for prefix, language in (("", "de"), ("/en", "en")):
        for address in SHOWN:
            html = (site / f"{prefix}{address}".strip("/") / "index.html").read_text()
            html = unescape(re.sub('<span lang="en">([^<]*)</span>', r"\1", html))  # labels within a sentence
            faults += [f"{prefix}{address}: {fault}" for fault in _missing(html, address, language, minimum)]
    if faults:
        raise BrokenSiteError("\n".join(faults))


def _dead(site: Path, seen: dict[str, Page], address: str) -> list[str]:
    base = address.rpartition("/")[0] + "/"
    dead = []
    for link in seen[address].links:
        if re.match(r"\w+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = _resolved(base, path) if path else address
        page = seen.get(target)
        exists = (page is not None and (not anchor or anchor in page.ids)) or (site / target.lstrip("/")).is_file()
        if not exists:
            dead.append(link)
    return sorted(dead)


def _resolved(base: str, path: str) -> str:
    parts: list[str] = [] if path.startswith("/") else base.strip("/").split("/") if base != "/" else []
    for part in path.split("/"):
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    folder = path.endswith(("/", "..")) or path == "."
    return "/" + "/".join(parts) + ("/" if folder and parts else "")


def _missing(html: str, address: str, language: str, minimum: int) -> list[str]:
    """Messages and criteria that the function declares and the page lacks."""
    limits = {"minimum": minimum, "maximum": MAXIMUM}
    texts = {code: getattr(CODES[code], language).format(**limits) for code in SHOWN[address]}
    missing = [
        f"message {code} is missing or differs"
        for code, text in texts.items()
        if not re.search(rf'id="fehler-{code}"(?:(?!<section).)*?fehler__text">{re.escape(text)}</p>', html, re.DOTALL)
    ]
    criteria = rules(minimum) if address == "/neues-passwort/" else ()
    return missing + [
        f"criterion {rule.code} is missing or differs"
        for rule in criteria
        if f">{getattr(rule, language)}</span>" not in html
    ]
