"""Dead letters go back to their queue, once what made them fail is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .target import Target

QUEUES = {"DeadMailQueue": "MailQueue", "DeadEventQueue": "EventQueue"}


def redrive(target: Target) -> None:
    """Moves every dead letter of a stage; broken off, the next run moves the rest, and a job done twice mails once."""
    outputs = target.stack("app").outputs()
    client = target.session.client("sqs")
    for dead, queue in QUEUES.items():
        target.say(f"{dead}: {_moved(client, outputs[dead], outputs[queue])} back on {queue}")


def _moved(client: Any, dead: str, queue: str) -> int:
    """Sends first and deletes then, so that none is lost in between."""
    count = 0
    while found := client.receive_message(QueueUrl=dead, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages"):
        for each in found:
            client.send_message(QueueUrl=queue, MessageBody=each["Body"])
            client.delete_message(QueueUrl=dead, ReceiptHandle=each["ReceiptHandle"])
        count += len(found)
    return count
