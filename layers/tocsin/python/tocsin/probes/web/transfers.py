"""Curl transfers in our loop: one `CurlMulti` for the whole process.

The multi handle holds the parsed certificate authorities; without sharing it, parsing them costs more than a check.
"""

from collections.abc import Callable

import pycurl

from tocsin.probes.loop import READ, WRITE, Loop, Timer

Done = Callable[[int, str], None]
"""Called with curl's error code (0: none) and its words."""

_EVENTS = {pycurl.POLL_IN: READ, pycurl.POLL_OUT: WRITE, pycurl.POLL_INOUT: READ | WRITE}
_READY = {READ: pycurl.CSELECT_IN, WRITE: pycurl.CSELECT_OUT, READ | WRITE: pycurl.CSELECT_IN | pycurl.CSELECT_OUT}


class Transfers:
    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._timer: Timer | None = None
        self._idle: list[pycurl.Curl] = []
        self._running: dict[pycurl.Curl, Done] = {}
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_PIPELINING, 0)
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)

    def handle(self) -> pycurl.Curl:
        """A handle with no option set. It goes back by `give_back`."""
        return self._idle.pop() if self._idle else pycurl.Curl()

    def give_back(self, curl: pycurl.Curl) -> None:
        curl.reset()
        self._idle.append(curl)

    def start(self, curl: pycurl.Curl, done: Done) -> None:
        self._running[curl] = done
        self._multi.add_handle(curl)

    def stop(self, curl: pycurl.Curl) -> None:
        """Before its end; `done` is not called."""
        if self._running.pop(curl, None):
            self._multi.remove_handle(curl)

    def _watch(self, event: int, descriptor: int, _multi: object, _data: object) -> None:
        if event in _EVENTS:
            self._loop.watch(descriptor, _EVENTS[event], self._ready)
        else:
            self._loop.forget(descriptor)

    def _set_timer(self, milliseconds: int) -> None:
        if self._timer:
            self._timer.cancelled = True
        self._timer = None if milliseconds < 0 else self._loop.after(milliseconds / 1000, self._timed_out)

    def _ready(self, descriptor: int, events: int) -> None:
        self._multi.socket_action(descriptor, _READY[events])
        self._finish()

    def _timed_out(self) -> None:
        self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        self._finish()

    def _finish(self) -> None:
        more = 1
        while more:
            more, succeeded, failed = self._multi.info_read()
            for curl in succeeded:
                self._end(curl, 0, "")
            for curl, code, words in failed:
                self._end(curl, code, words)

    def _end(self, curl: pycurl.Curl, code: int, words: str) -> None:
        done = self._running.pop(curl)
        self._multi.remove_handle(curl)
        done(code, words)
