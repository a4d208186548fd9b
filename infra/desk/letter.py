"""`desk domains --letter`: a mail to the people who run a domain's mail server, with all that they need to look."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from reset.clock import german_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .desk import Desk
    from .domains import Domain

ROWS = 20
DAY = 86400


def letter(desk: Desk, domain: Domain) -> str:
    """The whole letter, ready to send to postmaster@."""
    facts, sender = desk.facts, desk.facts["sender_address"]
    mails = sorted({*domain.lost, *domain.troubled}, key=lambda each: each.at)[-ROWS:]
    rows = [f"  {german_time(each.at)}  Vorgang {each.vorgang}  {each.text}{_server(each)}" for each in mails]
    lines = [
        f"An: postmaster@{domain.name}",
        f"Betreff: E-Mails von {sender} kommen bei {domain.name} nicht an",
        "",
        "Guten Tag,",
        "",
        *fill(_story(domain, facts), 78).splitlines(),
        "",
        "Bitte prüfen Sie, ob ein Filter (Spam, Quarantäne, Greylisting) sie",
        "zurückhält, und lassen Sie sie zu:",
        "",
        f"  Absender          {facts['sender_name']} <{sender}>",
        f"  Betreff beginnt   {facts['subject_prefix']}",
        *(f"  {line}" for line in _marks(desk, sender.rpartition("@")[2])),
        "",
        "Zuletzt betroffen (zum Suchen in Ihrem Protokoll):",
        "",
        *(rows or ["  keine im Einzelnen verzeichnet"]),
        "",
        f"Antworten bitte an {facts['mailbox']}.",
        "",
        "Mit freundlichen Grüßen",
        str(facts["desk_name"]),
    ]
    return "\n".join(lines)


def _story(domain: Domain, facts: Mapping[str, Any]) -> str:
    """What happened there, in three sentences."""
    middle, late = domain.delay(0.5), domain.delay(0.99)
    told = middle is not None and late is not None
    delay = f", Zustelldauer im Mittel {middle:.0f} s, 99 % bis {late:.0f} s" if told else ""
    lost = f" Bei {len(domain.lost)} der angenommenen wurde der Link bis zu seinem Ende nicht geöffnet."
    return (
        "wir verschicken E-Mails, mit denen Menschen ihr Passwort zurücksetzen oder erfahren, dass es geändert wurde"
        f" ({facts['portal_title']}). In den letzten {facts['retention_days']} Tagen gingen {domain.mailed} davon an"
        f" {domain.name}. Ihr Mailserver hat {domain.delivered} angenommen, {domain.bounced} abgelehnt und"
        f" {domain.late} verzögert{delay}.{lost if domain.lost else ''}"
    )


def _server(event: object) -> str:
    host = getattr(event, "mta", None)
    return f", über {host}" if host else ""


def _marks(desk: Desk, domain: str) -> list[str]:
    """How a postmaster knows our mails: signature, sending hosts."""
    lines = [
        f"DKIM-Signatur     d={domain}; bitte danach freigeben: die IP-Adressen gehören Amazon SES und wechseln",
        f"Absendende Hosts  *.smtp-out.{desk.place.session.region_name}.amazonses.com, SPF include:amazonses.com",
    ]
    try:
        answer = desk.place.client("sesv2").get_email_identity(EmailIdentity=domain)
    except ClientError:
        return lines
    tokens = answer.get("DkimAttributes", {}).get("Tokens", [])
    return lines + [f"DKIM-Schlüssel    {token}._domainkey.{domain}" for token in tokens]
