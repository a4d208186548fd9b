"""The DNS records of the public address and the sender: printed to paste, or written where a zone is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from .smoke import leads_to

if TYPE_CHECKING:
    from .target import Target


@dataclass(frozen=True)
class Record:
    """One record."""

    name: str
    kind: str
    value: str

    def line(self) -> str:
        """The record as a zone file has it."""
        return f"{self.name}. 300 IN {self.kind} {self.value}"


def records(target: Target, outputs: dict[str, str], sender: str) -> list[Record]:
    """Site, DKIM, MAIL FROM and DMARC, in this order."""
    return site_records(target, outputs) + sender_records(target, sender)


def site_records(target: Target, outputs: dict[str, str]) -> list[Record]:
    """What leads the public address to the distribution; nothing where it is the distribution's own."""
    domain = target.options.domain
    return [Record(domain, "CNAME", f"{outputs['DistributionDomain']}.")] if domain else []


def sender_records(target: Target, sender: str) -> list[Record]:
    """What lets SES, and nobody else, send as the domain *sender*."""
    identity: Any = target.session.client("sesv2").get_email_identity(EmailIdentity=sender)
    bounces = f"bounces.{sender}"
    found = [
        Record(f"{token}._domainkey.{sender}", "CNAME", f"{token}.dkim.amazonses.com.")
        for token in identity.get("DkimAttributes", {}).get("Tokens", [])
    ]
    found.append(Record(bounces, "MX", f"10 feedback-smtp.{target.session.region_name}.amazonses.com."))
    found.append(Record(bounces, "TXT", '"v=spf1 include:amazonses.com -all"'))
    found.append(Record(f"_dmarc.{sender}", "TXT", '"v=DMARC1; p=quarantine; adkim=s; aspf=r"'))
    return found


def write(target: Target, wanted: list[Record]) -> int:
    """Writes into the zone what is missing; a DMARC record that is there stays as it is. How many were written."""
    there = _there(target)
    changes: Any = []
    for record in wanted:
        have = _values(there.get((record.name, record.kind), {}))
        if have != [record.value] and not (have and record.name.startswith("_dmarc.")):
            fields = {"Name": record.name, "Type": record.kind, "TTL": 300}
            changes.append(
                {"Action": "UPSERT", "ResourceRecordSet": fields | {"ResourceRecords": [{"Value": record.value}]}}
            )
    _change(target, changes)
    return len(changes)


def erase(target: Target, unwanted: list[Record]) -> int:
    """Takes out of the zone what is exactly ours. How many were."""
    there = _there(target)
    found = [there.get((record.name, record.kind), {}) for record in unwanted]
    changes: Any = [
        {"Action": "DELETE", "ResourceRecordSet": have}
        for have, record in zip(found, unwanted, strict=True)
        if _values(have) == [record.value]
    ]
    _change(target, changes)
    return len(changes)


def announce(target: Target, outputs: dict[str, str], sender: str) -> None:
    """Writes the records that belong into the zone, where there is one; prints the others ready to paste."""
    inside, outside = _parted(target, records(target, outputs, sender))
    if inside:
        target.say(f"dns: {write(target, inside)} of {len(inside)} records written to zone {target.options.zone}")
    if outside:
        target.say("dns: have these records set; what is there already may stay")
    for record in outside:
        target.say(f"  {record.line()}")
    if target.options.domain and not leads_to(target.options.domain, outputs["DistributionDomain"]):
        target.say(
            f"dns: {target.options.domain} does not lead here yet; until then visitors see what was there before"
        )


def withdraw(target: Target, unwanted: list[Record]) -> None:
    """Takes the records out of the zone, where there is one; prints the others: a name that leads nowhere is a door."""
    try:
        inside, outside = _parted(target, unwanted)
        if inside:
            target.say(f"dns: {erase(target, inside)} records taken out of zone {target.options.zone}")
    except ClientError as error:  # a zone that is gone, or no right to it: the stage goes all the same
        target.say(f"dns: the zone {target.options.zone} cannot be changed: {error.response['Error'].get('Message')}")
        outside = unwanted
    if outside:
        target.say("dns: have these records taken out")
    for record in outside:
        target.say(f"  {record.line()}")


def zone_name(target: Target) -> str:
    """The domain of the chosen zone."""
    found: Any = target.session.client("route53").get_hosted_zone(Id=target.options.zone)
    name: str = found["HostedZone"]["Name"]
    return name.rstrip(".")


def in_zone(name: str, zone: str) -> bool:
    """Whether the zone of the domain *zone* can hold records of *name*."""
    return f".{name}".endswith(f".{zone}")


def _parted(target: Target, found: list[Record]) -> tuple[list[Record], list[Record]]:
    """Those of the zone, and the others."""
    if not (target.options.zone and found):
        return [], found
    name = zone_name(target)
    inside = [record for record in found if in_zone(record.name, name)]
    return inside, [record for record in found if record not in inside]


def _there(target: Target) -> dict[tuple[str, str], dict[str, Any]]:
    """The zone's record sets by name and kind."""
    pages: Any = target.session.client("route53").get_paginator("list_resource_record_sets")
    found = (each for page in pages.paginate(HostedZoneId=target.options.zone) for each in page["ResourceRecordSets"])
    return {(each["Name"].rstrip("."), each["Type"]): each for each in found}


def _values(found: dict[str, Any]) -> list[str]:
    return [value["Value"] for value in found.get("ResourceRecords", [])]


def _change(target: Target, changes: Any) -> None:
    if changes:
        client = target.session.client("route53")
        client.change_resource_record_sets(HostedZoneId=target.options.zone, ChangeBatch={"Changes": changes})
