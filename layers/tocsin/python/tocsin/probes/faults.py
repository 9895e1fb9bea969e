"""Failures that are ours and say nothing about the target: the check is inconclusive."""

import errno
import re

from tocsin.domain.checks import Failure
from tocsin.errors import TocsinError

OURS = {
    errno.ENETUNREACH: "no network",
    errno.ENETDOWN: "the network is down",
    errno.EMFILE: "too many open files",
    errno.ENFILE: "too many open files",
    errno.ENOBUFS: "no buffers left",
    errno.ENOMEM: "no memory left",
    errno.EADDRNOTAVAIL: "no local port or address left",
}


def our_fault(message: str) -> Failure:
    return Failure(expect="checker", message=f"The checker itself failed: {message}")


def fault_in(error: Exception) -> Failure:
    """Of what went wrong while we worked; errors of our own are said in words already."""
    return our_fault(str(error) if isinstance(error, TocsinError) else f"{type(error).__name__}: {error}")


def too_slow_to_judge() -> Failure:
    return our_fault("the expectations take too long to evaluate; a simpler pattern is needed")


def no_expression(error: re.error) -> Failure:
    return our_fault(f"an expectation is not a regular expression: {error}")
