"""When most of a run fails on the network at once, the fault may be the region's: its witnesses are asked."""

from collections.abc import Iterable

from tocsin.domain.checks import CheckResult, CheckState, Failure

NETWORK = frozenset({"lookup", "connect", "timeout", "tls"})
"""Failures that a region without a network would have with every target."""
ENOUGH = 3
"""So many monitors are checked before most of them says anything; fewer if the run checks no more."""

BLIND = "this region is blind: none of its witnesses answers"


def is_suspect(results: Iterable[CheckResult], to_check: int) -> bool:
    """Whether more than half of the monitors that this run has checked so far failed on the network.

    Of each monitor the latest result counts; inconclusive ones are no checks. `to_check` is how many monitors the run
    checks in all: in most minutes that is not the whole shard. When one was checked twice before enough others were,
    nobody waits for these: it is about to be called down.
    """
    counted = [result for result in results if result.state is not CheckState.INCONCLUSIVE]
    latest = {result.monitor_id: result for result in counted}
    failed = sum(failed_on_network(result) for result in latest.values())
    is_enough = len(latest) >= min(ENOUGH, to_check) or len(counted) > len(latest)
    return is_enough and 2 * failed > len(latest)


def failed_on_network(result: CheckResult) -> bool:
    return result.state is CheckState.DOWN and any(failure.expect in NETWORK for failure in result.failures)


def excused(result: CheckResult) -> CheckResult:
    """What a blind region makes of it: a failure on the network proves nothing, everything else was seen."""
    if not failed_on_network(result):
        return result
    failures = (Failure(expect="checker", message=BLIND),)
    return result.model_copy(update={"state": CheckState.INCONCLUSIVE, "failures": failures})
