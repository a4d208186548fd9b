"""The local inbox: every mail the product sent, as a page and as data. It exists only here."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import parseaddr
from html import escape
from typing import Any
from urllib.parse import parse_qs

import httpx
from ministack.app import app as ministack

from .feedback import KINDS, tell

Message = MutableMapping[str, Any]

_PAGE = """<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Lokaler Posteingang</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<style>body{{font:16px/1.5 sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}}
article{{border:1px solid;border-radius:4px;margin:0 0 2rem;padding:1rem}}h2{{font-size:1.1rem;margin:0}}
pre{{white-space:pre-wrap;overflow-wrap:anywhere}}</style></head>
<body><h1>Lokaler Posteingang</h1>
<p>Nur für die Entwicklung: hier liegt, was das Produkt verschickt hat, das Neueste zuerst. <a href="">Neu laden</a></p>
{mails}</body></html>"""
_MAIL = """<article><h2>{subject}</h2><p>Von {sender}<br>An {to}<br>{sent_at}</p>
<form method="post" action="/_inbox/event">Der Mailserver meldet:
<input type="hidden" name="to" value="{to}"><input type="hidden" name="sent_at" value="{sent_at}"> {buttons}</form>
<section aria-label="E-Mail">{body}</section>
<details><summary>Nur-Text-Fassung</summary><pre>{text}</pre></details></article>"""


async def inbox(scope: Message, receive: Any, send: Callable[[Message], Awaitable[None]]) -> None:
    """Answers `/_inbox/` and `/_inbox/messages.json`; takes the buttons' `/_inbox/event`."""
    mails = await read_mails()
    if scope["method"] == "POST":
        await _event(mails, receive, send)
        return
    if scope["path"] == "/_inbox/messages.json":
        kind, body = "application/json", json.dumps(mails, ensure_ascii=False)
    else:
        kind, body = "text/html; charset=utf-8", _PAGE.format(mails="".join(map(_show, mails)) or "<p>Noch keine.</p>")
    data = body.encode()
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(data)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": [*headers, (b"cache-control", b"no-store")]})
    await send({"type": "http.response.body", "body": data})


async def _event(mails: list[dict[str, str]], receive: Any, send: Callable[[Message], Awaitable[None]]) -> None:
    """Tells what a mail server would have told about the mail whose button was pressed."""
    body = b""
    more = True
    while more and len(body) < 4096:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    meant = [mail for mail in mails if (mail["to"], mail["sent_at"]) == (form.get("to"), form.get("sent_at"))]
    status = 303 if meant and form.get("kind") in KINDS else 400
    if status == 303:
        await asyncio.to_thread(tell, form["kind"], meant[0])
    headers = [(b"location", b"/_inbox/"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def read_mails() -> list[dict[str, str]]:
    """The mails that the emulator's SES took, newest first."""
    transport = httpx.ASGITransport(app=ministack)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = (await client.get("/_ministack/ses/messages")).json()
    found = [mail for mails in answer["messages"].values() for mail in mails]
    return [
        {
            "to": parseaddr(mail["To"][0])[1],
            "from": str(make_header(decode_header(mail["Source"]))),  # as a mail program shows it
            "subject": mail["Subject"],
            "text": mail["BodyText"],
            "html": mail["BodyHtml"] or "",
            "sent_at": datetime.fromtimestamp(mail["Timestamp"], UTC).isoformat(timespec="milliseconds"),
        }
        for mail in sorted(found, key=lambda mail: mail["Timestamp"], reverse=True)
    ]


def _show(mail: dict[str, str]) -> str:
    body = mail["html"].partition("<body")[2].partition(">")[2].rpartition("</body>")[0]
    values = {name: escape(mail[name]) for name in ("subject", "to", "text", "sent_at")}
    buttons = " ".join(f'<button name="kind" value="{kind}">{word}</button>' for kind, word in KINDS.items())
    return _MAIL.format(**values, buttons=buttons, sender=escape(mail["from"]), body=body)
