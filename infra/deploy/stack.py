"""CloudFormation stacks by change set: nothing is touched that was not shown before."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mypy_boto3_cloudformation import CloudFormationClient

KEEP = object()  # the value of a parameter that the stack already has


class DeployError(Exception):
    """The deploy stopped; the text says why and what to do."""


class Stack:
    """One stack; *say* is told what happens, and each change unless *brief*."""

    def __init__(
        self, client: CloudFormationClient, name: str, say: Callable[[str], None], *, brief: bool = False
    ) -> None:
        self.client = client
        self.name = name
        self.say = say
        self.brief = brief

    def describe(self) -> dict[str, Any] | None:
        """The stack as CloudFormation has it; None where there is none yet."""
        try:
            found = self.client.describe_stacks(StackName=self.name)["Stacks"]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return None if found[0]["StackStatus"] == "REVIEW_IN_PROGRESS" else dict(found[0])

    def outputs(self) -> dict[str, str]:
        """The stack's outputs by name."""
        found = self.describe() or {}
        return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}

    def deploy(self, template: Path, parameters: dict[str, Any], confirm: Callable[[], bool] = lambda: True) -> bool:
        """Creates or updates the stack; False where nothing had to change. DeployError means it was rolled back."""
        exists = self.describe() is not None
        name = f"deploy-{int(time.time() * 1000)}"
        values: list[Any] = [
            {"ParameterKey": key, "UsePreviousValue": True}
            if value is KEEP
            else {"ParameterKey": key, "ParameterValue": value}
            for key, value in parameters.items()
        ]
        self.client.create_change_set(
            StackName=self.name,
            ChangeSetName=name,
            ChangeSetType="UPDATE" if exists else "CREATE",
            TemplateBody=template.read_text(),
            Parameters=values,
            Capabilities=["CAPABILITY_IAM"],
        )
        if not self._reviewed(name):
            self.say(f"{self.name}: nothing to change")
            return False
        if not confirm():
            self.client.delete_change_set(StackName=self.name, ChangeSetName=name)
            raise DeployError("Stopped before anything was changed.")
        self.client.execute_change_set(StackName=self.name, ChangeSetName=name)
        self._finished("UPDATE" if exists else "CREATE")
        return True

    def _reviewed(self, name: str) -> bool:
        """Waits for the change set and shows it; False where it is empty."""
        while True:
            found = self.client.describe_change_set(StackName=self.name, ChangeSetName=name)
            if found["Status"] == "CREATE_COMPLETE":
                break
            if found["Status"] == "FAILED":
                reason = found.get("StatusReason", "")
                self.client.delete_change_set(StackName=self.name, ChangeSetName=name)
                if "didn't contain changes" in reason or "No updates" in reason:
                    return False
                raise DeployError(f"{self.name}: the change set was refused: {reason}")
            time.sleep(1)
        if self.brief:
            return True
        for change in found["Changes"]:
            resource = change["ResourceChange"]
            replaced = ", replaces it" if resource.get("Replacement") == "True" else ""
            self.say(
                f"  {resource['Action']:<7} {resource['LogicalResourceId']} ({resource['ResourceType']}{replaced})"
            )
        return True

    def _finished(self, what: str) -> None:
        while True:
            found = self.describe() or {}
            status = found.get("StackStatus", "")
            if not status.endswith("_IN_PROGRESS"):
                break
            time.sleep(0.5)
        if status != f"{what}_COMPLETE":
            raise DeployError(f"{self.name}: {status}. {self._why()}")
        self.say(f"{self.name}: {status}")

    def _why(self) -> str:
        events = self.client.describe_stack_events(StackName=self.name)["StackEvents"]
        failed = [event for event in events if event.get("ResourceStatus", "").endswith("FAILED")]
        return "; ".join(
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}" for event in failed[:5]
        )
