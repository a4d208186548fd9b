"""The DNS records of the public address and the sender: printed to paste, or written where a zone is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    identity: Any = target.session.client("sesv2").get_email_identity(EmailIdentity=sender)
    bounces = f"bounces.{sender}"
    found = []
    if target.options.domain:
        found.append(Record(target.options.domain, "CNAME", f"{outputs['DistributionDomain']}."))
    found += [
        Record(f"{token}._domainkey.{sender}", "CNAME", f"{token}.dkim.amazonses.com.")
        for token in identity.get("DkimAttributes", {}).get("Tokens", [])
    ]
    found.append(Record(bounces, "MX", f"10 feedback-smtp.{target.session.region_name}.amazonses.com."))
    found.append(Record(bounces, "TXT", '"v=spf1 include:amazonses.com -all"'))
    found.append(Record(f"_dmarc.{sender}", "TXT", '"v=DMARC1; p=quarantine; adkim=s; aspf=r"'))
    return found


def write(target: Target, wanted: list[Record]) -> int:
    """Writes into the zone what is missing; a DMARC record that is there stays as it is. How many were written."""
    client = target.session.client("route53")
    there: dict[tuple[str, str], list[str]] = {}
    for page in client.get_paginator("list_resource_record_sets").paginate(HostedZoneId=target.options.zone):
        for each in page["ResourceRecordSets"]:
            values = [value["Value"] for value in each.get("ResourceRecords", [])]
            there[each["Name"].rstrip("."), each["Type"]] = values
    changes: Any = []
    for record in wanted:
        have = there.get((record.name, record.kind))
        if have != [record.value] and not (have and record.name.startswith("_dmarc.")):
            fields = {"Name": record.name, "Type": record.kind, "TTL": 300}
            changes.append(
                {"Action": "UPSERT", "ResourceRecordSet": fields | {"ResourceRecords": [{"Value": record.value}]}}
            )
    if changes:
        client.change_resource_record_sets(HostedZoneId=target.options.zone, ChangeBatch={"Changes": changes})
    return len(changes)


def announce(target: Target, outputs: dict[str, str], sender: str) -> None:
    """Writes the records that belong into the zone, where there is one; prints the others ready to paste."""
    wanted = records(target, outputs, sender)
    zone = target.options.zone
    if zone:
        name = zone_name(target)
        inside = [record for record in wanted if in_zone(record.name, name)]
        target.say(f"dns: {write(target, inside)} of {len(inside)} records written to zone {zone}")
        wanted = [record for record in wanted if record not in inside]
    if wanted:
        target.say("dns: have these records set; what is there already may stay")
    for record in wanted:
        target.say(f"  {record.line()}")


def zone_name(target: Target) -> str:
    """The domain of the chosen zone."""
    found: Any = target.session.client("route53").get_hosted_zone(Id=target.options.zone)
    name: str = found["HostedZone"]["Name"]
    return name.rstrip(".")


def in_zone(name: str, zone: str) -> bool:
    """Whether the zone of the domain *zone* can hold records of *name*."""
    return f".{name}".endswith(f".{zone}")
