"""What crosses a process boundary: frozen records that refuse what they do not know."""

import hashlib
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict


def _in_utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment in time: aware and in UTC here, ISO 8601 with `Z` outside the process."""


class Record(BaseModel):
    # A function uses few of the records it imports: each validator is made when it is first needed.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Event(Record):
    """Something that happened at `occurred_at`. The class name is the EventBridge detail-type."""

    occurred_at: Instant

    @property
    def event_id(self) -> str:
        """The same for every copy of the same fact, so that saving it twice is harmless."""
        fact = f"{type(self).__name__} {self.model_dump_json()}"
        return hashlib.sha256(fact.encode()).hexdigest()[:32]
