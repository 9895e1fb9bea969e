"""One small event loop for every kind of check: sockets that became ready, and timers."""

import heapq
import selectors
import time
from collections.abc import Callable
from itertools import count

READ = selectors.EVENT_READ
WRITE = selectors.EVENT_WRITE

Ready = Callable[[int, int], None]
"""Called with the file descriptor and what it is ready for: READ, WRITE or both."""


class Timer:
    """Handed out by `Loop.after`; a cancelled one is never called."""

    def __init__(self, call: Callable[[], None]) -> None:
        self.call = call
        self.cancelled = False


class Loop:
    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = count()

    def watch(self, descriptor: int, events: int, ready: Ready) -> None:
        """From now on; replaces what the descriptor was watched for before."""
        if descriptor in self._selector.get_map():
            self._selector.modify(descriptor, events, ready)
        else:
            self._selector.register(descriptor, events, ready)

    def forget(self, descriptor: int) -> None:
        if descriptor in self._selector.get_map():
            self._selector.unregister(descriptor)

    def after(self, seconds: float, call: Callable[[], None]) -> Timer:
        timer = Timer(call)
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._order), timer))
        return timer

    def turn(self, at_most: float) -> None:
        """Waits once, `at_most` seconds, and calls whatever is ready."""
        for key, events in self._selector.select(self._patience(at_most)):
            key.data(key.fd, events)
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
