"""`python -m infra.shots` takes the article's pictures anew, where something in them changed."""

import shutil
import socket
import sys

from playwright.sync_api import sync_playwright

from infra.local.cloud import Cloud

from .camera import ShotError
from .renewal import renew
from .sheet import write_sheet


def main() -> None:
    """Starts the product, walks, renews."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("No Chromium found. Install it with:  infra/bootstrap browser")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    cloud = Cloud(port)
    try:
        cloud.start()
        with sync_playwright() as playwright:
            args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            browser = playwright.chromium.launch(executable_path=chromium, args=args)
            taken = renew(browser, cloud)
            browser.close()
    except ShotError as error:
        sys.exit(str(error))
    finally:
        cloud.stop()
    print(f"{taken} pictures taken; all of them: {write_sheet()}")


if __name__ == "__main__":
    main()
