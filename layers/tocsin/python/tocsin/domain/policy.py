"""Escalation policies: who is paged, in which order, and how long each step waits."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from tocsin.domain.record import Record


class Target(Record):
    kind: Literal["schedule", "person"]
    target_id: str


class Step(Record):
    page: Annotated[tuple[Target, ...], Field(min_length=1)]
    wait: timedelta


class EscalationPolicy(Record):
    """`repeat` is how often the steps are gone through again when nobody answers; then the fallback is paged, once."""

    policy_id: str
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    repeat: int = 0
    fallback: tuple[Target, ...] = ()
