"""The words that pages share: facts of the service, labels of the forms, criteria, messages, tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING, Any, Literal

from reset.errors import CODES
from reset.mail_texts import TEXTS, Kind
from reset.passwords import MAXIMUM, Rule, rules
from reset.shown import SHOWN

from .data import read
from .shots import Shots

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PLACEHOLDER = "PLATZHALTER"
Language = Literal["de", "en"]


@dataclass(frozen=True)
class Message:
    """A failure as its page shows it."""

    code: str
    field: str | None
    text: str


@dataclass(frozen=True)
class Site:
    """Everything a template asks for beyond its own page."""

    extra: Mapping[str, Any]
    texts: Mapping[str, Mapping[str, str]]
    english_labels: frozenset[str]
    both_languages: frozenset[str]
    retained: list[dict[str, Any]]
    shots: Shots

    @classmethod
    def load(cls, docs: Path, extra: Mapping[str, Any]) -> Site:
        """Reads the data files beside the pages."""
        texts = read(docs / "texts.yml")
        english = {str(path.relative_to(docs / "en")) for path in (docs / "en").rglob("*.md")}
        return cls(
            extra=extra,
            texts={
                language: {key: text[language] for key, text in texts["texts"].items()} for language in ("de", "en")
            },
            english_labels=frozenset(texts["english_labels"]),
            both_languages=frozenset(name for name in english if (docs / name).exists()),
            retained=read(docs / "data-retention.yml"),
            shots=Shots.load(docs),
        )

    @property
    def maximum(self) -> int:
        """The most characters a password may have."""
        return MAXIMUM

    def rules(self) -> tuple[Rule, ...]:
        """The criteria of a password."""
        return rules(self.extra["password_minimum"])

    def shown(self, page: str, language: Language) -> list[Message]:
        """The messages that the form at *page* needs."""
        return [self._message(code, language) for code in SHOWN[page]]

    def _message(self, code: str, language: Language) -> Message:
        text = CODES[code].text(language).format(minimum=self.extra["password_minimum"], maximum=MAXIMUM)
        return Message(code, CODES[code].field, text)

    def label(self, label: str, language: Language = "de") -> str:
        """A label of a form; the product's English labels say so where the page is German (WCAG 3.1.2)."""
        if language == "de" and label in self.english_labels:
            return f'<span lang="en">{escape(label)}</span>'
        return escape(label)

    def spoken(self, text: str, language: Language) -> str:
        """A sentence, with the labels that it quotes as label() gives them."""
        return re.sub("(?<=„)[^“]+", lambda found: self.label(unescape(found[0]), language), escape(text))

    def control(self, label: str, language: Language, shot: str | None = None) -> str:
        """A control that a step names, with its number in the picture *shot* where that picture exists."""
        number = self.shots.number(shot, label, language) if shot else ""
        return f"<b>{self.label(label, language)}</b>{number}"

    def fact(self, value: str) -> str:
        """A configured text; what is not known yet is marked for everybody to see."""
        if str(value).startswith(PLACEHOLDER):
            return f'<mark class="platzhalter" lang="de">{escape(str(value))}</mark>'
        return escape(str(value))

    def outside(self, title: str, url: str) -> str:
        """A link out of this site; without a known address the title and a marked placeholder."""
        if url.startswith(PLACEHOLDER):
            return f"{escape(title)} {self.fact(url)}"
        return f'<a href="{escape(url)}">{escape(title)}</a>'

    def mailto(self, address: str) -> str:
        """A mail address to write to."""
        if address.startswith(PLACEHOLDER):
            return self.fact(address)
        return f'<a href="mailto:{escape(address)}">{escape(address)}</a>'

    def criteria(self, language: Language) -> str:
        """The criteria as a list."""
        return f"<ul>{''.join(f'<li>{escape(getattr(rule, language))}</li>' for rule in self.rules())}</ul>"

    def messages(self, language: Language) -> str:
        """Every message that a form can show, once each: so that search finds what somebody has on the screen."""
        codes = dict.fromkeys(code for codes in SHOWN.values() for code in codes)
        items = "".join(f"<li>{self.spoken(self._message(code, language).text, language)}</li>" for code in codes)
        return f"<ul>{items}</ul>"

    def retention(self, language: Language) -> str:
        """What is stored, why and for how long; on a phone a block for each."""
        heads = {name: escape(self.texts[language][f"retention_{name}"]) for name in ("what", "why", "how_long")}
        head = "".join(f'<th scope="col">{text}</th>' for text in heads.values())
        rows = "".join(self._row(entry, heads, language) for entry in self.retained)
        body = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
        return f"<table data-stacked>{body}</table>"

    def _row(self, entry: dict[str, Any], heads: dict[str, str], language: Language) -> str:
        texts = {name: self.spoken(entry[name][language].format(**self.extra), language) for name in heads}
        first = f'<th scope="row">{texts.pop("what")}</th>'
        cells = "".join(f'<td data-label="{heads[name]}">{text}</td>' for name, text in texts.items())
        return f"<tr>{first}{cells}</tr>"

    def subject(self, kind: Kind, language: Language) -> str:
        """A mail's whole subject."""
        return escape(f"{self.extra['subject_prefix']} {TEXTS[language][kind].subject}")

    def subjects(self, kind: Kind, language: Language) -> str:
        """A mail's subject in both languages: the account's decides, which no page knows."""
        other: Language = "de" if language == "en" else "en"
        quoted = {"de": "„{}“", "en": "“{}”"}
        mine, foreign = (quoted[each].format(self.subject(kind, each)) for each in (language, other))
        return f'<strong>{mine}</strong>, {self.texts[language]["also"]} <b lang="{other}">{foreign}</b>'

    def mail_link(self, kind: Kind, language: Language) -> str:
        """The text of the link in a mail."""
        return escape(TEXTS[language][kind].link)
