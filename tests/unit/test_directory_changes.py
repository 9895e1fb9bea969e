"""What changes, in an order in which no name leads nowhere; and who is on call because of it."""

from datetime import datetime, timedelta

from tests.support.builders import NOON
from tests.support.files import SMALL, with_change
from tocsin.cli.file.reading import read_text
from tocsin.domain.directory import Directory
from tocsin.domain.directory_changes import Action, FieldChange, changes
from tocsin.domain.duty import Duty, duties

BEFORE = read_text(SMALL)


def changed(old: str, new: str, text: str = SMALL) -> Directory:
    return read_text(with_change(old, new, text))


def told(before: Directory | None, after: Directory) -> list[tuple[str, Action]]:
    return [(change.name, change.action) for change in changes(before, after)]


def test_at_first_everything_is_added_from_what_is_named_to_what_names_it() -> None:
    assert told(None, BEFORE) == [
        ("organization/organization", Action.ADDED),
        ("regions/regions", Action.ADDED),
        ("person/alice", Action.ADDED),
        ("person/bob", Action.ADDED),
        ("schedule/primary", Action.ADDED),
        ("escalation_policy/default", Action.ADDED),
        ("service/web", Action.ADDED),
        ("monitor/home", Action.ADDED),
        ("status_page/public", Action.ADDED),
    ]


def test_the_same_file_changes_nothing() -> None:
    assert changes(BEFORE, read_text(SMALL)) == ()


def test_the_order_in_the_file_is_no_change() -> None:
    alice = "  alice: {name: Alice, email: alice@acme.example}\n"
    bob = '  bob: {name: Bob, email: bob@acme.example, phone: "+420601123456"}\n'

    assert changes(BEFORE, changed(alice + bob, bob + alice)) == ()


def test_a_change_names_its_fields() -> None:
    (change,) = changes(BEFORE, changed("    timeout: 10s", "    timeout: 5s\n    quorum: 2"))

    assert (change.name, change.action) == ("monitor/home", Action.CHANGED)
    assert change.fields() == (
        FieldChange("timeout", timedelta(seconds=10), timedelta(seconds=5)),
        FieldChange("quorum", "majority", 2),
    )


def test_a_change_inside_lists_and_what_was_not_there() -> None:
    person = changes(BEFORE, changed(', phone: "+420601123456"', ""))[0]
    layers = changes(BEFORE, changed("every: 1 week", "every: 2 weeks"))[0]
    people = changes(BEFORE, changed("[alice, bob]", "[alice]"))[0]

    assert person.fields() == (FieldChange("phone", "+420601123456", None),)
    assert layers.fields() == (FieldChange("layers[0].rotation.every.count", 1, 2),)
    assert people.fields() == (FieldChange("layers[0].people", (("alice",), ("bob",)), (("alice",),)),)


def test_a_change_of_what_is_expected_is_told_in_words() -> None:
    (change,) = changes(
        BEFORE,
        changed(
            "expect: {status: 200, body: [contains: Welcome]}",
            'expect: {body: [contains: Hello], json: {"length(items)": {at_least: 1}}, certificate: {valid_for: 14d}}\n'
            "    degraded: {latency: {above: 800ms}}",
        ),
    )

    assert change.fields() == (
        FieldChange("expect.status", "200", None),
        FieldChange("expect.body", 'something with "Welcome" in it', 'something with "Hello" in it'),
        FieldChange("expect.json length(items)", None, "at least 1"),
        FieldChange("expect.certificate valid_for", None, "at least 14 days"),
        FieldChange("degraded.latency", None, "more than 800 ms"),
    )


def test_removals_come_last_and_the_other_way_round() -> None:
    text = with_change("  bob: {", "  carol: {name: Carol, email: carol@acme.example}\n  bob: {")
    text = with_change("services:\n", "services:\n  api: {name: API, escalation_policy: default}\n", text)

    assert told(read_text(text), BEFORE) == [("service/api", Action.REMOVED), ("person/carol", Action.REMOVED)]
    assert changes(read_text(text), BEFORE)[0].fields() == ()


def test_replacing_someone_adds_first_and_removes_last() -> None:
    text = SMALL.replace("alice", "carol")

    assert told(BEFORE, read_text(text)) == [
        ("person/carol", Action.ADDED),
        ("schedule/primary", Action.CHANGED),
        ("person/alice", Action.REMOVED),
    ]


def test_who_is_on_call_before_and_after() -> None:
    after = changed("[alice, bob]", "[bob, alice]")
    first_turn = datetime.fromisoformat("2026-01-06T12:00+01:00")

    assert duties(BEFORE, after, first_turn) == (Duty("primary", ("alice",), ("bob",)),)
    assert duties(BEFORE, after, first_turn + timedelta(weeks=1)) == (Duty("primary", ("bob",), ("alice",)),)


def test_schedules_that_come_and_go() -> None:
    renamed = read_text(SMALL.replace("primary", "second"))

    assert duties(None, BEFORE, NOON) == (Duty("primary", None, ("alice",)),)
    assert duties(BEFORE, renamed, NOON) == (Duty("second", None, ("alice",)), Duty("primary", ("alice",), None))
