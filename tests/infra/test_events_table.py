"""The table in docs/architecture.md says who makes and takes each event. Here it is held against what is deployed."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.support.calls import called_from
from tests.support.imports import HANDLERS, TOCSIN
from tests.support.template import ROOT, Template
from tocsin.domain import events
from tocsin.domain.events import SOURCE
from tocsin.domain.record import Event

ROW = re.compile(
    r"^\| `(?P<event>\w+)` \| (?P<producers>[^|]+) \| (?P<consumers>[^|]+) \| (?P<why>[^|]+) \|$", re.MULTILINE
)
EVENTS = {
    name
    for name, found in inspect.getmembers(events, inspect.isclass)
    if issubclass(found, Event) and found.__module__ == events.__name__
}
NAME = re.compile(r"`(\w+)`")


class Row(NamedTuple):
    event: str
    producers: frozenset[str]
    consumers: frozenset[str]
    why: str


def test_every_event_has_one_row() -> None:
    assert sorted(row.event for row in table()) == sorted(EVENTS)


def test_the_consumers_in_the_table_are_those_that_the_rules_reach(home: Template) -> None:
    assert {row.event: row.consumers for row in table()} == {
        event: frozenset(found) for event, found in delivered(home).items()
    }


def test_the_producers_in_the_table_are_those_whose_code_makes_the_event() -> None:
    assert {row.event: row.producers for row in table()} == {event: frozenset(by) for event, by in produced().items()}


def test_every_rule_listens_to_us_only_and_loses_nothing(home: Template) -> None:
    for path, rule in home.of_type("AWS::Events::Rule").items():
        [target] = rule["Targets"]
        queue = f"{path.removesuffix('/Rule')}/Work"

        assert rule["EventPattern"]["source"] == [SOURCE]
        assert home.written(rule["EventBusName"]) == "Bus/EventBus"
        assert home.written(target["Arn"]) == queue
        assert home.written(target["DeadLetterConfig"]["Arn"]) == f"{queue}DeadLetters"


def table() -> list[Row]:
    text = (ROOT / "docs" / "architecture.md").read_text()
    return [
        Row(row["event"], _names(row["producers"]), _names(row["consumers"]), row["why"].strip())
        for row in ROW.finditer(text)
    ]


def produced() -> dict[str, set[str]]:
    """Event → whose code calls its class."""
    producers = {path.parent.name: path for path in HANDLERS} | {"tocsin apply": TOCSIN / "tocsin/cli/apply.py"}
    made: dict[str, set[str]] = {event: set() for event in EVENTS}
    for producer, path in producers.items():
        for called in called_from(path):
            if called.file == Path(events.__file__) and called.name in EVENTS:
                made[called.name].add(producer)
    return made


def delivered(home: Template) -> dict[str, set[str]]:
    """Event → folders of the functions that get it."""
    reached: dict[str, set[str]] = {event: set() for event in EVENTS}
    for event, function in _deliveries(home):
        reached[event].add(function)
    return reached


def _deliveries(home: Template) -> Iterator[tuple[str, str]]:
    folders = {
        home.of_type("AWS::Lambda::Function")[path]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]: path
        for path in home.of_type("AWS::Lambda::Function")
    }
    by_path = {path: folder for folder, path in folders.items()}
    for path, rule in home.of_type("AWS::Events::Rule").items():
        for event in rule["EventPattern"]["detail-type"]:
            yield event, by_path[path.removesuffix("/Rule")]


def _names(cell: str) -> frozenset[str]:
    return frozenset(NAME.findall(cell.replace("`tocsin apply`", ""))) | (
        {"tocsin apply"} if "`tocsin apply`" in cell else set()
    )
