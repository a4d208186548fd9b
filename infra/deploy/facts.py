"""The service's facts from mkdocs.yml `extra:`, as the template's parameters."""

from email.utils import formataddr
from pathlib import Path
from typing import Any

import yaml

from .errors import DeployError

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER = "PLATZHALTER:"
LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90)  # that CloudWatch Logs can keep a log; it goes first where the two differ


def read_facts(config: Path = ROOT / "mkdocs.yml") -> dict[str, Any]:
    """`extra:` as it stands; DeployError says why it cannot be read."""
    try:
        with config.open("rb") as file:
            found = yaml.safe_load(file)
    except (OSError, yaml.YAMLError) as error:
        raise DeployError(f"mkdocs.yml cannot be read: {error}") from error
    facts = found.get("extra") if isinstance(found, dict) else None
    if not isinstance(facts, dict):
        raise DeployError("mkdocs.yml has no facts: below  extra:  stands one line for each, such as  desk_name: …")
    return facts


def placeholders(facts: dict[str, Any], path: str = "extra") -> list[str]:
    """The names of all facts that nobody has set yet."""
    found = []
    for name, value in facts.items():
        if isinstance(value, dict):
            found += placeholders(value, f"{path}.{name}")
        elif str(value).startswith(PLACEHOLDER):
            found.append(f"{path}.{name}")
    return found


def sender(facts: dict[str, Any]) -> str:
    """The From of our mails, as SES wants it: umlauts encoded, a name with a comma in quotes."""
    return formataddr((facts["sender_name"], facts["sender_address"]))


def parameters(facts: dict[str, Any]) -> dict[str, str]:
    """The app template's share of the facts."""
    domain = facts["sender_address"].rpartition("@")[2]
    names = ("portal_name", "portal_title", "portal_title_en", "desk_name", "selfservice_name", "selfservice_for")
    words = {facts[name] for name in (*names, "sender_name", "subject_prefix")}
    for address in (facts["sender_address"], facts["mailbox"]):
        words |= {address.partition("@")[0], address.rpartition("@")[2].rpartition(".")[0]}
    return {
        "SenderIdentity": domain,
        "Sender": sender(facts),
        "SenderAddress": facts["sender_address"],
        "SubjectPrefix": facts["subject_prefix"],
        "Mailbox": facts["mailbox"],
        "PortalTitle": facts["portal_title"],
        "PortalTitleEn": facts["portal_title_en"],
        "ContextWords": ",".join(sorted(word.replace(",", " ") for word in words)),
        "PasswordMinimum": str(facts["password_minimum"]),
        "LinkMinutes": str(facts["link_minutes"]),
        "RetentionDays": str(facts["retention_days"]),
        "LogDays": str(max(days for days in LOG_DAYS if days <= facts["retention_days"])),
    }
