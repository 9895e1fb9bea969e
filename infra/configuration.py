"""What one installation decides for itself: the `tocsin:` context of cdk.json, or `-c tocsin:…=…`."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from constructs import Node


@dataclass(frozen=True)
class Network:
    """Where the checks of a region run from, to reach what is private. Each subnet needs a way out, to AWS."""

    vpc_id: str
    subnet_ids: tuple[str, ...]
    security_group_ids: tuple[str, ...]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """Raises ValueError for anything but the three, as lists where there can be several."""
        expected = {field.name for field in fields(cls)}
        if set(told) != expected:
            raise ValueError(f"tocsin:vpc has {sorted(told)} for a region; it takes exactly {sorted(expected)}")
        return cls(told["vpc_id"], _listed(told["subnet_ids"]), _listed(told["security_group_ids"]))


@dataclass(frozen=True)
class Configuration:
    home_region: str
    probe_regions: tuple[str, ...]
    sender: str
    operations_email: str | None
    dependencies: str
    vpc: Mapping[str, Network]

    @classmethod
    def from_context(cls, node: Node) -> Self:
        return cls(
            home_region=node.get_context("tocsin:home_region"),
            probe_regions=_listed(node.get_context("tocsin:probe_regions")),
            sender=node.get_context("tocsin:sender"),
            operations_email=node.try_get_context("tocsin:operations_email"),
            dependencies=node.get_context("tocsin:dependencies"),
            vpc={region: Network.of(told) for region, told in (node.try_get_context("tocsin:vpc") or {}).items()},
        )


def _listed(value: Any) -> tuple[str, ...]:
    """A list in cdk.json; on the command line context is text, so there it is separated by commas."""
    parts = value.split(",") if isinstance(value, str) else value
    return tuple(part.strip() for part in parts)
