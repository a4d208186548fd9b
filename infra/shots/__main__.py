"""`python -m infra.shots` takes the article's pictures and the social card anew, where something in them changed."""

import sys

from playwright.sync_api import sync_playwright

from infra.deploy.slips import right_facts
from infra.deploy.trouble import in_words
from infra.local.chromium import NoChromiumError, chromium
from infra.local.cloud import Cloud
from infra.local.ports import free_port

from .camera import ShotError
from .card import draw_cards
from .renewal import renew
from .sheet import write_sheet


def main() -> None:
    """Starts the product, walks, renews."""
    cloud = Cloud(free_port())
    try:
        right_facts()
        path = chromium()
        cloud.start()
        with sync_playwright() as playwright:
            # Letters at whole pixels look alike each time: the picture packs better.
            args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            args += ["--disable-font-subpixel-positioning"]
            browser = playwright.chromium.launch(executable_path=path, args=args)
            taken = renew(browser, cloud)
            draw_cards(browser)
            browser.close()
    except (NoChromiumError, ShotError) as error:
        sys.exit(str(error))
    except Exception as error:
        if (text := in_words(error)) is None:
            raise
        sys.exit(text)
    finally:
        cloud.stop()
    print(f"{taken} pictures taken; all of them: {write_sheet()}")


if __name__ == "__main__":
    main()
