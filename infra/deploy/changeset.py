"""A change set: made, shown, then applied or thrown away."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from .errors import DeployError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_cloudformation import CloudFormationClient

KEEP = object()  # the value of a parameter that the stack already has


class ChangeSet:
    """What one deploy would do to the stack *name*."""

    def __init__(self, client: CloudFormationClient, stack: str) -> None:
        self.client = client
        self.stack = stack
        self.name = f"deploy-{int(time.time() * 1000)}"

    def create(
        self, kind: Any, template: str, parameters: dict[str, Any], guards: Sequence[str] = ()
    ) -> list[str] | None:
        """Has CloudFormation work it out: a line for each change, or None where there is none.

        An alarm among *guards* that goes off meanwhile, or in the two minutes after, has it all rolled back.
        """
        triggers: Any = [{"Arn": arn, "Type": "AWS::CloudWatch::Alarm"} for arn in guards]
        values: list[Any] = [
            {"ParameterKey": key, "UsePreviousValue": True}
            if value is KEEP
            else {"ParameterKey": key, "ParameterValue": value}
            for key, value in parameters.items()
        ]
        self.client.create_change_set(
            StackName=self.stack,
            ChangeSetName=self.name,
            ChangeSetType=kind,
            TemplateBody=template,
            Parameters=values,
            Capabilities=["CAPABILITY_IAM"],
            RollbackConfiguration={"RollbackTriggers": triggers, "MonitoringTimeInMinutes": 2 if guards else 0},
        )
        while (found := self._describe())["Status"] != "CREATE_COMPLETE":
            if found["Status"] == "FAILED":
                self._refused(found.get("StatusReason", ""))
                return None
            time.sleep(1)
        return [_line(change["ResourceChange"]) for change in found["Changes"]]

    def apply(self) -> None:
        """Starts it."""
        self.client.execute_change_set(StackName=self.stack, ChangeSetName=self.name)

    def discard(self) -> None:
        """Throws it away."""
        self.client.delete_change_set(StackName=self.stack, ChangeSetName=self.name)

    def _describe(self) -> dict[str, Any]:
        return dict(self.client.describe_change_set(StackName=self.stack, ChangeSetName=self.name))

    def _refused(self, reason: str) -> None:
        self.discard()
        if "didn't contain changes" not in reason and "No updates" not in reason:
            raise DeployError(f"{self.stack}: the change set was refused: {reason}")


def _line(resource: dict[str, Any]) -> str:
    replaced = ", REPLACES it" if resource.get("Replacement") == "True" else ""
    return f"  {resource['Action']:<7} {resource['LogicalResourceId']} ({resource['ResourceType']}{replaced})"
