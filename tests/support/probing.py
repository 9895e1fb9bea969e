"""One check by a real prober, and what it found without what differs from run to run."""

import re
from datetime import datetime, timedelta
from typing import Any

from tests.support.builders import NOON, a_monitor
from tocsin.domain.check_kinds import Check, HttpCheck
from tocsin.domain.checks import CheckResult
from tocsin.domain.targets import TargetRules
from tocsin.probes.prober import Prober

LOOPBACK_ALLOWED = TargetRules(allow_private=True)
SHORT = timedelta(milliseconds=300)
LONG = timedelta(seconds=30)
PEER = "localhost:PORT (127.0.0.1)"


def check_http(
    prober: Prober,
    url: str,
    rules: TargetRules = LOOPBACK_ALLOWED,
    timeout: timedelta = LONG,
    now: datetime = NOON,
    **fields: Any,
) -> CheckResult:
    """`fields` are those of HttpCheck, and `expect` of the monitor."""
    expect = fields.pop("expect", ())
    return check(prober, HttpCheck.model_validate({"url": url} | fields), rules, timeout, now, expect=expect)


def check(
    prober: Prober,
    what: Check,
    rules: TargetRules = LOOPBACK_ALLOWED,
    timeout: timedelta = LONG,
    now: datetime = NOON,
    **fields: Any,
) -> CheckResult:
    """`fields` are the monitor's."""
    (result,) = prober.check_all([a_monitor(check=what, timeout=timeout, **fields)], now=now, rules=rules)
    return result


def told(result: CheckResult) -> list[tuple[str, str]]:
    """What was expected and what was found."""
    return [(failure.expect, steady(failure.message)) for failure in result.failures]


def steady(message: str) -> str:
    without_ports = re.sub(r"(localhost|127\.0\.0\.1):\d+", r"\1:PORT", message)
    without_dates = re.sub(r"\w{3} +\d+ [\d:]{8} \d{4} GMT", "DATE", without_ports)
    return re.sub(r"\d+ ms", "N ms", without_dates)
