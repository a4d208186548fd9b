"""What every request must pass before its form is read: through our CloudFront, and not from another site."""

from collections.abc import Mapping

from .errors import Problem
from .keys import Keys


def through_cloudfront(headers: Mapping[str, str], keys: Keys) -> None:
    """Raises Problem `nicht-erlaubt` for a request that went around the distribution (R59, X40)."""
    if not keys.proves_origin(headers.get("x-origin-secret", "")) or "cloudfront-viewer-address" not in headers:
        raise Problem("nicht-erlaubt")


def same_site(headers: Mapping[str, str], site_url: str) -> None:
    """Raises Problem `eingabe-ungueltig` for another site's form (R55).

    Not a 403: CloudFront shows those as a missing page. Under `Referrer-Policy: no-referrer` a browser's own form says
    `Origin: null`, so Sec-Fetch-Site decides first.
    """
    fetch_site = headers.get("sec-fetch-site")
    if fetch_site is not None:
        foreign = fetch_site not in ("same-origin", "none")
    else:
        foreign = headers.get("origin", site_url.rstrip("/")) != site_url.rstrip("/")
    if foreign:
        raise Problem("eingabe-ungueltig")
