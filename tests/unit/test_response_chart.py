"""Response times as a picture: every value has its place, gaps stay gaps, and whatever is written in it is text."""

from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import NOON, after
from tocsin.domain.response_chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Point, lay_out
from tocsin.domain.span import Span
from tocsin.publishers.charts import response_chart

DAY = Span(NOON, after(days=1))
PRAGUE = ZoneInfo("Europe/Prague")
SVG = "{http://www.w3.org/2000/svg}"


def points(*typical: float | None) -> list[Point]:
    """One an hour."""
    return [Point(after(hours=hour), value, value and value * 2) for hour, value in enumerate(typical)]


def drawn(given: list[Point], name: str = "shop", down: tuple[Span, ...] = ()) -> ET.Element:
    return ET.fromstring(response_chart(name, given, DAY, PRAGUE, chart_id="c1", down=down))  # noqa: S314 -- our own


def texts(svg: ET.Element) -> list[str]:
    return [str(each.text) for each in svg.iter(f"{SVG}text")]


def test_a_gap_is_not_drawn_over() -> None:
    chart = lay_out(points(10, 20, None, None, 30), DAY, [])

    assert [len(line.split()) for line in chart.typical] == [2, 2]


def test_an_outage_of_a_minute_can_be_seen() -> None:
    chart = lay_out(points(10), DAY, [], [Span(after(hours=12), after(hours=12, minutes=1))])

    assert chart.down == ((LEFT + (WIDTH - LEFT - RIGHT) / 2, 1.0),)


@pytest.mark.parametrize(
    ("largest", "labels"),
    [
        pytest.param(3.5, ["0 ms", "1 ms", "2 ms", "3 ms", "4 ms"], id="a few milliseconds"),
        pytest.param(180, ["0 ms", "50 ms", "100 ms", "150 ms", "200 ms"], id="usual"),
        pytest.param(30_000, ["0 ms", "10000 ms", "20000 ms", "30000 ms"], id="half a minute"),
        pytest.param(0, ["0 ms", "1 ms"], id="nothing"),
    ],
)
def test_levels_are_round(largest: float, labels: list[str]) -> None:
    chart = lay_out([Point(NOON, largest, largest)], DAY, [])

    assert [line.label for line in chart.lines] == labels


def test_the_picture_tells_those_who_hear_it() -> None:
    svg = drawn(points(10, 20, 400), down=(Span(NOON, after(hours=1)),))

    title, told = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert title is not None
    assert told is not None
    assert title.text == "Response times of shop"
    slowest = "at the slowest time one in twenty took 800 ms or more"
    assert told.text == f"Answers typically took 20 ms; {slowest}. Outages: 1."
    assert svg.get("aria-labelledby") == "c1-title c1-told"


def test_labels_are_in_the_readers_zone() -> None:
    assert [label for label in texts(drawn(points(10))) if ":" in label] == [
        "15:00",
        "19:00",
        "23:00",
        "03:00",
        "07:00",
        "11:00",
    ]


def test_nothing_measured_says_so() -> None:
    assert "Nothing measured yet" in texts(drawn([]))


def test_a_name_stays_text() -> None:
    svg = response_chart("<script>alert(1)</script>", points(1), DAY, PRAGUE, chart_id="c1")

    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg


@given(values=st.lists(st.none() | st.floats(0, 1e6), max_size=25))
def test_everything_lies_on_the_canvas(values: list[float | None]) -> None:
    chart = lay_out(points(*values), DAY, [])

    places = [tuple(map(float, pair.split(","))) for line in (*chart.typical, *chart.slowest) for pair in line.split()]
    assert all(LEFT <= x <= WIDTH and TOP <= y <= HEIGHT - BOTTOM for x, y in places)
