"""CloudFormation stacks by change set: nothing is touched that was not shown before."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from .changeset import KEEP, ChangeSet
from .errors import DeployError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mypy_boto3_cloudformation import CloudFormationClient

__all__ = ["KEEP", "Before", "DeployError", "Stack"]

SECRET = "****"  # noqa: S105  # what CloudFormation shows of a NoEcho parameter
BEGUN = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS")
FAILED_AT_FIRST = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED")


@dataclass(frozen=True)
class Before:
    """A stack as it was: enough to bring it back."""

    template: str
    parameters: dict[str, Any]

    def like(self, template: str, parameters: dict[str, Any]) -> bool:
        """Whether a deploy of these would change nothing; a secret that is given anew counts as a change."""
        return self.template == template and all(
            value is KEEP or self.parameters.get(key) == value for key, value in parameters.items()
        )


class Stack:
    """One stack; *say* is told what happens, and each change unless *brief*."""

    def __init__(
        self, client: CloudFormationClient, name: str, say: Callable[[str], None], *, brief: bool = False
    ) -> None:
        self.client = client
        self.name = name
        self.say = say
        self.brief = brief

    def describe(self, name: str = "") -> dict[str, Any] | None:
        """The stack as CloudFormation has it; None where there is none yet."""
        try:
            found = self.client.describe_stacks(StackName=name or self.name)["Stacks"]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return None if found[0]["StackStatus"] == "REVIEW_IN_PROGRESS" else dict(found[0])

    def outputs(self) -> dict[str, str]:
        """The stack's outputs by name."""
        found = self.describe() or {}
        return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}

    def before(self) -> Before | None:
        """The stack's present state for a later deploy(); None where there is nothing to go back to."""
        found = self.describe()
        if found is None or found["StackStatus"] in FAILED_AT_FIRST:
            return None
        body: Any = self.client.get_template(StackName=self.name, TemplateStage="Original")["TemplateBody"]
        values = {each["ParameterKey"]: each.get("ParameterValue", "") for each in found.get("Parameters", [])}
        return Before(str(body), {key: KEEP if value == SECRET else value for key, value in values.items()})

    def deploy(
        self,
        template: str,
        parameters: dict[str, Any],
        confirm: Callable[[], bool] = lambda: True,
        guards: Sequence[str] = (),
    ) -> bool:
        """Creates or updates the stack; False where nothing had to change. DeployError means it was rolled back."""
        kind = self._kind()
        before = self.before() if kind == "UPDATE" else None
        changes = ChangeSet(self.client, self.name)
        # The look at template and parameters saves a change set, which takes CloudFormation several seconds.
        shown = (
            None if before and before.like(template, parameters) else changes.create(kind, template, parameters, guards)
        )
        if shown is None:
            self.say(f"{self.name}: nothing to change")
            return False
        for line in [] if self.brief else shown:
            self.say(line)
        agreed = False
        try:
            agreed = confirm()
        finally:  # Ctrl-C at the question, too
            if not agreed:
                changes.discard()
        if not agreed:
            raise DeployError(
                f"{self.name}: stopped before it was changed. What was agreed to before stays; run it again to go on."
            )
        changes.apply()
        self._finished(f"{kind}_COMPLETE")
        return True

    def delete(self) -> None:
        """Deletes the stack and waits; nothing happens where there is none."""
        if found := self.describe():
            self.client.delete_stack(StackName=self.name)
            self._finished("DELETE_COMPLETE", found["StackId"])  # once it is gone only its id finds it

    def protect(self, on: bool) -> None:
        """Termination protection."""
        self.client.update_termination_protection(StackName=self.name, EnableTerminationProtection=on)

    def free(self) -> str:
        """The status, "" where there is no stack; DeployError while CloudFormation is still changing it."""
        status = str((self.describe() or {}).get("StackStatus", ""))
        if status.endswith("_IN_PROGRESS"):
            raise DeployError(f"{self.name} is being changed at this moment ({status}). Wait until that is done.")
        return status

    def _kind(self) -> str:
        """Whether to create or to update; clears away what a failed first try left."""
        status = self.free()
        if status == "UPDATE_ROLLBACK_FAILED":
            command = f"aws cloudformation continue-update-rollback --stack-name {self.name}"
            raise DeployError(f"{self.name} is stuck ({status}). Run  {command}  and deploy again.")
        if status in FAILED_AT_FIRST:
            self.say(f"{self.name}: removing what a failed try left ({status})")
            self.delete()
        return "CREATE" if status in {"", "DELETE_COMPLETE", *FAILED_AT_FIRST} else "UPDATE"

    def _finished(self, wanted: str, name: str = "") -> None:
        while (status := (self.describe(name) or {}).get("StackStatus", wanted)).endswith("_IN_PROGRESS"):
            time.sleep(0.5)
        if status != wanted:
            raise DeployError(f"{self.name}: {status}. {self._why()}")
        self.say(f"{self.name}: {status}")

    def _why(self) -> str:
        """What failed since the stack was last begun with, the cause before what it brought down."""
        causes: list[str] = []
        own = ""
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=self.name)
        for event in (each for page in pages for each in page["StackEvents"]):  # the newest first
            status, reason = event.get("ResourceStatus", ""), event.get("ResourceStatusReason", "")
            if event["LogicalResourceId"] == self.name:
                if status in BEGUN:
                    break
                own = reason or own  # an alarm, where no resource failed
            elif status.endswith("FAILED") and "cancelled" not in reason:
                causes.insert(0, f"{event['LogicalResourceId']}: {reason}")
        return "; ".join(causes[:5]) or own
