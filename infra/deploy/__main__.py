"""`make deploy` and `make destroy`: python -m infra.deploy COMMAND --stage STAGE."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from functools import partial
from typing import Any

import boto3

from .code import stands
from .destroy import destroy, destroy_state
from .dns import announce
from .errors import DeployError
from .facts import ROOT, read_facts
from .preflight import preflight
from .program import deploy
from .redrive import redrive
from .rehearsal import REGION, Rehearsal
from .rotate import rotate
from .smoke import visit_aws
from .target import Options, Target, chosen_for
from .trouble import in_words

COMMANDS = ("deploy", "check", "rotate", "redrive", "outputs", "destroy")


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; 1 with a plain sentence where something is in the way."""
    given = _parser().parse_args(arguments)
    try:
        _run(given)
        if sys.stdout:  # None where the caller has closed it
            sys.stdout.flush()
    except (KeyboardInterrupt, EOFError):  # Ctrl-C, or Ctrl-D at a question
        print("\nStopped. Run the same command again; what CloudFormation has begun, it ends.", file=sys.stderr)
        return 1
    except BrokenPipeError:  # `… | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or the interpreter's own last write leaves a stack trace
        return 1
    except Exception as error:
        if (text := in_words(error)) is None:
            raise
        print(f"\n{text}", file=sys.stderr)
        return 1
    return 0


def _run(given: argparse.Namespace) -> None:
    facts = read_facts()
    target = _target(given, facts)
    if given.command in ("deploy", "check"):
        _checked(target, facts)
    elif given.command != "destroy" or not stands(target):
        target.must_exist()
    if given.command == "check":
        print("Nothing is in the way of a deploy.")
    if given.command == "deploy":
        outputs = deploy(target)
        announce(target, outputs, str(facts["sender_address"]).rpartition("@")[2])
        print(f"\nDeployed: {target.public_url(outputs)}/")
    elif given.command == "rotate":
        rotate(target)
        if target.ready:
            target.ready(target.stack("app").outputs())
    elif given.command == "redrive":
        redrive(target)
    elif given.command == "outputs":
        print("\n".join(_shell(target)))
    elif given.command == "destroy":
        _destroy(target, given)


def _checked(target: Target, facts: dict[str, Any]) -> None:
    found = preflight(target, facts)
    for note in found.notes:
        print(f"· {note}")
    if found.faults:
        raise DeployError("Nothing was changed. To mend first:\n" + "\n".join(f"- {fault}" for fault in found.faults))


def _destroy(target: Target, given: argparse.Namespace) -> None:
    if not (given.yes or _typed(f"This deletes the site and the functions of {target.stage}.", target.stage)):
        raise DeployError("Stopped before anything was changed.")
    state = given.state == "delete"
    if state and not sys.stdin.isatty():
        raise DeployError("This deletes every account for good. Only somebody at a terminal can say yes to that.")
    if state and not _typed(f"This deletes EVERY ACCOUNT of {target.stage} for good.", f"delete {target.stage}"):
        raise DeployError("Stopped before anything was changed.")
    destroy(target)
    if state:
        destroy_state(target)
    else:
        target.say(f"The tables, keys and the sender of {target.stage} stay (stack kennwort-{target.stage}-state).")


def _shell(target: Target) -> list[str]:
    """The stage for a shell: eval "$(…)", and the runbook's `aws` commands find everything."""
    region = str(target.session.region_name)
    values = {"AWS_REGION": region, "AWS_DEFAULT_REGION": region, "AWS_PAGER": "", "STAGE": target.stage}
    if (profile := target.session.profile_name) != "default":
        values["AWS_PROFILE"] = profile
    if target.local:
        values |= {"AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"]}
        values |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "test")
    for part in ("state", "app", "watch"):
        values |= target.stack(part).outputs()
    return [f"export {name}={shlex.quote(value)}" for name, value in values.items()]


def _target(given: argparse.Namespace, facts: dict[str, Any]) -> Target:
    chosen = chosen_for(facts, given.stage)
    names = ("domain", "certificate", "zone", "alarm_mail", "firewall")
    options = Options.read(facts, given.stage, {name: getattr(given, name) for name in names})
    confirm = partial(_typed, "Apply these changes?", "yes") if not given.yes else lambda: True
    if given.local is not None:
        if region := given.region:
            print(f"· a rehearsal stays in {REGION}, {region} is AWS's", file=sys.stderr)
        home = Rehearsal(ROOT / ".local" / str(given.local))
        build = home.file.parent / f"build-{given.stage}"
        place: dict[str, Any] = {"local": True, "ready": home.ready, "visit": home.visit, "patience": 20}
        return Target(home.session, given.stage, home.url, build=build, confirm=confirm, options=options, **place)
    profile, region = given.profile or chosen.get("profile"), given.region or chosen.get("region")
    session = boto3.Session(profile_name=profile, region_name=region)
    return Target(session, given.stage, confirm=confirm, options=options, visit=visit_aws)


def _typed(question: str, wanted: str) -> bool:
    if not sys.stdin.isatty():
        print(f"{question} Nobody can be asked here; --yes says yes beforehand.", file=sys.stderr)
        return False
    return input(f"{question} Type  {wanted}  to go on: ").strip() == wanted


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description=__doc__)
    parser.add_argument("command", nargs="?", choices=COMMANDS, default="deploy")
    parser.add_argument("--stage", required=True, help="such as prod or test")
    parser.add_argument("--region", help="default: the profile's or AWS_DEFAULT_REGION")
    parser.add_argument("--profile", help="of ~/.aws/config")
    parser.add_argument("--yes", action="store_true", help="apply change sets unasked (CI)")
    parser.add_argument("--state", choices=("keep", "delete"), default="keep", help="destroy: accounts and keys too")
    parser.add_argument("--local", type=int, metavar="PORT", help="rehearse in the local cloud of `make serve PORT=…`")
    for name in ("domain", "certificate", "zone", "alarm-mail", "firewall"):
        parser.add_argument(f"--{name}", help="see infra/README.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
