"""The messages of a gRPC health check, beside protobuf's own."""

import pytest
from grpc_health.v1 import health_pb2
from hypothesis import given
from hypothesis import strategies as st

from tocsin.domain.grpc_health import asked, health, refusal


def framed(message: bytes) -> bytes:
    return b"\0" + len(message).to_bytes(4, "big") + message


@given(st.text(max_size=400))
def test_the_question_is_protobufs(service: str) -> None:
    assert asked(service) == framed(health_pb2.HealthCheckRequest(service=service).SerializeToString())


@pytest.mark.parametrize("name", ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"])
def test_the_answer_is_read(name: str) -> None:
    message = health_pb2.HealthCheckResponse(status=health_pb2.HealthCheckResponse.ServingStatus.Value(name))

    assert health(framed(message.SerializeToString())) == name


@pytest.mark.parametrize(
    ("message", "found"),
    [
        pytest.param(b"\x08\x07", "7", id="a state of the future"),
        pytest.param(b"\x12\x03abc\x19" + bytes(8) + b"\x25" + bytes(4) + b"\x08\x01", "SERVING", id="other fields"),
        pytest.param(b"\x08\x02\x08\x01", "SERVING", id="the last one counts"),
    ],
)
def test_what_is_not_known_is_passed_over(message: bytes, found: str) -> None:
    assert health(framed(message)) == found


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\0\0\0", id="half a frame"),
        pytest.param(framed(b"\x08\x01") + b"\0", id="more than a frame"),
        pytest.param(b"\1" + framed(b"\x08\x01")[1:], id="compressed"),
        pytest.param(framed(b"\x08"), id="broken off"),
        pytest.param(framed(b"\x08" + b"\xff" * 20), id="a number without end"),
        pytest.param(framed(b"\x0f"), id="no such type"),
    ],
)
def test_what_cannot_be_read(content: bytes) -> None:
    with pytest.raises(ValueError, match="it "):
        health(content)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(message: bytes) -> None:
    try:
        assert health(framed(message))
    except ValueError as error:
        assert str(error).startswith("it ")


@pytest.mark.parametrize(
    ("trailers", "said"),
    [
        pytest.param({"grpc-status": "0"}, None, id="fine"),
        pytest.param(
            {"grpc-status": "5", "grpc-message": "unknown%20service"},
            "p answered with gRPC status 5, NOT_FOUND: unknown service; it knows no service 'shop'",
            id="no such service",
        ),
        pytest.param(
            {"grpc-status": "12"},
            "p answered with gRPC status 12, UNIMPLEMENTED; "
            "it does not offer the health service, grpc.health.v1.Health",
            id="no health service",
        ),
        pytest.param({"grpc-status": "14"}, "p answered with gRPC status 14, UNAVAILABLE", id="unavailable"),
        pytest.param({"grpc-status": "99"}, "p answered with gRPC status 99, an unknown one", id="unheard of"),
        pytest.param({"grpc-status": "x"}, "p answered with gRPC status x, an unknown one", id="no number"),
        pytest.param({}, "p does not answer as a gRPC server does: there is no grpc-status", id="none"),
    ],
)
def test_a_refusal_is_explained(trailers: dict[str, str], said: str | None) -> None:
    assert refusal("p", "shop", trailers) == said
