"""The browser that tests, pictures and Lighthouse share."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")  # infra/bootstrap looks for the same


class NoChromiumError(Exception):
    """There is none on the PATH; the message names the command that installs one."""


def chromium() -> str:
    """Its path; NoChromiumError where there is none."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise NoChromiumError("No Chromium found. Install it with:  infra/bootstrap browser")
