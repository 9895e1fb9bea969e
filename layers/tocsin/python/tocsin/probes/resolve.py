"""What the system's resolver says about a name. It takes as long as it likes, so `lookup.py` asks it in a thread."""

import errno
import socket
from ipaddress import ip_address

from tocsin.domain.checks import Failure
from tocsin.probes.faults import OURS, our_fault

Addresses = tuple[str, ...]


def is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def resolve(host: str) -> Addresses | Failure:
    """The addresses that can be tried from here, in the system's order of preference."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        return _unfound(host, error)
    except UnicodeError:
        return Failure(expect="lookup", message=f"{host} is no name that could have an address")
    except OSError as error:
        return our_fault(f"the name {host} could not be looked up: {error}")
    addresses = tuple(str(address[0]) for *_, address in found)
    with_route = tuple(address for address in addresses if _has_route(address))
    return with_route or our_fault(f"{OURS[errno.ENETUNREACH]} on the way to {host} ({', '.join(addresses)})")


def _unfound(host: str, error: socket.gaierror) -> Failure:
    if error.errno in {socket.EAI_MEMORY, socket.EAI_SYSTEM}:
        return our_fault(f"the name {host} could not be looked up: {error.strerror}")
    if error.errno in {socket.EAI_NONAME, socket.EAI_NODATA}:
        return Failure(expect="lookup", message=f"The name {host} does not resolve to an address")
    return Failure(expect="lookup", message=f"The name {host} could not be looked up: {error.strerror}")


def _has_route(address: str) -> bool:
    """Most Lambda functions have no way out by IPv6. Connecting a datagram socket sends nothing, and tells."""
    if ":" not in address:
        return True
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))
    except OSError:
        return False
    return True
