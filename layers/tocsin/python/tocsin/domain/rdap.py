"""Registration of domains: which server knows about a name (RFC 9224), and what its answer says (RFC 9083)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tocsin.domain.json_path import document_in

Directory = dict[str, str]
"""From the end of a name, such as `com`, to the base URL of the server for it."""


class Registration(NamedTuple):
    """`ends` is None where the registry does not say."""

    ends: datetime | None
    registrar: str
    status: tuple[str, ...]


def plain_name(name: str) -> str:
    """As registries write it. Raises ValueError for what cannot be a name."""
    labels = name.rstrip(".").lower().split(".")
    return ".".join(label if label.isascii() else label.encode("idna").decode() for label in labels)


def directory(body: str) -> Directory:
    """IANA's list of servers; empty for what is none. Encrypted ones go first."""
    document = document_in(body)
    services = _list(document.get("services")) if isinstance(document, dict) else []
    found: Directory = {}
    for endings, addresses in (each for each in services if isinstance(each, list) and len(each) == 2):
        addresses = sorted((each for each in _list(addresses) if isinstance(each, str)), key=_is_unencrypted)
        found |= {str(ending).lower(): addresses[0] for ending in _list(endings) if addresses}
    return found


def server_for(name: str, known: Directory) -> str | None:
    """That of the longest end of the name."""
    labels = name.split(".")
    ends = (".".join(labels[start:]) for start in range(1, len(labels)))
    return next((known[end] for end in ends if end in known), None)


def question(server: str, name: str) -> str:
    return f"{server.rstrip('/')}/domain/{name}"


def registration(body: str) -> Registration | None:
    """None for what is not about a domain."""
    document = document_in(body)
    if not isinstance(document, dict) or document.get("objectClassName") != "domain":
        return None
    ends = [_instant(event.get("eventDate")) for event in _events(document, "expiration")]
    return Registration(
        ends=max(filter(None, ends), default=None),
        registrar=next((_name(entity) for entity in _dicts(document.get("entities")) if _is_registrar(entity)), ""),
        status=tuple(str(each) for each in _list(document.get("status"))),
    )


def _events(document: dict[str, Any], action: str) -> Iterator[dict[str, Any]]:
    """Others may tell of the registrar's own registration of the same domain, which is not what counts."""
    return (event for event in _dicts(document.get("events")) if event.get("eventAction") == action)


def _instant(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _is_registrar(entity: dict[str, Any]) -> bool:
    return "registrar" in _list(entity.get("roles"))


def _name(entity: dict[str, Any]) -> str:
    """From its card (RFC 7095): a list of [property, parameters, type, value]."""
    card = _list(entity.get("vcardArray"))
    lines = [line for line in _list(card[1] if len(card) > 1 else None) if isinstance(line, list) and len(line) > 3]
    return next((str(line[3]) for line in lines if line[0] == "fn"), str(entity.get("handle", "")))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in _list(value) if isinstance(each, dict)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_unencrypted(address: str) -> bool:
    return not address.startswith("https:")
