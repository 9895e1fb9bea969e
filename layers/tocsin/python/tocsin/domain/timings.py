"""How long each phase of a check took."""

from tocsin.domain.record import Record


class Timings(Record):
    """Milliseconds since the check began; None for a phase that was not reached."""

    lookup: float | None = None
    connect: float | None = None
    tls: float | None = None
    first_byte: float | None = None
    total: float | None = None


REST = "the rest"


def phases(timings: Timings, last: str = REST) -> str:
    """How long each phase took, in milliseconds; empty where only the total is known. `last` names what came last."""
    reached = [
        ("lookup", timings.lookup),
        ("connection", timings.connect),
        ("TLS", timings.tls),
        ("first byte", timings.first_byte),
    ]
    ends = [(name, end) for name, end in reached if end is not None]
    if ends and timings.total is not None:
        ends.append((last, timings.total))
    starts = [0.0, *(end for _, end in ends)]
    spent = [(name, f"{end - start:.0f} ms") for (name, end), start in zip(ends, starts, strict=False)]
    return ", ".join(f"{name} {time}" for name, time in spent if (name, time) != (REST, "0 ms"))
