"""`desk domains --letter`: a mail to the people who run a domain's mail server, with all that they need to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from reset.clock import german_time

if TYPE_CHECKING:
    from .desk import Desk
    from .domains import Domain

ROWS = 20
DAY = 86400


def letter(desk: Desk, domain: Domain) -> str:
    """The whole letter, ready to send to postmaster@."""
    facts, sender = desk.facts, desk.facts["sender_address"]
    mails = sorted({*domain.lost, *domain.troubled}, key=lambda each: each.at)[-ROWS:]
    rows = [f"  {german_time(each.at)}  Vorgang {each.vorgang}  {each.text}{_server(each)}" for each in mails]
    middle, late = domain.delay(0.5), domain.delay(0.99)
    delay = (
        f", Zustelldauer im Mittel {middle:.0f} s, 99 % bis {late:.0f} s"
        if middle is not None and late is not None
        else ""
    )
    lines = [
        f"An: postmaster@{domain.name}",
        f"Betreff: E-Mails von {sender} kommen bei {domain.name} nicht an",
        "",
        "Guten Tag,",
        "",
        f"wir verschicken für das {facts['portal_title']} E-Mails, mit denen Menschen auf eigenen Wunsch ihr Passwort",
        f"zurücksetzen. In den letzten {facts['retention_days']} Tagen gingen {domain.mailed} davon an {domain.name}."
        f" Ihr Mailserver hat {domain.delivered}",
        f"angenommen, {domain.bounced} abgelehnt und {domain.late} verzögert{delay}. Bei {len(domain.lost)} der",
        "angenommenen wurde der Link nie geöffnet; die Empfänger sagen uns, dass nichts ankam.",
        "",
        "Bitte prüfen Sie, ob ein Filter (Spam, Quarantäne, Greylisting) sie zurückhält, und lassen Sie sie zu:",
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
