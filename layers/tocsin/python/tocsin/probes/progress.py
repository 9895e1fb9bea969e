"""How far a dialogue has come, so that its end can be explained to somebody who was asleep a minute ago."""

from tocsin.domain.checks import Failure
from tocsin.domain.excerpts import excerpt
from tocsin.domain.timings import Timings
from tocsin.probes.attempt import Attempt
from tocsin.probes.failures import CheckFailedError
from tocsin.probes.faults import OURS, our_fault


class Progress:
    """`peer` is who it is with, as in a message; `unread` what came and is not yet read, `read` the last that is."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._reached: dict[str, float] = {}
        self.peer = ""
        self.unread = b""
        self.read = b""

    @property
    def timings(self) -> Timings:
        return Timings.model_validate(self._reached | {"total": self._now()})

    def reached(self, phase: str) -> None:
        """For the first time."""
        self._reached.setdefault(phase, self._now())

    def secured(self) -> None:
        """What came before the handshake does not count as the first byte."""
        self._reached.pop("first_byte", None)
        self.reached("tls")

    def late(self, what: str) -> CheckFailedError:
        """`what` as in "No … within 10 s"."""
        limit = self._attempt.monitor.timeout.total_seconds()
        return failed("timeout", f"No {what} {self.peer} within {limit:g} s: {self._so_far()}")

    def closed(self, what: str) -> CheckFailedError:
        """`what` as in "closed the connection before …"."""
        return failed("response", f"{self.peer} closed the connection {self._when(what)}")

    def broken(self, what: str, error: OSError) -> CheckFailedError:
        if error.errno in OURS:
            return CheckFailedError(our_fault(f"{OURS[error.errno]} on the way to {self.peer}"))
        if isinstance(error, ConnectionResetError | BrokenPipeError):
            return failed("response", f"{self.peer} reset the connection {self._when(what)}")
        words = getattr(error, "reason", None) or error.strerror or str(error)
        return failed("response", f"The connection to {self.peer} broke {self._when(what)}: {words}")

    def _when(self, what: str) -> str:
        if self.unread:
            return f"before {what} was complete, after {seen(self.unread)}"
        return f"before {what}" + (f"; the last that came was {seen(self.read)}" if self.read else "")

    def _so_far(self) -> str:
        if self.unread:
            return f"only {seen(self.unread)} came"
        if self.read:
            return f"the last that came was {seen(self.read)}"
        if "tls" in self._reached:
            return f"the TLS handshake was done after {self._reached['tls']:.0f} ms, then nothing came"
        return f"it took the connection after {self._reached['connect']:.0f} ms, then nothing came"

    def _now(self) -> float:
        return round(self._attempt.elapsed() * 1000, 1)


def failed(expect: str, message: str) -> CheckFailedError:
    return CheckFailedError(Failure(expect=expect, message=message))


def seen(data: bytes) -> str:
    """The beginning of what a peer said, as in a message."""
    text = data.decode("utf-8", "replace")
    return excerpt("".join(each if each.isprintable() or each.isspace() else "�" for each in text))
