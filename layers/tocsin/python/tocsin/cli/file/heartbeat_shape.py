"""What may stand under `heartbeat`."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, WithJsonSchema

from tocsin.cli.file.entry import Entry, unsaid
from tocsin.cli.file.time_values import Duration, Lasting, Zone
from tocsin.cli.file.wording import shown, wrong
from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.cron import next_run

SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def _cron(value: str) -> str:
    try:
        if len(value.split()) != 5:
            raise ValueError("it needs five fields")
        next_run(value, SOME_DAY, "Etc/UTC")
    except ValueError as error:
        why = str(error.__cause__ or error).removeprefix(f"{value!r} ")
        raise wrong(f"{shown(value)} is no time for cron ({why}); write it as in `0 2 * * *`") from None
    return value


Cron = Annotated[str, AfterValidator(_cron), WithJsonSchema({"type": "string", "pattern": r"^\s*(\S+\s+){4}\S+\s*$"})]


def _when(schema: dict[str, Any]) -> None:
    schema["oneOf"] = [{"required": ["every"]}, {"required": ["cron"]}]


class HeartbeatEntry(Entry):
    """A monitor that is not checked but called, either `every` so often or when `cron` says."""

    model_config = ConfigDict(json_schema_extra=_when)

    every: Annotated[Duration, Lasting("1m", "366 days")] = unsaid()
    """From one call to the next."""
    cron: Cron = unsaid()
    """Minute, hour, day of the month, month, day of the week, as Debian's cron reads them."""
    time_zone: Zone | None = None
    """Of `cron`; the organization's when left out."""
    grace: Annotated[Duration, Lasting("1m", "366 days")] = timedelta(hours=1)
    """How long after it is due, or a run began, until it is down."""
    allow_get: bool = True
    """`false` takes POST only: scanners of links call with GET."""

    def check(self, default_zone: str = "Etc/UTC") -> HeartbeatCheck:
        return HeartbeatCheck(
            period=self.every,
            cron=self.cron,
            time_zone=self.time_zone or default_zone,
            grace=self.grace,
            allow_get=self.allow_get,
        )
