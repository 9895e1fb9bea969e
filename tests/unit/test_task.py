"""Coroutines on our loop: they go on when what they wait for happens, and let go when they are stopped."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tocsin.probes.loop import READ, Loop
from tocsin.probes.task import Task, Wait, ready

Ended = list[Any]


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_task_goes_on_when_the_descriptor_is_ready(pair: tuple[socket.socket, socket.socket]) -> None:
    loop, ended = Loop(), Ended()
    ours, theirs = pair

    async def hear() -> bytes:
        await ready(loop, ours.fileno(), READ)
        return ours.recv(10)

    Task(hear(), ended.append).start()
    theirs.send(b"hello")
    loop.turn(30)

    assert ended == [b"hello"]


def test_a_wait_ends_with_its_limit(pair: tuple[socket.socket, socket.socket]) -> None:
    loop, ended = Loop(), Ended()

    Task(ready(loop, pair[0].fileno(), READ, 0.01), ended.append).start()
    while not ended:
        loop.turn(30)

    assert ended == [False]


def test_a_task_that_ends_without_waiting() -> None:
    ended = Ended()

    async def answer() -> int:
        return 42

    Task(answer(), ended.append).start()

    assert ended == [42]


def test_what_is_raised_is_handed_in() -> None:
    ended = Ended()

    async def fail() -> None:
        raise LookupError("nowhere")

    Task(fail(), ended.append).start()

    assert [repr(each) for each in ended] == ["LookupError('nowhere')"]


def test_a_stopped_task_cleans_up_and_hands_in_nothing(pair: tuple[socket.socket, socket.socket]) -> None:
    loop, ended, cleaned = Loop(), Ended(), Ended()
    ours, theirs = pair

    async def hear() -> None:
        try:
            await ready(loop, ours.fileno(), READ, 0.01)
        finally:
            cleaned.append("closed")

    task = Task(hear(), ended.append)
    task.start()
    task.stop()
    task.stop()
    theirs.send(b"too late")
    loop.turn(0.05)

    assert (ended, cleaned) == ([], ["closed"])


def test_what_calls_back_after_the_end_wakes_nobody() -> None:
    ended, wakers = Ended(), Ended()

    def begin(wake: Any) -> Any:
        wakers.append(wake)
        return lambda: None

    async def wait() -> str:
        return await Wait[str](begin)

    stopped = Task(wait(), ended.append)
    stopped.start()
    stopped.stop()
    wakers[0]("late")
    Task(wait(), ended.append).start()
    wakers[1]("in time")

    assert ended == ["in time"]
