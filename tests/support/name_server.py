"""A name server on loopback that answers as a test says, by UDP and TCP. dnspython reads and writes its messages."""

import selectors
import socket
import threading
from collections.abc import Callable
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from tests.support.peers import LOOPBACK, free_port
from tocsin.domain.place import Place

Query = dns.message.Message
Answering = Callable[[Query, str], list[bytes]]
"""Given a question and "udp" or "tcp", what to send back: nothing, or some messages."""


class NameServer:
    """`asked` are the questions in the order of their arrival, each as `name type transport`."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self.asked: list[str] = []

    def __enter__(self) -> Self:
        self.place = Place(LOOPBACK, free_port())
        self._datagrams = socket.socket(type=socket.SOCK_DGRAM)
        self._datagrams.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self._datagrams.bind(self.place)
        self._listener = socket.create_server(self.place)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._datagrams.close()
        self._listener.close()

    def _serve(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._datagrams, selectors.EVENT_READ, self._by_datagram)
            selector.register(self._listener, selectors.EVENT_READ, self._by_stream)
            while not self._over.is_set():
                for key, _ in selector.select(0.05):
                    key.data()

    def _by_datagram(self) -> None:
        message, caller = self._datagrams.recvfrom(4096)
        for each in self._answers(message, "udp"):
            self._datagrams.sendto(each, caller)

    def _by_stream(self) -> None:
        connection, _ = self._listener.accept()
        with connection, connection.makefile("rb") as stream:
            message = stream.read(int.from_bytes(stream.read(2), "big"))
            for each in self._answers(message, "tcp"):
                connection.sendall(len(each).to_bytes(2, "big") + each)

    def _answers(self, message: bytes, transport: str) -> list[bytes]:
        query = dns.message.from_wire(message)
        (question,) = query.question
        kind = question.to_text().split()[-1]
        self.asked.append(f"{question.name.to_text(omit_final_dot=True)} {kind} {transport}")
        return self._answering(query, transport)


def reply(query: Query, *records: str, rcode: str = "NOERROR", truncated: bool = False) -> bytes:
    """With records as in a zone file: `shop.example. 60 IN A 192.0.2.1`."""
    message = dns.message.make_response(query)
    message.set_rcode(dns.rcode.from_text(rcode))
    if truncated:
        message.flags |= dns.flags.TC
    for record in records:
        name, lifetime, network, kind, data = record.split(maxsplit=4)
        message.answer.append(dns.rrset.from_text(name, int(lifetime), network, kind, data))
    return message.to_wire()


def asked_for(query: Query) -> tuple[str, str]:
    """The name, without its last dot, and the type."""
    (question,) = query.question
    return question.name.to_text(omit_final_dot=True), question.to_text().split()[-1]


def zone(**addresses: str) -> Answering:
    """Names under `.example` with their IPv4 addresses; all others do not exist."""

    def answering(query: Query, _transport: str) -> list[bytes]:
        name, kind = asked_for(query)
        address = addresses.get(name.removesuffix(".example"))
        if address is None:
            return [reply(query, rcode="NXDOMAIN")]
        return [reply(query, *([f"{name}. 60 IN A {address}"] if kind == "A" else []))]

    return answering
