"""Whatever a server says: each check ends, blames the server and not us, and leaves nothing behind."""

import gzip
import resource
import threading
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.babbler import Babbler, Speech, babbler
from tests.support.probing import check_http
from tocsin.domain.checks import CheckState
from tocsin.probes.prober import Prober

MEGABYTE = 1024 * 1024
TIMEOUT = timedelta(milliseconds=400)

PLAIN = st.binary(max_size=200)
LINE = st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=60).map(
    lambda it: it.encode("latin-1")
)
STATUS = st.one_of(
    st.integers(-1, 1200).map(lambda code: b"HTTP/1.1 %d OK" % code),
    st.sampled_from([b"HTTP/1.1 200", b"HTTP/9.9 200 OK", b"HTTP/2 200", b"HTTP/1.1", b"HTTP/1.1 101 Switching"]),
    LINE,
)
NAMES = st.sampled_from(
    [
        b"Content-Length", b"Transfer-Encoding", b"Content-Encoding", b"Location", b"Set-Cookie", b"Content-Type",
        b"Connection", b"Trailer", b"Upgrade", b"WWW-Authenticate", b"Content-Range", b"Alt-Svc", b" folded", b"",
    ]
)  # fmt: skip
VALUES = st.one_of(
    LINE,
    st.integers(-(2**65), 2**65).map(lambda number: b"%d" % number),
    st.sampled_from(
        [
            b"chunked", b"gzip", b"br", b"deflate", b"gzip, gzip, br, deflate, gzip, gzip", b"identity", b"zstd",
            b"http://127.0.0.1:1/", b"//[", b"javascript:1", b"http://u:p@\xff/", b"text/html; charset=\xff",
            b"text/plain; charset=idna", b"text/plain; charset=rot13", b"h2c", b"close",
        ]
    ),
)  # fmt: skip
HEADERS = st.lists(st.tuples(NAMES, VALUES).map(lambda pair: b"%b: %b\r\n" % pair), max_size=12).map(b"".join)


@st.composite
def chunks(draw: st.DrawFn) -> bytes:
    sizes = st.one_of(
        st.integers(0, 100).map(lambda size: b"%x" % size),
        st.sampled_from([b"-1", b"ffffffffffffffffff", b"0x10", b"", b"5;ext=1", b"zz", b"0", b" 3 "]),
    )
    parts = draw(st.lists(st.tuples(sizes, PLAIN), max_size=8))
    return b"".join(b"%b\r\n%b\r\n" % part for part in parts)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    plain = draw(PLAIN)
    packed = draw(st.sampled_from([gzip.compress(plain), zlib.compress(plain), gzip.compress(gzip.compress(plain))]))
    cut = packed[: draw(st.integers(0, len(packed)))]
    return draw(st.sampled_from([plain, packed, cut, cut + plain])) if draw(st.booleans()) else draw(chunks())


@st.composite
def speeches(draw: st.DrawFn) -> Speech:
    head = draw(STATUS) + b"\r\n" + draw(HEADERS)
    pieces = draw(
        st.sampled_from([(head, b"\r\n", draw(bodies())), (head + b"\r\n" + draw(bodies()),), (head,), (draw(PLAIN),)])
    )
    return Speech(pieces, endlessly=draw(st.booleans()) and bool(pieces[-1]), lingers=draw(st.booleans()))


BOMB = gzip.compress(bytes(10 * MEGABYTE))
OK = b"HTTP/1.1 200 OK\r\n"
WORST = {
    "a body without end": Speech((OK + b"\r\n", b"x" * 65536), endlessly=True),
    "chunks without end": Speech((OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"), endlessly=True),
    "headers without end": Speech((OK, b"X: y\r\n"), endlessly=True),
    "one header without end": Speech((OK + b"X: ", b"y" * 65536), endlessly=True),
    "interim answers without end": Speech((b"HTTP/1.1 100 Continue\r\n\r\n",), endlessly=True),
    "trailers without end": Speech((OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"), endlessly=True),
    "a chunk's extension without end": Speech(
        (OK + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x" * 65536), endlessly=True
    ),
    "a bomb": Speech((OK + b"Content-Encoding: gzip\r\n\r\n", BOMB), endlessly=True),
    "a bomb in a bomb": Speech((OK + b"Content-Encoding: gzip, gzip\r\n\r\n", gzip.compress(BOMB * 20))),
    "a bomb in pieces": Speech(
        (OK + b"Content-Encoding: gzip\r\n\r\n", *(BOMB[at : at + 99] for at in range(0, 9999, 99)))
    ),
    "nothing": Speech((), lingers=True),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Babbler]:
    with babbler() as server:
        yield server


@pytest.fixture(scope="module")
def prober() -> Prober:
    return Prober()


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@example(speech=Speech((OK + b": \r\n\r\n",)), version=None)
@given(speech=speeches(), version=st.sampled_from([None, "1.1", "2"]))
def test_each_check_ends_and_it_is_not_our_fault(
    prober: Prober, server: Babbler, speech: Speech, version: Literal["1.1", "2"] | None
) -> None:
    server.speech = speech

    result = check_http(prober, server.url, timeout=TIMEOUT, version=version)

    assert result.state in {CheckState.UP, CheckState.DOWN}, result.message
    assert len(result.message) < 1000


@pytest.mark.parametrize("name", WORST)
def test_the_worst_is_stopped(prober: Prober, server: Babbler, name: str) -> None:
    server.speech = WORST[name]

    result = check_http(prober, server.url, timeout=timedelta(seconds=1))

    assert result.state is CheckState.DOWN


def test_nothing_is_left_behind(prober: Prober, server: Babbler) -> None:
    def hostile_round() -> None:
        for speech in WORST.values():
            server.speech = speech
            check_http(prober, server.url, timeout=timedelta(milliseconds=200))

    hostile_round()
    files, threads, memory = held()
    for _ in range(10):
        hostile_round()

    files_after, threads_after, memory_after = held()
    assert files_after <= files + len(WORST)
    assert threads_after <= threads + len(WORST)
    assert memory_after - memory < 48 * MEGABYTE


def held() -> tuple[int, int, int]:
    """Open files, threads, and the most memory so far. Some are the server's, which takes a while to hang up."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count(), most
