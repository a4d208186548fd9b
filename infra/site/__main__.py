"""`python -m infra.site [--out DIRECTORY]` builds the site."""

import argparse
import sys
from pathlib import Path

from .build import ROOT, build
from .check import BrokenSiteError
from .data import BuildError


def main() -> None:
    """Reads the command line and builds; a fault is told in words, not as a stack trace."""
    parser = argparse.ArgumentParser(prog="python -m infra.site", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build/site")
    parser.add_argument("--site-url", default="http://localhost:8000/")
    parser.add_argument("--portal-url", default=None)
    given = parser.parse_args()
    try:
        build(given.out, site_url=given.site_url, portal_url=given.portal_url)
    except (BuildError, BrokenSiteError) as error:
        sys.exit(f"The site could not be built:\n{error}")
    print(f"built {given.out}")


if __name__ == "__main__":
    main()
