"""One deploy for AWS and the local cloud: zip, state, firewall, app, watch, site; then a look at the public address."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from infra.site import build, this_month

from .canaries import put_canaries
from .code import upload
from .errors import DeployError
from .facts import parameters, read_facts
from .package import build_zip
from .publish import publish
from .remember import fingerprint, remember, remembered
from .smoke import smoke
from .stacks import STATE, deploy_app, deploy_state, deploy_watch
from .target import Target

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Target", "deploy"]

SITE = ("docs", "infra/site", "functions/reset", "mkdocs.yml", "package-lock.json", "requirements.lock")


def deploy(target: Target) -> dict[str, str]:
    """Deploys everything and returns the stacks' outputs; a second run without change changes nothing.

    DeployError means that everything is as it was before, as far as there was a before.
    """
    target.build.mkdir(parents=True, exist_ok=True)
    facts = parameters(read_facts())
    target.say("… building the functions' zip")
    code = build_zip(target.build, local=target.local, say=target.say)
    app = target.stack("app")
    before = app.before()
    if there := app.outputs():
        built_site(target, there)  # a page that cannot be built stops the deploy before anything is touched
    given = {"CodeBucket": upload(target, code), "CodeKey": code.name}
    state = deploy_state(target, facts) | target.options.tables
    given |= {key: state[key] for key in STATE}
    outputs = state | given | deploy_app(target, app, facts, given)
    try:
        outputs |= deploy_watch(target, facts | outputs)
        if target.options.canary and not target.local:
            put_canaries(target.session, outputs)
        if target.ready:
            target.ready(outputs)
        publish_site(target, outputs)
    except DeployError as error:
        if before is None:
            raise
        target.say("… bringing the former functions back")
        app.deploy(before.template, before.parameters)
        raise DeployError(f"{error} Pages and functions are as they were before.") from error
    return outputs


def built_site(target: Target, outputs: dict[str, str]) -> Path:
    """The site's folder, built anew only where something in it changed."""
    site, url = target.build / "site", target.public_url(outputs) + "/"
    mark = fingerprint(SITE, url, f"{this_month():%Y-%m}")  # security.txt runs out
    if not remembered(site, mark):
        target.say("… building the site")
        build(site, site_url=url)
        remember(site, mark)
    return site


def publish_site(target: Target, outputs: dict[str, str]) -> None:
    """Builds, uploads and looks at it from outside; DeployError means that the former pages are back."""
    site = built_site(target, outputs)
    published = publish(target.session.client("s3"), outputs["SiteBucket"], site)
    target.say(f"site: {len(published.versions)} files written")
    if published.versions:
        _forget(target, outputs)
    try:
        smoke(target, outputs, site)
    except DeployError:
        target.say("… bringing the former pages back")
        published.undo()
        _forget(target, outputs)
        raise


def _forget(target: Target, outputs: dict[str, str]) -> None:
    """Has the edge forget its copies; the emulator's keeps none."""
    if target.local:
        return
    batch: Any = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": secrets.token_hex(8)}
    client = target.session.client("cloudfront")
    client.create_invalidation(DistributionId=outputs["Distribution"], InvalidationBatch=batch)
