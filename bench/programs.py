"""Programs of the machine that a bench compares with, or needs."""

import os
import shutil

from tocsin.errors import TocsinError


class MissingError(TocsinError):
    """The machine lacks it; the message says what to install."""


_PLACES = os.pathsep.join((os.environ["PATH"], "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/lib/nagios/plugins"))
"""Servers live where only root's PATH leads, Nagios's plugins on nobody's."""


def path_of(name: str, *, package: str) -> str:
    path = shutil.which(name, path=_PLACES)
    if path is None:
        raise MissingError(f"no {name} on this machine; on Debian: apt-get install {package}")
    return path
