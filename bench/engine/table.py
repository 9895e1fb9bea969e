"""The tables of the engines: one for HTTP, one for HTTPS."""

from rich.table import Table

from bench.engine.contenders import TOCSIN
from bench.engine.goals import MEGABYTE, Goals, megabytes_per_1000, times_as_many
from bench.engine.measuring import CHECKS, IN_FLIGHT, Case, Measured
from bench.engine.target import BODY_BYTES, HOSTS, SCHEMES

FOOTER = (
    "Processor time of the engine alone, on one core; nginx has the other. Each check is a connection of its own "
    "to one of {hosts} loopback addresses, over TLS with a full handshake and a chain verified against the public "
    "roots, and reads a body of {body:.1f} KB. {checks:,} checks a turn; medians of {rounds} rounds in which all "
    "take turns. “times”: how many checks tocsin makes while the engine makes one. “MB”: at the peak, and what "
    "1,000 more at once would add. check_http verifies nothing and makes a process for each check."
)


def tables(measured: Measured, goals: Goals) -> list[Table]:
    shown = [_table(measured, goals, scheme) for scheme in SCHEMES]
    words = FOOTER.format(hosts=len(HOSTS), body=BODY_BYTES / 1000, checks=CHECKS, rounds=measured.rounds)
    shown[-1].caption = "\n".join((words, *(f"Left out: {reason}." for reason in measured.missing)))
    shown[-1].caption_justify = "left"
    return shown


def _table(measured: Measured, goals: Goals, scheme: str) -> Table:
    shown = Table(title=f"{scheme.upper()} checks per second of processor time", title_justify="left", box=None)
    shown.add_column("engine", no_wrap=True)
    for in_flight in IN_FLIGHT:
        for column in (f"{in_flight} at once", "times", "MB"):
            shown.add_column(column, justify="right", no_wrap=True)
    shown.add_column("goal", justify="right")
    for name in measured.turns:
        goal = goals[scheme].get(name)
        cells = [cell for in_flight in IN_FLIGHT for cell in _cells(measured, name, Case(scheme, in_flight), goal)]
        shown.add_row(name, *cells, "" if goal is None else f"{goal:g}", style="bold" if name == TOCSIN else None)
    return shown


def _cells(measured: Measured, name: str, case: Case, goal: float | None) -> tuple[str, ...]:
    turn = measured.turns[name].get(case)
    if turn is None:
        return "", "", ""
    times, added = times_as_many(measured, name, case), megabytes_per_1000(turn)
    colour = "red" if goal is not None and times < goal else "green"
    return (
        f"{1 / turn.seconds:,.0f}",
        "" if goal is None else f"[{colour}]{times:.2f}[/]",
        "" if turn.peak is None or added is None else f"{turn.peak / MEGABYTE:.0f}, {added:.0f}",
    )
