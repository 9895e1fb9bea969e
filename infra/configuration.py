"""What one installation decides for itself: the `tocsin:` context of cdk.json, or `-c tocsin:…=…`."""

from dataclasses import dataclass
from typing import Any, Self

from constructs import Node


@dataclass(frozen=True)
class Configuration:
    home_region: str
    probe_regions: tuple[str, ...]
    sender: str
    operations_email: str | None
    dependencies: str

    @classmethod
    def from_context(cls, node: Node) -> Self:
        return cls(
            home_region=node.get_context("tocsin:home_region"),
            probe_regions=_listed(node.get_context("tocsin:probe_regions")),
            sender=node.get_context("tocsin:sender"),
            operations_email=node.try_get_context("tocsin:operations_email"),
            dependencies=node.get_context("tocsin:dependencies"),
        )


def _listed(value: Any) -> tuple[str, ...]:
    """A list in cdk.json; on the command line context is text, so there it is separated by commas."""
    parts = value.split(",") if isinstance(value, str) else value
    return tuple(part.strip() for part in parts)
