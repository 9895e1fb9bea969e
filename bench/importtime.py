"""What `python -X importtime` prints: a line for each module, with the time of its own code."""

import re
import sys
from collections import Counter
from collections.abc import Container, Iterable
from datetime import timedelta
from typing import NamedTuple

STANDARD_LIBRARY = "standard library"
_LINE = re.compile(r"^import time: +(?P<own>\d+) \| +\d+ \| +(?P<module>\S+)$", re.MULTILINE)


class Imported(NamedTuple):
    """`own` is the module's time without that of the modules it imported."""

    module: str
    own: timedelta

    @property
    def package(self) -> str:
        package = self.module.partition(".")[0]
        return STANDARD_LIBRARY if package in sys.stdlib_module_names else package


def parse(printed: str) -> tuple[Imported, ...]:
    """Whatever else was printed is left out. A module that was tried twice is there twice."""
    return tuple(Imported(line["module"], timedelta(microseconds=int(line["own"]))) for line in _LINE.finditer(printed))


def without(imported: Iterable[Imported], modules: Container[str]) -> tuple[Imported, ...]:
    return tuple(each for each in imported if each.module not in modules)


def total(imported: Iterable[Imported]) -> timedelta:
    return sum((each.own for each in imported), timedelta())


def by_package(imported: Iterable[Imported]) -> dict[str, timedelta]:
    """Top-level packages, the longest first; the standard library counts as one."""
    microseconds: Counter[str] = Counter()
    for each in imported:
        microseconds[each.package] += each.own // timedelta(microseconds=1)
    return {package: timedelta(microseconds=own) for package, own in microseconds.most_common()}
