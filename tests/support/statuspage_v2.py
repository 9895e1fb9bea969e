"""Atlassian Statuspage's public API v2, strictly: every field there, none besides, none of another type, in its order.

Written from the published reference and real answers, not from our code.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{12}$")]
Time = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^/\s]+(/\S*)?$")]
ComponentStatus = Literal["operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"]
Indicator = Literal["none", "minor", "major", "critical", "maintenance"]
IncidentStatus = Literal["investigating", "identified", "monitoring", "resolved", "postmortem"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Page(Strict):
    id: Id
    name: str
    url: Url
    time_zone: str
    updated_at: Time


class Status(Strict):
    indicator: Indicator
    description: str


class Component(Strict):
    id: Id
    name: str
    status: ComponentStatus
    created_at: Time
    updated_at: Time
    position: Annotated[int, Field(ge=1)]
    description: str | None
    showcase: bool
    start_date: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")] | None
    group_id: Id | None
    page_id: Id
    group: Literal[False]
    only_show_if_degraded: bool


class Group(Component):
    group: Literal[True]  # type: ignore[assignment]
    components: list[Id]


class AffectedComponent(Strict):
    code: Id
    name: str
    old_status: ComponentStatus
    new_status: ComponentStatus


class Update(Strict):
    id: Id
    status: IncidentStatus
    body: str
    incident_id: Id
    created_at: Time
    updated_at: Time
    display_at: Time
    affected_components: list[AffectedComponent]
    deliver_notifications: bool
    custom_tweet: str | None
    tweet_id: int | None


class Incident(Strict):
    id: Id
    name: str
    status: IncidentStatus
    created_at: Time
    updated_at: Time
    monitoring_at: Time | None
    resolved_at: Time | None
    impact: Indicator
    shortlink: Url
    started_at: Time
    page_id: Id
    incident_updates: list[Update]
    components: list[Component]
    reminder_intervals: str | None

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        assert {update.incident_id for update in self.incident_updates} <= {self.id}
        assert (self.resolved_at is not None) == (self.status in ("resolved", "postmortem"))
        newest_first = sorted((update.display_at for update in self.incident_updates), reverse=True)
        assert [update.display_at for update in self.incident_updates] == newest_first
        return self


class Answer(Strict):
    page: Page


class Summary(Answer):
    components: list[Group | Component]
    incidents: list[Incident]
    scheduled_maintenances: Annotated[list[Any], Field(max_length=0)]
    status: Status

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        known = {component.id: component for component in self.components}
        assert len(known) == len(self.components), "ids are unique"
        assert {component.page_id for component in self.components} <= {self.page.id}
        for group in (component for component in self.components if isinstance(component, Group)):
            members = [component.id for component in self.components if component.group_id == group.id]
            assert group.components == members, "a group lists its members"
        for incident in self.incidents:
            assert incident.status not in ("resolved", "postmortem"), "only unresolved incidents"
            assert all(component == known[component.id] for component in incident.components)
        return self


class StatusOnly(Answer):
    status: Status


class Components(Answer):
    components: list[Group | Component]


class Incidents(Answer):
    incidents: list[Incident]


class ScheduledMaintenances(Answer):
    scheduled_maintenances: Annotated[list[Any], Field(max_length=0)]


ANSWERS: dict[str, type[Answer]] = {
    "summary": Summary,
    "status": StatusOnly,
    "components": Components,
    "incidents": Incidents,
    "incidents/unresolved": Incidents,
    "scheduled-maintenances": ScheduledMaintenances,
    "scheduled-maintenances/upcoming": ScheduledMaintenances,
    "scheduled-maintenances/active": ScheduledMaintenances,
}


def read(path: str, body: bytes) -> Answer:
    """A file under `api/v2/`, as a client that trusts the reference would read it; its keys in the live API's order."""
    model = ANSWERS[path.removeprefix("api/v2/").removesuffix(".json")]
    answer = model.model_validate_json(body)
    assert answer.model_dump_json().encode() == body, "same fields in the same order"
    return answer
