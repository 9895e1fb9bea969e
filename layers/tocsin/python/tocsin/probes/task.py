"""Coroutines on our own loop: what takes several waits is written as one `async def`, without asyncio or threads.

    async def dialogue() -> str:
        if not await ready(loop, sock.fileno(), READ, limit=2.0):
            return "nothing within two seconds"
        return sock.recv(100).decode()

    task = Task(dialogue(), done)
    task.start()    # runs until its first wait; in the end `done` gets what is returned, or the exception
    task.stop()     # the coroutine's `finally` blocks run, `done` is not called

There is no time-out around a task: whoever waits says for how long, and so can say what was waited for.

A coroutine can wait for anything that calls back: `await Wait(begin)`, where `begin(wake)` sets it going, calls
`wake(value)` once, later (not before it returns), and returns what gives it up.
"""

from collections.abc import Callable, Coroutine, Generator
from typing import Any, Generic, TypeVar

from tocsin.probes.loop import Loop

T = TypeVar("T")

GiveUp = Callable[[], None]
Begin = Callable[[Callable[[T], None]], GiveUp]


class Wait(Generic[T]):
    def __init__(self, begin: Begin[T]) -> None:
        self.begin = begin

    def __await__(self) -> Generator["Wait[T]", T, T]:
        return (yield self)


class Task(Generic[T]):
    """`done` is called once, with the result or the exception, unless the task is stopped before."""

    def __init__(self, coroutine: Coroutine[Wait[Any], Any, T], done: Callable[[T | Exception], None]) -> None:
        self._coroutine = coroutine
        self._done = done
        self._give_up: GiveUp = _nothing
        self._over = False

    def start(self) -> None:
        self._go_on(None)

    def stop(self) -> None:
        if not self._over:
            self._over = True
            self._give_up()
            self._coroutine.close()

    def _go_on(self, value: object) -> None:
        if self._over:
            return
        self._give_up = _nothing
        try:
            wait = self._coroutine.send(value)
        except StopIteration as end:
            self._end(end.value)
        except Exception as error:
            self._end(error)
        else:
            self._give_up = wait.begin(self._go_on)

    def _end(self, result: T | Exception) -> None:
        self._over = True
        self._done(result)


async def ready(loop: Loop, descriptor: int, events: int, limit: float | None = None) -> bool:
    """Waits until the descriptor is ready for READ or WRITE; False when it is not within `limit` seconds."""

    def begin(wake: Callable[[bool], None]) -> GiveUp:
        def end(in_time: bool) -> None:
            give_up()
            wake(in_time)

        def give_up() -> None:
            loop.forget(descriptor)
            if timer:
                timer.cancelled = True

        timer = loop.after(limit, lambda: end(False)) if limit is not None else None
        loop.watch(descriptor, events, lambda _descriptor, _events: end(True))
        return give_up

    wait: Wait[bool] = Wait(begin)
    return await wait


def _nothing() -> None:
    return
