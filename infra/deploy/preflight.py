"""What must be right before anything is touched: each fault as a sentence that says what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from .dns import in_zone, zone_name
from .facts import placeholders, sender
from .package import interpreter
from .quota import quota_faults
from .restored import table_faults
from .slips import choice_faults, fact_faults
from .target import GLOBAL

if TYPE_CHECKING:
    from .target import Options, Target

LONGEST_NAME = 75  # characters of an encoded word (RFC 2047)


@dataclass
class Findings:
    """*faults* stop the deploy, *notes* are told."""

    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def preflight(target: Target, facts: dict[str, Any]) -> Findings:
    """Looks at everything, so that one run tells all there is to mend."""
    found = Findings()
    found.faults += fact_faults(facts) + choice_faults(target.options)
    _place(target, found)
    if found.faults:
        return found  # of slips, without credentials or region nothing else can be asked
    _facts(target, facts, found)
    _address(target, found)
    _sending(target, facts, found)
    found.faults += quota_faults(target) + table_faults(target)
    if interpreter() is None and not target.local:
        found.notes.append(
            "No Python 3.13 on this machine: the functions go out without bytecode, a start takes twice as long."
        )
    return found


def _place(target: Target, found: Findings) -> None:
    region = target.session.region_name
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,15}", target.stage):
        found.faults.append("STAGE is 2 to 16 small letters, digits and hyphens, such as prod.")
    if not region:
        found.faults.append("No region is set. Name one:  make deploy STAGE=prod REGION=eu-central-1")
    elif region not in target.session.get_available_regions("sesv2"):
        found.faults.append(f"There is no region {region} with SES. Frankfurt is eu-central-1.")
    if not found.faults:
        account = target.session.client("sts").get_caller_identity()["Account"]
        found.notes.append(f"account {account}, region {region}, stage {target.stage}")


def _facts(target: Target, facts: dict[str, Any], found: Findings) -> None:
    missing = placeholders(facts)
    if missing:
        text = f"mkdocs.yml still has PLATZHALTER: in {', '.join(missing)}. Legal pages must be true: set them all."
        (found.notes if target.local else found.faults).append(text)
    if str(facts["sender_address"]).endswith(("@example.org", "@example.com")) and not target.local:
        found.faults.append("mkdocs.yml: sender_address is an example. Set an address of a domain that is yours.")
    if not str(facts["sender_name"]).isprintable() or len(sender(facts).partition(" <")[0]) > LONGEST_NAME:
        found.faults.append("mkdocs.yml: sender_name is too long for a mail's From. Take a shorter one of one line.")


def _address(target: Target, found: Findings) -> None:
    chosen = target.options
    if bool(chosen.domain) != bool(chosen.certificate):
        found.faults.append("domain and certificate belong together: set both or neither.")
    elif chosen.certificate:
        found.faults += certificate_faults(target, chosen)
    if chosen.zone:
        found.faults += zone_faults(target, chosen)
    if chosen.firewall and chosen.firewall != "own" and not chosen.firewall.startswith("arn:"):
        found.faults.append('firewall is "own" or the ARN of a web ACL with the scope CLOUDFRONT.')


def certificate_faults(target: Target, chosen: Options) -> list[str]:
    """Whether CloudFront will take the certificate for the domain."""
    if f":acm:{GLOBAL}:" not in chosen.certificate:
        return [f"The certificate must be in {GLOBAL}, wherever the stage is: CloudFront takes no other."]
    try:
        answer: Any = target.session.client("acm", region_name=GLOBAL).describe_certificate(
            CertificateArn=chosen.certificate
        )
    except ClientError as error:
        return [f"The certificate cannot be read: {error.response['Error'].get('Message')}"]
    found, names = answer["Certificate"], {answer["Certificate"]["DomainName"]}
    names |= set(found.get("SubjectAlternativeNames", []))
    faults = []
    if found["Status"] != "ISSUED":
        faults.append(f"The certificate is {found['Status']}, not ISSUED: set the validation records that ACM names.")
    if chosen.domain not in names:
        faults.append(f"The certificate is for {', '.join(sorted(names))}, not by name for {chosen.domain}.")
    return faults


def zone_faults(target: Target, chosen: Options) -> list[str]:
    """Whether the zone may hold the domain's records; the sender's domain may be another's."""
    try:
        name = zone_name(target)
    except ClientError as error:
        return [f"The zone {chosen.zone} cannot be read: {error.response['Error'].get('Message')}"]
    if chosen.domain == name:
        return [f"{name} is the zone's own name, where no CNAME can stand: take a name in it, such as hilfe.{name}."]
    if chosen.domain and not in_zone(chosen.domain, name):
        return [f"The zone {chosen.zone} is {name}: {chosen.domain} is not in it."]
    return []


def _sending(target: Target, facts: dict[str, Any], found: Findings) -> None:
    client, domain = target.session.client("sesv2"), str(facts["sender_address"]).rpartition("@")[2]
    account = client.get_account()
    if not account.get("ProductionAccessEnabled"):
        found.notes.append(
            "SES is in its sandbox here: only verified addresses get mail. infra/README.md, 'Out of the SES sandbox'."
        )
    if account.get("SendingEnabled") is False:
        found.faults.append(
            "SES has paused this account's sending. Open the account dashboard of SES and answer there."
        )
    try:
        identity = client.get_email_identity(EmailIdentity=domain)
    except client.exceptions.NotFoundException:
        found.notes.append(f"{domain} becomes a sender at this deploy; its DNS records are printed at the end.")
        if target.stack("app").describe():
            found.notes.append("Until they are set this running stage mails nothing: mails become dead letters.")
        return
    if not identity.get("VerifiedForSendingStatus"):
        found.notes.append(f"{domain} is not verified yet: no mail goes out until its DKIM records are set.")
