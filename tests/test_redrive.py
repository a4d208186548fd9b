"""`redrive` as an operator types it: it ends, whatever the letters do, and says what to do next."""

import sys

from terminal import typed

from infra.deploy.redrive import _hidden, moved
from infra.local.cloud import Cloud


def test_a_letter_that_fails_again_at_once_ends_the_run(cloud: Cloud) -> None:
    """Its cause is not mended: moving it again and again would never end. Here every letter comes back by itself."""
    sqs = cloud.session.client("sqs")
    letters = sqs.create_queue(QueueName="letters")["QueueUrl"]
    for number in range(12):
        sqs.send_message(QueueUrl=letters, MessageBody=str(number))
    assert moved(sqs, letters, letters) == (12, True)
    empty = sqs.create_queue(QueueName="no-letters")["QueueUrl"]
    assert moved(sqs, empty, letters) == (0, False)


def test_a_letter_that_is_out_of_sight_is_told(cloud: Cloud) -> None:
    """Looked at elsewhere, or its answer got lost on the way here: it is not gone, and the run did not move it."""
    sqs = cloud.session.client("sqs")
    letters = sqs.create_queue(QueueName="hidden-letters")["QueueUrl"]
    assert _hidden(sqs, letters) == ""
    sqs.send_message(QueueUrl=letters, MessageBody="x")
    assert sqs.receive_message(QueueUrl=letters)["Messages"]
    assert moved(sqs, letters, letters) == (0, False)
    assert "1 more are being looked at elsewhere" in _hidden(sqs, letters)


def test_who_breaks_off_is_told_to_run_it_again(cloud: Cloud) -> None:
    """Whichever command it was."""
    words = [sys.executable, "-m", "infra.deploy", "destroy", "--stage", "local", "--local", str(cloud.port)]
    code, seen = typed(words, [("to go on:", b"\x03")])
    assert (code, "Run the same command again" in seen) == (1, True)
