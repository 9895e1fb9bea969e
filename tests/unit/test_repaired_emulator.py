"""What the emulator is repaired to do, where no deployment is needed to see it."""

from typing import Any

import pytest

from tests.support.builders import after
from tocsin.cli.local import repaired_emulator

TARGET = {"Arn": "a function", "Input": '{"scheduled_at":"<aws.scheduler.scheduled-time>"}'}


@pytest.fixture
def invoked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    targets: list[dict[str, Any]] = []
    monkeypatch.setattr(repaired_emulator, "_invoke_target", lambda target, *_: targets.append(target))
    return targets


def test_a_schedule_tells_the_minute_it_was_for(invoked: list[dict[str, Any]]) -> None:
    fired = {"Source": "aws.scheduler", "Time": after(seconds=58.7).timestamp()}

    repaired_emulator._invoke_target_as_scheduled(TARGET, fired, {})

    assert invoked == [TARGET | {"Input": '{"scheduled_at":"2026-03-02T12:00:00Z"}'}]


def test_what_is_no_schedule_is_told_what_is_written(invoked: list[dict[str, Any]]) -> None:
    repaired_emulator._invoke_target_as_scheduled(TARGET, {"Source": "tocsin", "Time": None}, {})

    assert invoked == [TARGET]
