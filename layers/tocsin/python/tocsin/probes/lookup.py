"""Names become addresses in threads of our own.

Curl has 20 for that, and each name takes two: ten names whose servers do not answer would hold up every other check.
"""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from queue import SimpleQueue

from tocsin.domain.checks import Failure
from tocsin.probes.faults import our_fault
from tocsin.probes.loop import READ, Loop, Timer
from tocsin.probes.resolve import Addresses, is_address, resolve

THREADS = 100
_SHARED_FOR = timedelta(seconds=5)
"""Checks of the same name that begin within this time share a lookup."""

Done = Callable[[Addresses | Failure], None]


class Lookup:
    """One check's wait for addresses. `done` is called once, unless it is stopped before."""

    def __init__(self, done: Done) -> None:
        self._done = done
        self.timer = Timer(lambda: None)

    def stop(self) -> None:
        self.timer.cancelled = True
        self._done = _nobody

    def end(self, found: Addresses | Failure) -> None:
        done = self._done
        self.stop()
        done(found)


class Lookups:
    """Every `done` is called in the loop's thread, `ask` in another."""

    def __init__(self, loop: Loop, ask: Callable[[str], Addresses | Failure] = resolve) -> None:
        self._loop = loop
        self._ask = ask
        self._threads = 0
        self._unanswered = 0
        self._shared: dict[str, _Question] = {}
        self._asked: SimpleQueue[_Question] = SimpleQueue()
        self._answered: SimpleQueue[_Question] = SimpleQueue()
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        loop.watch(self._woken, READ, self._hand_out)

    def find(self, host: str, limit: timedelta, done: Done) -> Lookup:
        """The addresses of `host`, or why there are none within `limit`."""
        lookup = Lookup(done)
        if is_address(host):
            lookup.timer = self._loop.after(0, partial(lookup.end, (host,)))
            return lookup
        question = self._question(host)
        question.waiting.append(lookup)
        lookup.timer = self._loop.after(limit.total_seconds(), lambda: lookup.end(_took_too_long(question, limit)))
        return lookup

    def _question(self, host: str) -> "_Question":
        known = self._shared.get(host)
        if known and time.monotonic() - known.asked_at < _SHARED_FOR.total_seconds():
            return known
        question = self._shared[host] = _Question(host)
        self._unanswered += 1
        if self._threads < min(self._unanswered, THREADS):
            self._threads += 1
            threading.Thread(target=self._answer, daemon=True).start()
        self._asked.put(question)
        return question

    def _answer(self) -> None:
        while True:
            question = self._asked.get()
            question.begun = True
            question.answer = self._ask(question.host)
            self._answered.put(question)
            with suppress(BlockingIOError):
                os.write(self._waker, b"!")

    def _hand_out(self, _descriptor: int, _events: int) -> None:
        os.read(self._woken, 4096)
        while not self._answered.empty():
            question = self._answered.get()
            self._unanswered -= 1
            if self._shared.get(question.host) is question:
                del self._shared[question.host]
            for lookup in question.waiting:
                lookup.end(question.answer)


class _Question:
    """A name, and everybody who waits for its addresses."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.asked_at = time.monotonic()
        self.begun = False
        self.answer: Addresses | Failure = ()
        self.waiting: list[Lookup] = []


def _nobody(_found: Addresses | Failure) -> None:
    return


def _took_too_long(question: _Question, limit: timedelta) -> Failure:
    if not question.begun:
        return our_fault(f"too many names are being looked up to begin with {question.host}")
    seconds = round(limit.total_seconds(), 1)
    message = f"No answer to the lookup of the name {question.host} within {seconds:g} s"
    return Failure(expect="timeout", message=message)
