"""TCP: a connection, and what is said over it."""

from functools import partial

from tocsin.domain.check_kinds import Exchange, TcpCheck
from tocsin.domain.excerpts import shortened
from tocsin.domain.expectations import Facts
from tocsin.domain.findings import unmet
from tocsin.probes.attempt import Attempt
from tocsin.probes.streams.dialogue import DialogueProbe
from tocsin.probes.streams.patterns import Patterns
from tocsin.probes.streams.stream import Stream


class TcpProbe(DialogueProbe[TcpCheck]):
    """The fact `response` is all that the peer said, in clear and encrypted."""

    async def talk(self, check: TcpCheck, stream: Stream, attempt: Attempt) -> Facts:
        await stream.open(check.address)
        if check.tls:
            await stream.start_tls(check.server_name)
        patterns = Patterns(attempt)
        said = b""
        for turn in check.dialogue:
            said += await _take(turn, check, stream, patterns)
        if attempt.monitor.looks_at("response"):
            said += await stream.until_found(partial(_expected, attempt, patterns, said), "response as expected")
        return {"response": _text(said + stream.unread)}


async def _take(turn: Exchange, check: TcpCheck, stream: Stream, patterns: Patterns) -> bytes:
    """One turn of the dialogue; what came in it."""
    if turn.send is not None:
        await stream.write(turn.send.encode())
        return b""
    if turn.expect is not None:
        what = f"answer matching /{shortened(turn.expect)}/"
        return await stream.until_found(partial(patterns.end_of, turn.expect), what)
    rest = await stream.until(b"\n", "line before the TLS handshake") if stream.unread else b""
    await stream.start_tls(check.server_name)
    return rest


def _expected(attempt: Attempt, patterns: Patterns, said: bytes, came: bytes) -> int | None:
    """All that came, when it meets the expectations: an answer may come in several pieces."""
    if not said + came:
        return None
    facts = {"response": _text(said + came)}
    expectations = [each for each in attempt.monitor.expectations if each.fact == "response"]
    return None if patterns.within_limit(lambda: unmet(expectations, facts)) else len(came)


def _text(said: bytes) -> str:
    return said.decode("utf-8", "replace")
