"""Access tokens, each fetched once for all the checks that need it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from tocsin.domain.check_kinds import OAuth2Auth
from tocsin.domain.checks import Failure
from tocsin.domain.oauth2 import Token, login_of
from tocsin.domain.targets import TargetRules
from tocsin.probes.attempt import Attempt
from tocsin.probes.loop import Loop

Done = Callable[[str | Failure], None]

_Key = tuple[OAuth2Auth, str, TargetRules]
"""With the client's secret, so that a rotated one is used at once."""


class Fetch(Protocol):
    def begin(self) -> None: ...

    def stop(self) -> None: ...


NewFetch = Callable[[OAuth2Auth, str, TargetRules, Callable[[Token | Failure], None]], Fetch]
"""For a login with its secret; it calls back once, with a token or why there is none."""


class Tokens:
    """Those of one process."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._kept: dict[_Key, tuple[str, datetime]] = {}
        self._fetches: dict[_Key, Fetch] = {}
        self._waiting: dict[_Key, list[_Wait]] = {}

    def get(self, attempt: Attempt, auth: OAuth2Auth, new: NewFetch, done: Done, refused: str = "") -> None:
        """A token that should still be good, and is not the one that was `refused`."""
        key = (auth, attempt.secret(auth.client_secret), attempt.rules)
        attempt.hide(login_of(auth, key[1]))
        token, until = self._kept.get(key, ("", attempt.now()))
        if token != refused and attempt.now() < until:
            done(token)
        else:
            self._wait(attempt, key, new, done)

    def _wait(self, attempt: Attempt, key: _Key, new: NewFetch, done: Done) -> None:
        wait = _Wait(self._loop, attempt, done, lambda: self._leave(key, wait))
        self._waiting.setdefault(key, []).append(wait)
        if key not in self._fetches:
            fetch = self._fetches[key] = new(*key, lambda found: self._fetched(key, found))
            fetch.begin()

    def _leave(self, key: _Key, wait: "_Wait") -> None:
        """A fetch that nobody waits for any more must not go on: the next run would find it late."""
        self._waiting[key].remove(wait)
        if not self._waiting[key]:
            self._fetches.pop(key).stop()

    def _fetched(self, key: _Key, found: Token | Failure) -> None:
        del self._fetches[key]
        for wait in self._waiting.pop(key):
            if isinstance(found, Token):
                self._kept[key] = (found.value, wait.attempt.now() + found.good_for)
            wait.end(found.value if isinstance(found, Token) else found)


class _Wait:
    """One check's wait for a token. `done` is called once, unless the check is stopped before."""

    def __init__(self, loop: Loop, attempt: Attempt, done: Done, leave: Callable[[], None]) -> None:
        self.attempt = attempt
        self._done = done
        self._leave = leave
        self._timer = loop.after(attempt.left().total_seconds(), self._give_up)
        attempt.on_stop(self._stop)

    def end(self, found: str | Failure) -> None:
        self._timer.cancelled = True
        self._done(found)

    def _stop(self) -> None:
        self._timer.cancelled = True
        self._leave()

    def _give_up(self) -> None:
        self._leave()
        limit = self.attempt.monitor.timeout / timedelta(seconds=1)
        self._done(Failure(expect="timeout", message=f"No token to log in with came within {limit:g} s"))
