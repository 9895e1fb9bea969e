"""One small event loop for every kind of check: sockets that became ready, and timers."""

import heapq
import select
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count

READ = select.POLLIN
WRITE = select.POLLOUT

_POLL_SECOND = 1 if sys.platform == "linux" else 1000
"""Of epoll's time, or of poll's, which other systems have."""

Ready = Callable[[int, int], None]
"""Called with the file descriptor and what it is ready for: READ, WRITE or both."""

_UNWATCHED: tuple[int, Ready] = (0, lambda _descriptor, _events: None)


class Timer:
    """Handed out by `Loop.after`; a cancelled one is never called."""

    def __init__(self, call: Callable[[], None]) -> None:
        self.call = call
        self.cancelled = False


class Loop:
    def __init__(self) -> None:
        self._selector = select.epoll() if sys.platform == "linux" else select.poll()
        self._watched: dict[int, tuple[int, Ready]] = {}
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = count()

    def watch(self, descriptor: int, events: int, ready: Ready) -> None:
        """From now on; replaces what the descriptor was watched for before."""
        if descriptor in self._watched:
            self._selector.modify(descriptor, events)
        else:
            self._selector.register(descriptor, events)
        self._watched[descriptor] = (events, ready)

    def forget(self, descriptor: int) -> None:
        if self._watched.pop(descriptor, None):
            # A descriptor that was closed meanwhile is not known any more.
            with suppress(OSError):
                self._selector.unregister(descriptor)

    def after(self, seconds: float, call: Callable[[], None]) -> Timer:
        timer = Timer(call)
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._order), timer))
        return timer

    def turn(self, at_most: float) -> None:
        """Waits once, `at_most` seconds, and calls whatever is ready."""
        for descriptor, found in self._selector.poll(self._patience(at_most) * _POLL_SECOND):
            # Whoever was called before may have let go of this one.
            watched, ready = self._watched.get(descriptor, _UNWATCHED)
            if events := _told(found) & watched:
                ready(descriptor, events)
        while self._timers and self._timers[0][0] <= time.monotonic():
            timer = heapq.heappop(self._timers)[2]
            if not timer.cancelled:
                timer.call()

    def _patience(self, at_most: float) -> float:
        while self._timers and self._timers[0][2].cancelled:
            heapq.heappop(self._timers)
        if not self._timers:
            return max(0.0, at_most)
        return max(0.0, min(at_most, self._timers[0][0] - time.monotonic()))


def _told(found: int) -> int:
    """An error makes a descriptor ready for everything: whoever reads or writes is told which."""
    return (READ if found & ~WRITE else 0) | (WRITE if found & ~READ else 0)
