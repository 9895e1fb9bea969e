"""Where something is to be found: URLs, `host:port`, names."""

import re
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, WithJsonSchema

from tocsin.cli.file.text_values import Form
from tocsin.cli.file.wording import shown, wrong

LONGEST_URL = 2048
_URL = r"^https?://[^\s/?#@]+([/?#]\S*)?$"
_WEB_SOCKET_URL = r"^wss?://[^\s/?#@]+([/?#]\S*)?$"
_HOST = r"(\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\[\]]+)"
_ADDRESS = rf"^{_HOST}(:[0-9]{{1,5}})?$"
_WITH_PORT = rf"^{_HOST}:[0-9]{{1,5}}$"
_DNS_NAME = r"^[^\s/?#@\[\]]{1,253}$"


def is_private(place: str) -> bool:
    """Whether a URL or an address itself says that it is on this machine or a private network; a name may still lead
    there.
    """
    host = host_of(place)
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def host_of(place: str) -> str:
    """Of a URL or a `host:port`; empty for what is neither."""
    try:
        return urlsplit(place if "://" in place else f"//{place}").hostname or ""
    except ValueError:
        return ""


def port_of(place: str) -> int | None:
    """Of a valid `host:port`."""
    return urlsplit(f"//{place}").port


def query_names(url: str) -> list[str]:
    """The names of the parameters in the URL's query; none of what is no URL."""
    try:
        return [name for name, _ in parse_qsl(urlsplit(url).query)]
    except ValueError:
        return []


def _url(value: str) -> str:
    return _valid_url(value, _URL, "http or https", "https")


def _web_socket_url(value: str) -> str:
    return _valid_url(value, _WEB_SOCKET_URL, "ws or wss", "wss")


def _valid_url(value: str, pattern: str, schemes: str, scheme: str) -> str:
    fault = _url_fault(value, pattern, schemes, scheme)
    if fault:
        raise wrong(fault)
    return value


def _url_fault(value: str, pattern: str, schemes: str, scheme: str) -> str | None:
    """Credentials are not repeated: messages end up in logs."""
    try:
        parts = urlsplit(value)
        credentials, host, _ = parts.username is not None, parts.hostname, parts.port
    except ValueError as error:
        return f"{shown(value)} is not a URL ({error}); write it as in `{scheme}://acme.example/`"
    if credentials:
        return "carries credentials; secrets are never in the file"
    if parts.scheme not in schemes.split():
        return f"{shown(value)} is not {'a' if scheme == 'wss' else 'an'} {schemes} URL; write it as in `{scheme}://{value.split('://')[-1]}`"
    if not host or not all(host.rstrip(".").split(".")) or not re.fullmatch(pattern, value):
        return f"{shown(value)} is not a URL; write it as in `{scheme}://acme.example/`, without spaces"
    return f"is longer than {LONGEST_URL} characters; shorten it" if len(value) > LONGEST_URL else None


def _address(value: str) -> str:
    if "://" in value:
        raise wrong(f"{shown(value)} is a URL; write host and port alone, as in `acme.example:443`")
    if not re.fullmatch(_ADDRESS, value) or not _is_host(host_of(value), bracketed=value.startswith("[")):
        raise wrong(f"{shown(value)} is not an address; write it as in `acme.example:443` or `[2001:db8::1]:443`")
    if not _is_port(value):
        raise wrong(f"{shown(value)} has a port that there is not; they go from 1 to 65535")
    return value


def _address_with_port(value: str) -> str:
    if port_of(_address(value)) is None:
        raise wrong(f"{shown(value)} has no port; add it, as in `{value}:443`")
    return value


def _is_port(address: str) -> bool:
    try:
        return port_of(address) != 0
    except ValueError:
        return False


def _is_host(host: str, *, bracketed: bool) -> bool:
    try:
        return (ip_address(host).version == 6) == bracketed
    except ValueError:
        return not bracketed and _is_name(host)


def _is_name(name: str) -> bool:
    return all(0 < len(label) <= 63 for label in name.removesuffix(".").split("."))


def _dns_name(value: str) -> str:
    if not re.fullmatch(_DNS_NAME, value) or not (_is_ip(value) or (_is_name(value) and ":" not in value)):
        raise wrong(f"{shown(value)} is not a name in the DNS; write it as in `acme.example`")
    return value


def _is_ip(value: str) -> bool:
    try:
        return bool(ip_address(value))
    except ValueError:
        return False


def _text(pattern: str, example: str, longest: int = 262) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "maxLength": longest, "examples": [example]})


Url = Annotated[
    str, AfterValidator(_url), WithJsonSchema({"type": "string", "pattern": _URL, "maxLength": LONGEST_URL})
]
WebSocketUrl = Annotated[
    str, AfterValidator(_web_socket_url), _text(_WEB_SOCKET_URL, "wss://acme.example/", LONGEST_URL)
]
Address = Annotated[str, AfterValidator(_address), _text(_ADDRESS, "acme.example:443")]
AddressWithPort = Annotated[str, AfterValidator(_address_with_port), _text(_WITH_PORT, "acme.example:5432")]
DnsName = Annotated[str, AfterValidator(_dns_name), _text(_DNS_NAME, "acme.example")]
_DOMAIN = r"^([^\s/?#@:.*\[\]]{1,63}\.)+[^\s/?#@:.*\[\]0-9]{2,63}$"
DomainName = Annotated[
    str, Form(_DOMAIN, "is not the name of a registered domain; write it as in `acme.example`", "acme.example")
]
_SERVER_NAME = r"^[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*$"
ServerName = Annotated[
    str, Form(_SERVER_NAME, "is not the name of a host; write it as in `acme.example`", "acme.example")
]
