"""A case as a clerk reads it: the account, what happened, what to say."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from reset.clock import german_time

from .history import shortened
from .output import count
from .sentences import quoted
from .verdict import verdict

if TYPE_CHECKING:
    from .case import Case
    from .output import Output

STATES = {"active": "aktiv", "invited": "eingeladen, Registrierung offen", "locked": "gesperrt"}


def show(
    out: Output,
    case: Case,
    username: str | None,
    close: list[str],
    notes: list[str],
    vorgang: str | None,
    *,
    every: bool,
) -> None:
    """Prints it: of the time line what shortened() leaves, or *every* entry."""
    account, found = case.account, verdict(case)
    out.say(username or f"Vorgang {vorgang}: die Adresse wurde eingegeben, gehört aber zu keinem Konto", "bold")
    if account:
        name = quoted(account.name) if account.name else ""
        language = "Englisch" if account.language == "en" else "Deutsch"
        facts = [name, STATES[account.status], language]
        made = case.stored.get("created_at")
        facts += [f"angelegt am {german_time(int(made))}"] if made else []
        out.say(" · ".join(fact for fact in facts if fact))
    out.say()
    _time_line(out, case, vorgang, every=every)
    out.say()
    for note in notes:
        out.say(f"Hinweis: {note}")
    if close:
        out.say(f"Ähnliche bekannte Adressen: {', '.join(close)}", "bold")
    out.say(f"Sagen Sie: „{found.sentence}“", "bold green")
    if found.advice:
        # In quotes where a shell would read it as more than a word: whoever registers chooses the address.
        out.say(f"Tun: {found.advice.replace('ADRESSE', quote(account.username) if account else 'ADRESSE')}")


def _time_line(out: Output, case: Case, vorgang: str | None, *, every: bool) -> None:
    if not case.events:
        out.say(f"Nichts verzeichnet in den letzten {case.facts['retention_days']} Tagen.")
        return
    events = case.events if every else shortened(case.events, vorgang)
    if left := len(case.events) - len(events):
        out.say(f"Weggelassen: {count(left, 'älterer Eintrag', 'ältere Einträge')}; mit --all stehen alle da.")
    rows = [
        (
            german_time(event.at).replace(" um ", " "),
            ("→ " if event.vorgang == vorgang else "") + event.vorgang,
            event.text,
        )
        for event in events
    ]
    out.table(("Zeit", "Vorgang", "Was geschah"), rows)
