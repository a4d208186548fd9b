"""The mails: what each one says, as text and HTML, in German and English. No word in them comes from a customer."""

from dataclasses import dataclass
from html import escape

from .clock import german_time
from .errors import Language
from .mail_texts import TEXTS, Kind
from .settings import Settings


@dataclass(frozen=True)
class Mail:
    """A mail ready to send."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Facts:
    """What one mail is about; a token is None where the mail holds no such link."""

    vorgang: str
    token: str | None
    not_me_token: str | None
    at: float


def compose(kind: Kind, language: Language, facts: Facts, settings: Settings) -> Mail:
    """The mail of this *kind* for an account's *language*."""
    site = settings.site_url.rstrip("/") + ("/en" if language == "en" else "")
    words = TEXTS[language][kind]
    values = {
        "portal": settings.portal_title_en if language == "en" else settings.portal_title,
        "mailbox": settings.mailbox,
        "minutes": settings.link_minutes,
        "time": german_time(facts.at, language),
        "vorgang": facts.vorgang,
    }
    blocks: list[tuple[str, str, str]] = [("p", line.format(**values), "") for line in words.opening]
    if facts.token and words.link:
        blocks.append(("link", f"{site}/neues-passwort/#{facts.token}", words.link))
        blocks += [("p", words.code, ""), ("code", facts.token, "")]
    blocks += [("p", line.format(**values), "") for line in words.closing]
    if facts.not_me_token:
        blocks.append(("p", words.not_me.format(**values), ""))
        blocks.append(("quiet", f"{site}/das-war-ich-nicht/#{facts.not_me_token}", words.not_me_link))
    blocks.append(("p", words.foot.format(**values), ""))
    subject = f"{settings.subject_prefix} {words.subject}"
    return Mail(subject, _text(blocks), _html(blocks, subject, language))


def _text(blocks: list[tuple[str, str, str]]) -> str:
    """Each link stands alone on its line, so that no mail program breaks it."""
    return "\n\n".join(f"{label}:\n{value}" if label else value for _, value, label in blocks) + "\n"


# Colours of its own: what a mail program makes of a page without them in the dark cannot be foreseen.
_BODY = (
    "margin:0;padding:24px;background:#ffffff;color:#1b1b1b;font:16px/1.5 sans-serif;"
    "overflow-wrap:anywhere;word-break:break-word"
)
_STYLE = {
    "p": "margin:0 0 16px",
    "code": "margin:0 0 16px;padding:12px;border:1px solid #6f7f9f;font:16px monospace;word-break:break-all",
    "link": "display:inline-block;padding:12px 20px;background:#8c181d;color:#ffffff;font-weight:bold",
    "quiet": "color:#2044aa",
}


def _html(blocks: list[tuple[str, str, str]], subject: str, language: Language) -> str:
    parts = []
    for kind, value, label in blocks:
        style = _STYLE[kind]
        if label:
            link = f'<a href="{escape(value)}" style="{style}">{escape(label)}</a>'
            parts.append(f'<p style="{_STYLE["p"]}">{link}</p>')
        else:
            parts.append(f'<p style="{style}">{escape(value).replace(chr(10), "<br>")}</p>')
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light only">'
        f"<title>{escape(subject)}</title></head>"
        f'<body style="{_BODY}"><div style="max-width:560px">'
        f"{''.join(parts)}</div></body></html>"
    )
