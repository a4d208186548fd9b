"""How `desk invite` goes: show how far each person is, ask, send in waves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .case_text import STATES as ACCOUNTS
from .desk import DESK
from .excuses import broken_off
from .faults import bad_input, not_done
from .invitations import in_waves, invite
from .invited import STATES, Person, chosen, people, person
from .known import known
from .output import count
from .sentences import subject

if TYPE_CHECKING:
    from .desk import Desk
    from .output import Output


@dataclass(frozen=True)
class Wave:
    """The options of `--all`."""

    remind: bool
    after: int
    rate: int
    yes: bool
    dry_run: bool


def one(desk: Desk, out: Output, address: str, why: str | None, *, dry_run: bool) -> None:
    """Invites one person."""
    account = known(desk, address, why)
    if dry_run:
        desk.log(account.id, "Auskunft", why)
        mine = [each for each in (person(desk, account),) if each]
        if mine:
            out.table(("Adresse", "Stand", "zuletzt"), [each.row for each in mine])
        else:
            out.say(f"{account.username} wurde nie eingeladen: {ACCOUNTS[account.status]}.")
        out.result({"people": [_data(each) for each in mine]})
        return
    vorgang = invite(desk, account, why)
    out.say(f"Unterwegs an {account.username}: „{subject(account, 'finish')}“. Vorgangsnummer {vorgang}")
    out.result({"address": account.username, "vorgang": vorgang})


def everybody(desk: Desk, out: Output, why: str | None, wave: Wave) -> None:
    """Invites all who are not yet, and reminds the rest where that is asked for."""
    found = people(desk)
    todo = chosen(found, remind=wave.remind, before=desk.now() - wave.after * 86400)
    counts = Counter(each.state for each in found)
    desk.log(DESK, "Einladungen angesehen", why)
    if wave.dry_run:
        out.table(("Adresse", "Stand", "zuletzt"), [each.row for each in found])
    out.say(", ".join(f"{STATES[state]}: {counts[state]}" for state in STATES))
    out.say(f"Jetzt an der Reihe: {len(todo)}")
    sent = {} if wave.dry_run else _send(desk, out, todo, why, wave)
    out.result({"people": [_data(each) for each in found], "chosen": len(todo), "sent": sent})


def _spares_customers(people: int, rate: int, budget: int) -> None:
    """Refuses a wave that would leave customers less than a fifth of the hour's mails: beyond all of them all wait."""
    share = budget * 4 // 5
    if people <= share or rate <= share // 60:
        return
    most = f"Nehmen Sie --rate {share // 60}." if share >= 60 else f"Laden Sie je Stunde höchstens {share} einzeln ein."
    raise bad_input(
        f"Das wären zu viele auf einmal: In einer Stunde gehen nur {count(budget, 'E-Mail', 'E-Mails')} hinaus, und"
        f" die Kunden brauchen ihren Teil. {most}"
    )


def _send(desk: Desk, out: Output, todo: list[Person], why: str | None, wave: Wave) -> dict[str, str]:
    _spares_customers(len(todo), wave.rate, desk.place.mails_per_hour)
    if todo and not wave.yes and out.interactive:
        minutes = max(1, round(len(todo) / wave.rate))
        if not out.ask(f"{count(len(todo), 'E-Mail', 'E-Mails')} verschicken? Dauer: etwa {minutes} min."):
            raise not_done("Nichts verschickt.")
    sent: dict[str, str] = {}
    with broken_off(lambda: _how_far(len(sent), len(todo), wave)):
        for each, vorgang in in_waves(desk, todo, wave.rate, why):
            sent[each.account.username] = vorgang
            out.say(f"{len(sent)}/{len(todo)}  {each.account.username}  {vorgang}")
    return sent


def _how_far(sent: int, of: int, wave: Wave) -> str:
    rest = "Derselbe Befehl macht beim Rest weiter."
    if wave.remind and not wave.after:
        rest = "Derselbe Befehl begänne von vorn; ohne --after 0 mahnt er nur, wer seit einem Tag keine Post bekam."
    return f"Unterbrochen: {sent} von {of} sind verschickt. {rest}"


def _data(each: Person) -> dict[str, object]:
    return {"address": each.account.username, "state": each.state, "at": each.at, "times": each.times}
