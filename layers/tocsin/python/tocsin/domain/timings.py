"""How long each phase of a check took."""

from tocsin.domain.record import Record


class Timings(Record):
    """Milliseconds since the check began; None for a phase that was not reached."""

    lookup: float | None = None
    connect: float | None = None
    tls: float | None = None
    first_byte: float | None = None
    total: float | None = None


def phases(timings: Timings) -> str:
    """Where the time went: how long each phase took, in milliseconds."""
    reached = [
        ("lookup", timings.lookup),
        ("connection", timings.connect),
        ("TLS", timings.tls),
        ("first byte", timings.first_byte),
        ("body", timings.total),
    ]
    ends = [(name, end) for name, end in reached if end is not None]
    starts = [0.0, *(end for _, end in ends)]
    return ", ".join(f"{name} {end - start:.0f} ms" for (name, end), start in zip(ends, starts, strict=False))
