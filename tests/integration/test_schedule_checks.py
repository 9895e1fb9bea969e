"""Each minute, every shard of the region is put into the queue."""

from types import ModuleType
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from tests.integration.conftest import LoadFunction
from tests.support.builders import NOON, after
from tests.support.tables import DIRECTORY, REGION
from tocsin.domain.check_plan import ShardDue
from tocsin.domain.placement import ShardList
from tocsin.errors import DeliveryError
from tocsin.publishers.check_queue import CheckQueue, sqs
from tocsin.settings import ScheduleChecksSettings
from tocsin.stores import keys
from tocsin.stores.table import Table, Write

pytestmark = pytest.mark.usefixtures("tables")

BEGAN = {"scheduled_at": f"{NOON:%Y-%m-%dT%H:%M:%SZ}"}


@pytest.fixture
def queue_url() -> str:
    return boto3.client("sqs").create_queue(QueueName="checks.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]


@pytest.fixture
def function(load_function: LoadFunction, queue_url: str) -> ModuleType:
    settings = ScheduleChecksSettings(home_region=REGION, directory_table=DIRECTORY, check_queue_url=queue_url)
    return load_function("schedule_checks", settings)


def placed(*shard_ids: str) -> None:
    listed = ShardList(region=REGION, fingerprints={shard_id: f"print-{shard_id}" for shard_id in shard_ids})
    Table(DIRECTORY).save([Write.put(keys.shard_list(REGION), listed)])


def queued(queue_url: str) -> list[ShardDue]:
    sqs = boto3.client("sqs")
    found: list[ShardDue] = []
    while messages := sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages"):
        found += [ShardDue.model_validate_json(message["Body"]) for message in messages]
    return found


def test_every_shard_is_due_for_the_minute_that_the_clock_says_however_late(
    function: ModuleType, queue_url: str
) -> None:
    shard_ids = [f"s{number}" for number in range(23)]
    placed(*shard_ids)

    function.handler(BEGAN, None)

    due = queued(queue_url)
    assert sorted(each.shard_id for each in due) == sorted(shard_ids)
    assert {each.region for each in due} == {REGION}
    assert {each.minute for each in due} == {NOON}
    assert {each.fingerprint for each in due} == {f"print-{shard_id}" for shard_id in shard_ids}


def test_a_clock_that_strikes_twice_for_a_minute_queues_it_once(function: ModuleType, queue_url: str) -> None:
    placed("s1", "s2")

    function.handler(BEGAN, None)
    function.handler(BEGAN, None)

    assert sorted(each.shard_id for each in queued(queue_url)) == ["s1", "s2"]


def test_the_next_minute_of_a_shard_waits_until_this_one_is_done(function: ModuleType, queue_url: str) -> None:
    placed("s1")
    function.handler(BEGAN, None)
    function.handler({"scheduled_at": f"{after(minutes=1):%Y-%m-%dT%H:%M:%SZ}"}, None)
    sqs = boto3.client("sqs")

    (first,) = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=1)["Messages"]

    assert "Messages" not in sqs.receive_message(QueueUrl=queue_url)
    sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=first["ReceiptHandle"])
    assert [each.minute for each in queued(queue_url)] == [after(minutes=1)]


def test_what_is_given_back_is_taken_again_at_once(function: ModuleType, queue_url: str) -> None:
    placed("s1")
    function.handler(BEGAN, None)
    (taken,) = boto3.client("sqs").receive_message(QueueUrl=queue_url)["Messages"]

    CheckQueue(queue_url).give_back(taken["ReceiptHandle"])

    assert [each.shard_id for each in queued(queue_url)] == ["s1"]


def test_a_region_without_shards_queues_nothing(function: ModuleType, queue_url: str) -> None:
    function.handler(BEGAN, None)

    assert queued(queue_url) == []


def test_a_shard_that_the_queue_refuses_is_an_error_and_the_rest_is_sent() -> None:
    due = [ShardDue(region=REGION, shard_id=f"s{number}", minute=NOON, fingerprint="f1") for number in range(12)]
    fault: Any = {"Id": "1", "SenderFault": False, "Code": "InternalError"}

    with Stubber(sqs()) as queue:
        queue.add_response("send_message_batch", {"Successful": [], "Failed": [fault]})
        queue.add_response("send_message_batch", {"Successful": [], "Failed": []})
        with pytest.raises(DeliveryError, match="1 of 12 shards are not queued: s1: InternalError"):
            CheckQueue("https://queue.example/checks").send(due)
        queue.assert_no_pending_responses()
