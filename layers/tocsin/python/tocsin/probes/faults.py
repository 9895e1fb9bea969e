"""Failures that are ours and say nothing about the target: the check is inconclusive."""

import errno

from tocsin.domain.checks import Failure

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
