"""What the product is made of: known holes, bill of materials (CycloneDX) and licences, written to build/ (R96)."""

import json
import os
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

from infra.deploy.facts import ROOT

BUILD = ROOT / "build"
LOCKS = ("requirements.lock", "functions/requirements.lock")


def known_holes() -> str:
    """What pip-audit says of both locks; a package that the service does not know was not checked, and we say so."""
    said = []
    for lock in LOCKS:
        command = [_tool("pip-audit"), "--no-deps", "--disable-pip", "--progress-spinner", "off", "-f", "json"]
        done = subprocess.run([*command, "-r", str(ROOT / lock)], capture_output=True, text=True, check=False)
        try:
            each = json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError):
            each = []
        skipped = sum("skip_reason" in package for package in each)
        holes = [f"{package['name']} {package['version']}" for package in each if package.get("vulns")]
        if holes:
            said.append(f"{lock}: FOUND in {', '.join(holes)}")
        elif skipped or not each:
            said.append(f"{lock}: {skipped or 'all'} packages NOT CHECKED, the vulnerability service did not answer")
        else:
            said.append(f"{lock}: none in {len(each)} packages")
    return "; ".join(said)


def bill_of_materials() -> Path:
    """CycloneDX, from what is installed (Python, Node) and from what the functions' zip holds."""
    BUILD.mkdir(exist_ok=True)
    whole, zip_ = BUILD / "sbom.json", BUILD / "sbom-functions.json"
    for arguments, out in (
        (("environment", sys.executable), whole),
        (("requirements", str(ROOT / LOCKS[1])), zip_),
    ):
        form = ["--output-reproducible", "--of", "JSON", "--no-validate"]  # its check of its own output takes minutes
        command = [_tool("cyclonedx-py"), *arguments, *form, "-o", str(out)]
        subprocess.run(command, check=True, capture_output=True)
    node = [_tool("npm"), "sbom", "--package-lock-only", "--sbom-format", "cyclonedx"]
    tools = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(node, cwd=ROOT, check=True, capture_output=True, text=True, env=tools)
    (BUILD / "sbom-node.json").write_text(done.stdout)
    return whole


def licences() -> Path:
    """Name, version and licence of every Python and Node package, one a line."""
    lines = set()
    for each in distributions():
        meta = each.metadata.json
        kinds: list[str] = meta.get("classifier", [])  # type: ignore[assignment]  # a list, by the metadata standard
        named = ", ".join(kind.rpartition(":: ")[2] for kind in kinds if kind.startswith("License ::"))
        short = str(meta.get("license", "?")).strip().partition("\n")[0]
        lines.add(f"{meta['name']} {each.version}\t{meta.get('license_expression') or named or short}")
    for lock in (ROOT / "package-lock.json", Path(__file__).with_name("node") / "package-lock.json"):
        for name, each in json.loads(lock.read_text())["packages"].items():
            if name:
                lines.add(f"{name.rpartition('node_modules/')[2]} {each['version']}\t{each.get('license', '?')}")
    out = BUILD / "licences.txt"
    out.write_text("\n".join(sorted(lines, key=str.lower)) + "\n")
    return out


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def main() -> int:
    """All three; 1 where a known hole was found."""
    holes = known_holes()
    print(f"Known holes   {holes}")
    print(f"SBOM          {bill_of_materials().relative_to(ROOT)}, build/sbom-node.json, build/sbom-functions.json")
    print(f"Licences      {licences().relative_to(ROOT)}")
    return int("FOUND" in holes)


if __name__ == "__main__":
    sys.exit(main())
