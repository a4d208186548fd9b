"""A new origin secret without a refused request: the functions know both values before CloudFront shows the new one."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from .stack import KEEP, DeployError
from .stacks import origin

if TYPE_CHECKING:
    from .target import Target


def rotate(target: Target) -> None:
    """Secret, then functions, then CloudFront; broken off anywhere, the next run goes on from there.

    The value before stays good until the next rotation: after a leak, rotate twice.
    """
    app = target.stack("app")
    before = app.before()
    if before is None:
        raise DeployError(f"There is no stage {target.stage} to rotate.")
    app.free()  # until CloudFront shows the value of a rotation broken off, a new one would take the shown one away
    state = target.stack("state")
    secret, held = state.outputs()["SecretArn"], state.before()
    old, version = origin(target, secret)
    if held and before.parameters["OriginVersion"] == version:
        fresh = {"Origin": secrets.token_urlsafe(32), "OriginPrevious": old}
        state.deploy(held.template, dict.fromkeys(held.parameters, KEEP) | fresh, target.confirm)
    value, version = origin(target, secret)
    kept = dict.fromkeys(before.parameters, KEEP)
    app.deploy(before.template, kept | {"SecretVersion": version}, target.confirm)
    app.deploy(before.template, kept | {"Origin": value, "OriginVersion": version}, target.confirm)
    target.say("rotated: the former value stays good until the next rotation")
