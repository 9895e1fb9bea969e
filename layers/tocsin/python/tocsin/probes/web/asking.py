"""A request of a check that is a coroutine: of those whose protocol travels over HTTP."""

from collections.abc import Callable

from tocsin.domain.hops import Hop
from tocsin.probes.attempt import Attempt
from tocsin.probes.task import GiveUp, Wait
from tocsin.probes.tools import Tools
from tocsin.probes.web.exchange import Exchange, Exchanged
from tocsin.probes.web.options import Terms
from tocsin.probes.web.patience import Patience


async def ask(hop: Hop, terms: Terms, tools: Tools, attempt: Attempt) -> Exchanged:
    """What comes of it and of its redirects, in the time that the check has left."""

    def begin(wake: Callable[[Exchanged], None]) -> GiveUp:
        patience = Patience(attempt.monitor.timeout, attempt.left())
        exchange = Exchange(tools, terms, attempt.rules, patience, wake)
        exchange.send(hop)
        return lambda: exchange.stop()

    wait: Wait[Exchanged] = Wait(begin)
    return await wait
