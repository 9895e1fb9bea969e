"""How long domains are registered for, by RDAP. Names are asked for as they stand; those of hosts are not registered.

Only what a registry says about a name can be bad news. A registry that does not answer, asks for patience or is not
known says nothing about it: the check is inconclusive.
"""

from datetime import datetime, timedelta

from tocsin.domain.check_kinds import DomainCheck, HttpCheck
from tocsin.domain.checks import Failure
from tocsin.domain.excerpts import excerpt
from tocsin.domain.expectations import Facts
from tocsin.domain.hops import first_hop
from tocsin.domain.rdap import Directory, Registration, directory, plain_name, question, registration, server_for
from tocsin.probes.attempt import Attempt, Outcome
from tocsin.probes.failures import CheckFailedError
from tocsin.probes.faults import our_fault
from tocsin.probes.reaching import perform
from tocsin.probes.tools import Tools
from tocsin.probes.web.answer import Answered
from tocsin.probes.web.asking import ask
from tocsin.probes.web.options import Terms

BOOTSTRAP = "https://data.iana.org/rdap/dns.json"
KEPT = timedelta(days=1)
_ACCEPTED = "application/rdap+json, application/json"
_TERMS = Terms(redirects=5)


class RegistrationProbe:
    """`bootstrap` is where the list of all registries' servers lies."""

    def __init__(self, tools: Tools, bootstrap: str = BOOTSTRAP) -> None:
        self._tools = tools
        self._bootstrap = bootstrap
        self._known: tuple[Directory, datetime] | None = None

    def start(self, attempt: Attempt) -> None:
        assert isinstance(attempt.monitor.check, DomainCheck)  # noqa: S101 -- the row of its kind leads here
        perform(attempt, self._outcome(attempt, attempt.monitor.check))

    async def _outcome(self, attempt: Attempt, check: DomainCheck) -> Outcome:
        try:
            name = plain_name(check.name)
            server = check.server or await self._registry(attempt, name)
            said = await self._asked(attempt, question(server, name))
            found = _registration(said, name)
            return Outcome(_ended(found, name, attempt), _facts(found, attempt.now()), said.timings)
        except CheckFailedError as error:
            return Outcome((error.failure,))
        except ValueError as error:
            return Outcome((our_fault(f"nothing is known about {check.name}: {error}"),))

    async def _registry(self, attempt: Attempt, name: str) -> str:
        """Raises ValueError for an end of a name that no registry has a server for."""
        if self._known is None or attempt.now() >= self._known[1]:
            said = await self._asked(attempt, self._bootstrap)
            known = directory(said.body) if said.status == 200 else {}
            if not known:
                raise ValueError(f"the list of registries cannot be read: status {said.status}, {excerpt(said.body)}")
            self._known = (known, attempt.now() + KEPT)
        server = server_for(name, self._known[0])
        if server is None:
            ending = name.rpartition(".")[2]
            raise ValueError(f"no RDAP server is known for .{ending}; if there is one, name it as `server`")
        return server

    async def _asked(self, attempt: Attempt, url: str) -> Answered:
        """Raises ValueError when there is no answer: that says nothing about the name."""
        hop = first_hop(HttpCheck(url=url, headers={"Accept": _ACCEPTED}), str)
        exchanged = await ask(hop, _TERMS, self._tools, attempt)
        if exchanged.failure or not exchanged.answer:
            raise ValueError(exchanged.failure.message if exchanged.failure else "there is no answer")
        return exchanged.answer._replace(timings=exchanged.timings)


def _registration(said: Answered, name: str) -> Registration:
    if said.status == 404:
        host = "; is it the name of a host? Name the domain that is registered" if name.count(".") > 1 else ""
        raise CheckFailedError(_failure(f"{name} is not registered, says the registry (status 404){host}"))
    if said.status == 429:
        raise ValueError("the registry has been asked too often (status 429)")
    found = registration(said.body) if said.status == 200 else None
    if found is None:
        raise ValueError(f"the registry answers with status {said.status}, {excerpt(said.body)}")
    return found


def _ended(found: Registration, name: str, attempt: Attempt) -> tuple[Failure, ...]:
    """Not every registry tells when a registration ends. Who expects to know must hear that nobody does."""
    if found.ends is None:
        wanted = attempt.monitor.looks_at("registration", "valid_for")
        return (our_fault(f"the registry does not tell how long {name} is registered for"),) if wanted else ()
    if found.ends <= attempt.now():
        return (_failure(f"The registration of {name} ended on {found.ends:%Y-%m-%d}"),)
    return ()


def _facts(found: Registration, now: datetime) -> Facts:
    ends = {} if found.ends is None else {"valid_for": (found.ends - now).total_seconds()}
    return {"registration": {**ends, "registrar": found.registrar, "status": list(found.status)}}


def _failure(message: str) -> Failure:
    return Failure(expect="registration", message=message)
