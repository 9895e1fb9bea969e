"""Asks name servers, in our loop: by UDP, by TCP for what does not fit, and once more for what was lost."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

from tocsin.domain.checks import Failure
from tocsin.domain.place import Place
from tocsin.probes.faults import our_fault
from tocsin.probes.loop import Loop, Timer
from tocsin.probes.names.line import Line
from tocsin.probes.names.message import Question, Reply

DNS_PORT = 53
FIRST_PAUSE = 1.0
"""Seconds until the next server is asked, or the same one again; then twice as many, and so on."""

_CROWDED_PAUSE = 0.1
_TRY_ANOTHER = {"SERVFAIL", "REFUSED", "NOTIMP", "FORMERR"}
"""What says more about the server than about the name."""


class Answer(NamedTuple):
    server: Place
    reply: Reply


Done = Callable[[Answer | Failure], None]


class Asking:
    """One question to servers in turn; `question` must have been checked.

    `done` is called once, unless it is stopped before. It waits for ever: the caller sets the limit.
    """

    def __init__(self, loop: Loop, question: Question, servers: Sequence[Place], done: Done) -> None:
        self._loop = loop
        self._question = question
        self._done = done
        self._next = list(servers)
        self._asked: list[Line] = []
        self._said: Answer | Failure | None = None
        self._pause = FIRST_PAUSE
        self._timer = Timer(lambda: None)

    def start(self) -> None:
        self._turn()

    def stop(self) -> None:
        self._timer.cancelled = True
        for line in self._asked:
            line.close()

    def silence(self, limit: timedelta) -> Failure:
        """Why there is no answer yet."""
        if not any(line.was_asked for line in self._asked):
            return our_fault(f"too many open files to ask for {self._question}")
        servers = " and ".join(str(line.server) for line in self._asked)
        unread = "; what came from there was no answer" if any(line.heard_nonsense for line in self._asked) else ""
        seconds = round(limit.total_seconds(), 1)
        message = f"No answer from the name server {servers} about {self._question} within {seconds:g} s{unread}"
        return Failure(expect="timeout", message=message)

    def _turn(self) -> None:
        lines = [line for line in self._asked if not line.is_closed]
        if self._next:
            lines = [Line(self._loop, self._next.pop(0), self._question, self._hear)]
            self._asked += lines
        went_out = [line.ask() for line in lines]
        if not all(went_out):
            self._timer = self._loop.after(_CROWDED_PAUSE, self._turn)
            return
        self._timer = self._loop.after(self._pause, self._turn)
        if not self._next:
            self._pause *= 2

    def _hear(self, line: Line, said: Reply | Failure) -> None:
        line.close()
        outcome = Answer(line.server, said) if isinstance(said, Reply) else self._said or said
        is_final = isinstance(said, Reply) and said.rcode not in _TRY_ANOTHER
        if is_final or not (self._next or any(not each.is_closed for each in self._asked)):
            self.stop()
            self._done(outcome)
        else:
            self._said = outcome
            self._ask_another()

    def _ask_another(self) -> None:
        if self._next:
            self._timer.cancelled = True
            self._turn()
