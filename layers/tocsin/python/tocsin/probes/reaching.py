"""Steps that probes share: a check that is a coroutine, and the way to whom it asks."""

from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from tocsin.domain.checks import Failure
from tocsin.domain.expectations import Facts
from tocsin.domain.place import Place
from tocsin.probes.attempt import Attempt, Outcome
from tocsin.probes.failures import CheckFailedError
from tocsin.probes.faults import fault_in
from tocsin.probes.names.resolve import Addresses
from tocsin.probes.progress import Progress
from tocsin.probes.task import Task, Wait
from tocsin.probes.tools import Tools

Finding = Callable[[Progress], Awaitable[Facts]]


def run(attempt: Attempt, find: Finding) -> None:
    """Ends the attempt with the facts that `find` returns, or the failure of its CheckFailedError."""
    perform(attempt, _outcome(attempt, find))


def perform(attempt: Attempt, outcome: Coroutine[Wait[Any], Any, Outcome]) -> None:
    """Ends the attempt with what the coroutine returns; what else it raises is our fault."""
    task = Task(outcome, partial(_end, attempt))
    attempt.on_stop(task.stop)
    task.start()


def place_of(text: str, default_port: int | None = None) -> Place:
    try:
        return Place.parse(text, default_port)
    except ValueError as error:
        raise CheckFailedError(Failure(expect="address", message=str(error))) from None


async def addresses_of(place: Place, tools: Tools, attempt: Attempt) -> Addresses:
    """Not yet judged."""
    left = attempt.left()
    found: Addresses | Failure = await Wait(lambda wake: tools.lookups.find(place.host, left, wake).stop)
    if isinstance(found, Failure):
        raise CheckFailedError(found)
    return found


async def address_of(place: Place, tools: Tools, attempt: Attempt) -> str:
    """The first address of a host that may be sent to."""
    found = await addresses_of(place, tools, attempt)
    refusals = {address: attempt.rules.refusal(address, place.port) for address in found}
    allowed = next((address for address, refusal in refusals.items() if refusal is None), None)
    if allowed is None:
        address, refusal = next(iter(refusals.items()))
        raise CheckFailedError(Failure(expect="address", message=f"{place.host} is at {address}, {refusal}"))
    return allowed


async def _outcome(attempt: Attempt, find: Finding) -> Outcome:
    progress = Progress(attempt)
    try:
        facts = await find(progress)
    except CheckFailedError as error:
        return Outcome((error.failure,), timings=progress.timings)
    return Outcome(facts=facts, timings=progress.timings)


def _end(attempt: Attempt, outcome: Outcome | Exception) -> None:
    if isinstance(outcome, Exception):
        outcome = Outcome((fault_in(outcome),))
    attempt.guard(attempt.end, outcome)
