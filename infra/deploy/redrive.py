"""Dead letters go back to their queue, once what made them fail is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import DeployError

if TYPE_CHECKING:
    from .target import Target

QUEUES = {"DeadMailQueue": "MailQueue", "DeadEventQueue": "EventQueue"}


def redrive(target: Target) -> None:
    """Moves every dead letter of a stage; broken off, the next run moves the rest, and a job done twice mails once."""
    outputs = target.stack("app").outputs()
    if not QUEUES.keys() <= outputs.keys():
        raise DeployError(f"{target.stage} has no queues: its functions are taken down. Deploy first.")
    client = target.session.client("sqs")
    for dead, queue in QUEUES.items():
        count, again = moved(client, outputs[dead], outputs[queue])
        hint = ". Some failed again at once and stay: is the cause mended?" if again else _hidden(client, outputs[dead])
        target.say(f"{dead}: {count} back on {queue}{hint}")


def _hidden(client: Any, dead: str) -> str:
    name = "ApproximateNumberOfMessagesNotVisible"
    count = int(client.get_queue_attributes(QueueUrl=dead, AttributeNames=[name])["Attributes"][name])
    return f". {count} more are being looked at elsewhere: again in half a minute." if count else ""


def moved(client: Any, dead: str, queue: str) -> tuple[int, bool]:
    """How many, and whether one of them came back meanwhile: it keeps its id, and is not moved again.

    Sends first and deletes then, so that none is lost in between.
    """
    sent: set[str] = set()
    again = False
    while found := client.receive_message(QueueUrl=dead, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages"):
        fresh = [each for each in found if each["MessageId"] not in sent]
        again |= len(fresh) < len(found)
        if not fresh:
            break
        for each in fresh:
            sent.add(client.send_message(QueueUrl=queue, MessageBody=each["Body"])["MessageId"])
            client.delete_message(QueueUrl=dead, ReceiptHandle=each["ReceiptHandle"])
    return len(sent), again
