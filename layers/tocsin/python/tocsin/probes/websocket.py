"""WebSocket checks: the upgrade, a message there, a message back, and a clean goodbye."""

from typing import TYPE_CHECKING

from tocsin.domain.check_kinds import WebSocketCheck
from tocsin.domain.excerpts import excerpt, shortened
from tocsin.domain.expectations import Facts
from tocsin.domain.hops import refuse_line_breaks, secrets_of
from tocsin.domain.place import Place
from tocsin.probes.attempt import Attempt
from tocsin.probes.failures import CheckFailedError
from tocsin.probes.progress import failed
from tocsin.probes.streams.dialogue import DialogueProbe
from tocsin.probes.streams.stream import LIMIT, Stream

if TYPE_CHECKING:
    from websockets.frames import Frame
    from websockets.http11 import Request, Response
    from websockets.uri import WebSocketURI

GOODBYE_LIMIT = 1.0
"""Seconds that the server has for its own goodbye. One that keeps us waiting is up all the same."""


class WebSocketProbe(DialogueProbe[WebSocketCheck]):
    async def talk(self, check: WebSocketCheck, stream: Stream, attempt: Attempt) -> Facts:
        address = _address(check.url, attempt)
        attempt.hide(*secrets_of(check))
        await stream.open(str(Place(address.host, address.port)))
        if address.secure:
            await stream.start_tls()
        talk = _Talk(check, address, stream)
        await talk.upgrade({name: attempt.secret(value) for name, value in check.headers.items()})
        if check.send is not None:
            await talk.say(check.send)
        facts: Facts = {"status": 101}
        if check.receive or attempt.monitor.looks_at("response"):
            facts = {**facts, "response": await talk.message()}
        await talk.leave()
        return facts


class _Talk:
    """The protocol itself is the library's, which does no input or output of its own."""

    def __init__(self, check: WebSocketCheck, address: "WebSocketURI", stream: Stream) -> None:
        from websockets.client import ClientProtocol
        from websockets.typing import Subprotocol

        offered = [Subprotocol(check.subprotocol)] if check.subprotocol else None
        self._stream = stream
        self._subprotocol = check.subprotocol
        self._protocol: ClientProtocol = ClientProtocol(address, subprotocols=offered, max_size=LIMIT)
        self._events: list[Request | Response | Frame] = []

    async def upgrade(self, headers: dict[str, str]) -> None:
        request = self._protocol.connect()
        for name, value in headers.items():
            refuse_line_breaks(name, value)
            if name in request.headers:
                del request.headers[name]
            request.headers[name] = value
        self._protocol.send_request(request)
        await self._flush()
        while not self._events and not self._protocol.handshake_exc:
            await self._receive("answer to the upgrade")
        if self._protocol.handshake_exc:
            raise self._refused(self._protocol.handshake_exc)
        self._events.pop(0)
        if self._subprotocol and not self._protocol.subprotocol:
            raise self._stream.failed(f"{self._stream.peer} does not speak the subprotocol {self._subprotocol}")

    async def say(self, text: str) -> None:
        self._protocol.send_text(text.encode())
        await self._flush()

    async def message(self) -> str:
        """The next one, whole."""
        from websockets.frames import DATA_OPCODES

        pieces: list[bytes] = []
        while True:
            while not self._events:
                await self._receive("message")
                self._raise_if_over()
            frame = self._events.pop(0)
            if frame.opcode in DATA_OPCODES:  # type: ignore[union-attr]  # after the upgrade only frames come
                pieces.append(bytes(frame.data))  # type: ignore[union-attr]
                if frame.fin:  # type: ignore[union-attr]
                    return b"".join(pieces).decode("utf-8", "replace")

    async def leave(self) -> None:
        from websockets.protocol import State

        if self._protocol.state is State.OPEN:
            self._protocol.send_close(1000)
            await self._flush()
            await self._stream.silence(GOODBYE_LIMIT)

    async def _receive(self, what: str) -> None:
        """Gives what comes to the protocol, and sends what it answers by itself: to pings, to what is wrong."""
        if data := await self._stream.some(what):
            self._protocol.receive_data(data)
        else:
            self._protocol.receive_eof()
        self._events += self._protocol.events_received()
        await self._flush()

    async def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                await self._stream.write(data)

    def _raise_if_over(self) -> None:
        from websockets.exceptions import PayloadTooBig

        if self._events:
            return
        peer, protocol = self._stream.peer, self._protocol
        if isinstance(protocol.parser_exc, PayloadTooBig):
            raise failed("size", f"The message of {peer} is longer than {LIMIT // 1024} KiB; no more is read")
        if protocol.parser_exc and not isinstance(protocol.parser_exc, EOFError):
            raise self._stream.failed(f"{peer} does not speak WebSocket: {_words(protocol.parser_exc)}")
        if protocol.close_rcvd:
            code, reason = protocol.close_rcvd.code, protocol.close_rcvd.reason
            why = f"{code} {excerpt(reason)}" if reason else str(code)
            raise self._stream.failed(f"{peer} said goodbye before its message came: {why}")
        if protocol.eof_sent or isinstance(protocol.parser_exc, EOFError):
            raise self._stream.failed(f"{peer} closed the connection before its message came")

    def _refused(self, why: Exception) -> CheckFailedError:
        from websockets.exceptions import InvalidMessage, InvalidStatus

        peer = self._stream.peer
        if isinstance(why, InvalidStatus):
            return failed("status", _refusal(peer, why.response))
        if isinstance(why, InvalidMessage):
            return self._stream.failed(f"{peer} does not answer the upgrade in proper HTTP: {_words(why.__cause__)}")
        return self._stream.failed(f"{peer} does not agree to speak WebSocket: {_words(why)}")


def _refusal(peer: str, response: "Response") -> str:
    if 300 <= response.status_code < 400 and (location := response.headers.get("Location")):
        leads = f"leads to {shortened(location)}; a WebSocket check does not follow"
        return f"{peer} answers the upgrade with status {response.status_code} and {leads}"
    body = bytes(response.body).decode("utf-8", "replace")
    came = f", and the body {excerpt(body)}" if body.strip() else ""
    return f"{peer} refuses the upgrade with status {response.status_code}{came}"


def _words(error: BaseException | None) -> str:
    return shortened(str(error) or type(error).__name__)


def _address(url: str, attempt: Attempt) -> "WebSocketURI":
    from websockets.exceptions import InvalidURI
    from websockets.headers import build_authorization_basic
    from websockets.uri import parse_uri

    try:
        address = parse_uri(url)
    except InvalidURI as error:
        raise failed("address", f"The URL cannot be used: {error.msg}") from None
    except ValueError as error:
        raise failed("address", f"The URL cannot be used: {error}") from None
    if address.user_info:
        attempt.hide(*address.user_info[1:], build_authorization_basic(*address.user_info).split()[1])
    return address
