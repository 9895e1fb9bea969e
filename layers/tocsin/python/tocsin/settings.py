"""What each function is told by its environment. The same classes make that environment at synthesis."""

import os
from typing import Self

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Each field is an environment variable of the same name in capitals."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    @classmethod
    def from_environment(cls) -> Self:
        return cls.model_validate(
            {name: os.environ[name.upper()] for name in cls.model_fields if name.upper() in os.environ}
        )

    def as_environment(self) -> dict[str, str]:
        return {name.upper(): str(value) for name, value in self}


class ScheduleChecksSettings(Settings):
    home_region: str
    directory_table: str
    check_queue_url: str


class RunChecksSettings(Settings):
    home_region: str
    check_queue_url: str
    directory_table: str
    monitoring_table: str


class RollUpResultsSettings(Settings):
    directory_table: str
    monitoring_table: str


class ReceiveHeartbeatSettings(Settings):
    directory_table: str
    monitoring_table: str
    heartbeat_key_secret: str


class RelayEventsSettings(Settings):
    event_bus: str


class JudgeMonitorSettings(Settings):
    directory_table: str
    monitoring_table: str


class UpdateIncidentSettings(Settings):
    directory_table: str
    incidents_table: str


class StartEscalationSettings(Settings):
    incidents_table: str
    state_machine_arn: str


class AdvanceEscalationSettings(Settings):
    directory_table: str
    incidents_table: str


class PageRespondersSettings(Settings):
    incidents_table: str


class EndEscalationSettings(Settings):
    incidents_table: str


class SendNotificationSettings(Settings):
    directory_table: str
    incidents_table: str
    acknowledge_key_secret: str
    api_url: str
    sender: str


class AcknowledgeIncidentSettings(Settings):
    directory_table: str
    incidents_table: str
    acknowledge_key_secret: str


class PublishStatusPageSettings(Settings):
    directory_table: str
    incidents_table: str
    monitoring_table: str
    bucket: str
    page_url: str


class PublishChartsSettings(Settings):
    directory_table: str
    incidents_table: str
    monitoring_table: str
    bucket: str


class DraftPostmortemSettings(Settings):
    directory_table: str
    incidents_table: str
    bucket: str


class SweepSettings(Settings):
    directory_table: str
    monitoring_table: str
    incidents_table: str
    state_machine_arn: str
