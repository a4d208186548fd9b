"""Kill or fail any step, in any order: nothing is lost, nothing is half done, nothing lies (R25, R28, R88, X42)."""

import json
import time
from collections import Counter
from typing import Any

import httpx
import pytest
from aws_lambda_powertools import Logger, Metrics
from conftest import Customer, Inbox
from logs import log_lines
from proof import amount, tally
from story import Story
from world import World, calm

from infra.local.cloud import Cloud
from reset.worker import Worker

RUNS = amount(60, 1000)


@pytest.mark.timeout(1800)
def test_no_fault_breaks_a_promise(cloud: Cloud) -> None:
    """R25, R28, X42: seeded stories with faults at every call to AWS, then a calm, then the checks."""
    dynamodb, seen, failed = cloud.session.client("dynamodb"), Counter(), Counter()
    for seed in range(RUNS):
        world = World(dynamodb, cloud.outputs, seed)
        story = Story(world, seed, rate=0.12)
        try:
            story.run()
            assert not world.queue.dead, "this many tries must be enough"
            story.check()
        except AssertionError as error:
            raise AssertionError(f"seed {seed}") from error
        seen += world.faults.seen
        failed += story.failed
    assert len(seen) > 20, "too few kinds of faults to prove anything"
    assert min(failed["asked"], failed["changed"]) > RUNS / 12, f"too few broken deliveries: {failed}"
    tally("faults", runs=RUNS, faults=seen.total(), kinds=len(seen))


def test_a_poison_job_ends_in_the_dead_letter_queue(
    cloud: Cloud, visitor: httpx.Client, inbox: Inbox, customer: Customer
) -> None:
    """I09, R88: over the real queue; the good job beside it is done, and nothing of the poison is logged."""
    sqs: Any = cloud.session.client("sqs")
    mails, dead = cloud.outputs["MailQueue"], cloud.outputs["DeadMailQueue"]
    before = sqs.get_queue_attributes(QueueUrl=mails, AttributeNames=["VisibilityTimeout"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=mails, Attributes={"VisibilityTimeout": "1"})
    bodies: list[Any] = [{"job": "Zq7Poison"}, ["Zq7Poison"], {"job": "asked"}, {"job": "asked", "mail": "Zq7Poison"}]
    bodies.append({"job": "x", "mail": {"tags": ["Zq7Poison"]}})
    poison = ["Zq7Poison", *map(json.dumps, [*bodies, {"job": "asked", "vorgang": "Zq7Poison"}])]
    found: list[str] = []
    try:
        for body in poison:
            sqs.send_message(QueueUrl=mails, MessageBody=body)
        visitor.post("/api/forgot", data={"username": customer.username})
        inbox.wait(customer.username)
        deadline = time.monotonic() + 120
        while len(found) < len(poison) and time.monotonic() < deadline:
            answer = sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in answer.get("Messages", ()):
                found.append(message["Body"])
                sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
    finally:
        sqs.set_queue_attributes(QueueUrl=mails, Attributes=before)
    assert sorted(found) == sorted(poison)
    assert "Zq7Poison" not in "\n".join(log_lines(cloud))


def test_an_outage_loses_no_mail_and_no_link(cloud: Cloud) -> None:
    """R88: SES refuses for longer than the queue tries; the older link lives, and the job waits to be sent again."""
    for seed in range(amount(3, 50)):
        world = World(cloud.session.client("dynamodb"), cloud.outputs, seed)
        name = world.customer()
        world.service.forgot(world.request(), name)
        world.drain()
        world.service.forgot(world.request(), name)
        sending, world.post.send_email = world.post.send_email, _refuse  # type: ignore[method-assign,assignment]
        world.drain()
        world.post.send_email = sending  # type: ignore[method-assign]
        (job,) = world.queue.dead
        (mail,) = world.mails(name)
        assert world.opens(name, mail.token or "")
        world.queue.waiting.append(job | {"tries": 0, "at": 0})
        world.drain()
        assert [mail.vorgang for mail in world.mails(name)] == [mail.vorgang, job["body"]["vorgang"]]
        assert world.opens(name, world.mails(name)[-1].token or "")


def test_only_the_event_queue_speaks_for_ses(cloud: Cloud) -> None:
    """I09: plain words to a new topic, once at the first deploy, wake nobody; what the desk may write to is not SES."""
    world = calm(cloud.session, cloud.outputs)
    feedback = world.feedback()
    metrics = Metrics(namespace="Kennwort", service="worker")
    worker = Worker(world.delivery, feedback, Logger(service="worker"), metrics, "arn:events")
    greeting, event = "Successfully validated SNS topic for Amazon SES event publishing.", '{"eventType": "Send"}'
    said = [("arn:events", greeting), ("arn:events", "Zq7Poison"), ("arn:events", event), ("arn:mails", event)]
    records = [
        {"messageId": str(number), "eventSource": "aws:sqs", "eventSourceARN": queue, "body": body}
        for number, (queue, body) in enumerate(said)
    ]
    answer = worker.handle({"Records": records}, None)  # type: ignore[arg-type]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "3"}]}


def _refuse(**_: Any) -> dict[str, str]:
    raise RuntimeError
