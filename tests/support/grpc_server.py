"""A real gRPC server on loopback, with the standard health service."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

STATES = health_pb2.HealthCheckResponse.ServingStatus


@contextmanager
def grpc_server(states: dict[str, str], *, certificate: Path | None = None, offers: bool = True) -> Iterator[str]:
    """Its address. `states` are those of its services, by name; without `offers` it has no health service."""
    pool = ThreadPoolExecutor(4)
    server = grpc.server(pool)
    if offers:
        service = health.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(service, server)
        for name, state in states.items():
            service.set(name, STATES.Value(state))
    port = _port(server, certificate)
    server.start()
    try:
        yield f"localhost:{port}"
    finally:
        server.stop(None).wait()
        pool.shutdown()


def _port(server: grpc.Server, certificate: Path | None) -> int:
    if certificate is None:
        return int(server.add_insecure_port("127.0.0.1:0"))
    pem = certificate.read_bytes()
    return int(server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([(pem, pem)])))
