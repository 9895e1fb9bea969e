"""Who covers when: rotations on the wall clock of one zone."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, NaiveDatetime

from tocsin.domain.record import Record

Turn = tuple[str, ...]
"""The people who are on call together."""


class Unit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


class Every(Record):
    count: Annotated[int, Field(ge=1)]
    unit: Unit


class Rotation(Record):
    """`start` is wall-clock time in the schedule's zone."""

    every: Every
    start: NaiveDatetime


class Layer(Record):
    rotation: Rotation
    people: Annotated[tuple[Turn, ...], Field(min_length=1)]


class Schedule(Record):
    schedule_id: str
    time_zone: str
    layers: Annotated[tuple[Layer, ...], Field(min_length=1)]


class Shift(Record):
    start: datetime
    end: datetime
    people: Turn
