"""A name server that knows every name as 127.0.0.1, and says nothing about those that begin with "silent"."""

import socket
import threading

SILENT = b"silent"
_A = b"\x00\x01"
_ANSWER = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x7f\x00\x00\x01"
"""The name of the question, A, IN, a minute, four bytes: 127.0.0.1."""


def serve(port: int = 53) -> None:
    """In a thread of its own, as long as the process lives."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    server.bind(("127.0.0.1", port))
    threading.Thread(target=_answer_all, args=(server,), daemon=True).start()


def _answer_all(server: socket.socket) -> None:
    while True:
        asked, who = server.recvfrom(512)
        if (said := answer(asked)) is not None:
            server.sendto(said, who)


def answer(asked: bytes) -> bytes | None:
    """To one question, as RFC 1035 writes it; a name has no address of version 6."""
    end = asked.index(b"\x00", 12) + 5
    question = asked[12:end]
    if question[1:].startswith(SILENT):
        return None
    answers = 1 if question[-4:-2] == _A else 0
    return asked[:2] + b"\x81\x80\x00\x01" + answers.to_bytes(2) + b"\x00" * 4 + question + _ANSWER * answers
