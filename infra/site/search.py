"""The search index: one JSON file per language, one entry per section of a page, read by docs/assets/search.js."""

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from .data import read

_INLINE = {"a", "abbr", "b", "code", "em", "mark", "span", "strong", "time"}
_SKIPPED = {"fehler", "criteria", "button", "script"}
_VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Section:
    """What stands under one heading."""

    anchor: str
    heading: str = ""
    english: str = ""  # the part of the heading that is an English label on a German page
    text: list[str] = field(default_factory=list)


class Sections(HTMLParser):
    """Splits a page's <main> at its headings; skips what only shows after a failure, and controls."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.hidden = False
        self.sections: list[Section] = []
        self._open: list[tuple[str, bool]] = []  # each open element, and whether its text is skipped
        self._heading = self._in_title = self._in_english = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens an element; a heading opens a section."""
        self._part(tag)
        given = dict(attrs)
        if tag == "meta" and given.get("name") == "robots":
            self.hidden = True
        if tag in _VOID:
            return
        classes = (given.get("class") or "").split()
        inherited = self._open[-1][1] if self._open else True
        skipped = (inherited and tag != "main") or bool(_SKIPPED & {tag, *classes})
        self._open.append((tag, skipped))
        self._in_title = tag == "title" and not self.title
        self._in_english = given.get("lang") == "en"
        if tag in ("h1", "h2", "h3") and not skipped:
            self.sections.append(Section("" if tag == "h1" else given.get("id") or ""))
            self._heading = True

    def handle_endtag(self, tag: str) -> None:
        """Closes an element."""
        self._part(tag)
        while self._open and self._open.pop()[0] != tag:
            pass
        self._in_title = self._in_english = False
        if tag in ("h1", "h2", "h3"):
            self._heading = False

    def _part(self, tag: str) -> None:
        """What stands in two blocks is never one word."""
        if self.sections and tag not in _INLINE:
            self.sections[-1].text.append(" ")

    def handle_data(self, data: str) -> None:
        """Takes text to where it belongs."""
        if self._in_title:
            self.title += data
        elif self._heading:
            self.sections[-1].heading += data
            self.sections[-1].english += data if self._in_english else ""
        elif self.sections and self._open and not self._open[-1][1]:
            self.sections[-1].text.append(data)


def write_indexes(site: Path) -> None:
    """Writes assets/search.<language>.json."""
    synonyms = read(Path(__file__).parents[2] / "docs/search.yml")
    found: dict[str, list[dict[str, str]]] = {"de": [], "en": []}
    for page in sorted(site.rglob("index.html")):
        path = f"/{page.parent.relative_to(site)}/".replace("/./", "/")
        sections = Sections()
        sections.feed(page.read_text())
        if not sections.hidden:
            found["en" if path.startswith("/en/") else "de"] += _entries(path, sections)
    for language, entries in found.items():
        index = {"synonyms": synonyms[language], "sections": entries}
        text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
        (site / f"assets/search.{language}.json").write_text(text)


def _entries(path: str, sections: Sections) -> list[dict[str, str]]:
    page = sections.title.rpartition(" – ")[0]
    return [
        {
            "url": f"{path}#{section.anchor}" if section.anchor else path,
            "page": page,
            "heading": " ".join(section.heading.split()),
            "text": " ".join("".join(section.text).split()),
        }
        | ({"lang": "en"} if section.heading.strip() and section.english == section.heading.strip() else {})
        for section in sections.sections
    ]
