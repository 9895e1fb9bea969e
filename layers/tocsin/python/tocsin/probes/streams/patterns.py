"""Regular expressions that are searched for in what a peer says, as it comes. They can take for ever: they must not."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

from tocsin.probes.attempt import Attempt
from tocsin.probes.failures import CheckFailedError
from tocsin.probes.faults import no_expression, too_slow_to_judge
from tocsin.probes.time_limit import TooSlowError, time_limit
from tocsin.probes.verdict import JUDGING_LIMIT

T = TypeVar("T")

_LEAST = timedelta(milliseconds=1)


class Patterns:
    """Those of one check: together they get as much time as one judgement."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._left = JUDGING_LIMIT

    def within_limit(self, search: Callable[[], T]) -> T:
        """Raises CheckFailedError, with a fault of ours, when it takes too long or is no regular expression."""
        began = self._attempt.elapsed()
        try:
            with time_limit(max(self._left, _LEAST)):
                return search()
        except TooSlowError:
            raise CheckFailedError(too_slow_to_judge()) from None
        except re.error as error:
            raise CheckFailedError(no_expression(error)) from None
        finally:
            self._left -= timedelta(seconds=self._attempt.elapsed() - began)

    def end_of(self, pattern: str, came: bytes) -> int | None:
        """Where the first match ends, in bytes; None when there is none."""
        return self.within_limit(partial(_end_of, pattern, came))


def _end_of(pattern: str, came: bytes) -> int | None:
    """Reading it takes its time, too, of a peer that sends byte by byte."""
    text = came.decode("utf-8", "surrogateescape")
    match = re.search(pattern, text)
    return len(text[: match.end()].encode("utf-8", "surrogateescape")) if match else None
