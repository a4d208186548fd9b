"""What the product is made of, from what is installed (R96)."""

import json
import re

from infra.campaign import supply
from infra.deploy.facts import ROOT


def test_the_bills_of_materials_name_what_is_installed_and_what_is_shipped() -> None:
    """R96: each locked package of the zip is in its bill; every part has a name, a version and a licence."""
    whole = json.loads(supply.bill_of_materials().read_text())
    shipped = json.loads((supply.BUILD / "sbom-functions.json").read_text())
    locked = set(re.findall(r"^([\w.-]+)==([^ ;\\]+)", (ROOT / supply.LOCKS[1]).read_text(), re.MULTILINE))
    assert {(each["name"], each["version"]) for each in shipped["components"]} == locked
    assert whole["bomFormat"] == shipped["bomFormat"] == "CycloneDX"
    installed = {each["name"].lower().replace("_", "-") for each in whole["components"]}
    assert {name.lower() for name, _ in locked} <= installed
    node = json.loads((supply.BUILD / "sbom-node.json").read_text())["components"]
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    known = {(name.rpartition("node_modules/")[2], each["version"]) for name, each in packages.items() if name}
    assert {(each["name"], each["version"]) for each in node} == known
    licences = dict(line.split("\t") for line in supply.licences().read_text().splitlines())
    assert {f"{name} {version}" for name, version in locked} <= {part.lower().replace("_", "-") for part in licences}
    assert not [part for part, licence in licences.items() if licence in ("", "?")]
