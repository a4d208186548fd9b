"""A new origin secret without a refused request: the function takes the old one as long as CloudFront may show it."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from reset.keys import RELOAD

from .facts import parameters, read_facts
from .stack import KEEP, DeployError
from .stacks import deploy_state, origin

if TYPE_CHECKING:
    from .target import Target


def rotate(target: Target, wait: float = RELOAD + 5) -> None:
    """Secret first, CloudFront after *wait* seconds: by then no function believes that it has just looked.

    The value before stays good until the next rotation: after a leak, rotate twice.
    """
    app = target.stack("app")
    before = app.before()
    if before is None:
        raise DeployError(f"There is no stage {target.stage} to rotate.")
    secret = target.stack("state").outputs()["SecretArn"]
    old, _ = origin(target, secret)
    deploy_state(target, parameters(read_facts()), {"Origin": secrets.token_urlsafe(32), "OriginPrevious": old})
    target.say(f"… waiting {wait:.0f} s until every function would look again")
    time.sleep(wait)
    value, version = origin(target, secret)
    kept = dict.fromkeys(before.parameters, KEEP)
    app.deploy(before.template, kept | {"Origin": value, "OriginVersion": version}, target.confirm)
    target.say("rotated: the former value stays good until the next rotation")
