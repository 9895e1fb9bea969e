"""Incidents: opened, joined and ended by what happens to monitors."""

from aws_cdk import Duration
from constructs import Construct

from infra.bus import Bus
from infra.function import Function
from infra.storage import Records
from tocsin.domain.events import MonitorDegraded, MonitorPaused, MonitorRecovered, MonitorRemoved, MonitorWentDown
from tocsin.settings import UpdateIncidentSettings


class Incidents(Construct):
    def __init__(self, scope: Construct, name: str, *, directory: Records, incidents: Records, bus: Bus) -> None:
        super().__init__(scope, name)
        update_incident = Function(
            self,
            "UpdateIncident",
            settings=UpdateIncidentSettings(directory_table=directory.name, incidents_table=incidents.name),
            timeout=Duration.seconds(10),
        )
        directory.let(update_incident, "GetItem")
        incidents.let(update_incident, "GetItem", "PutItem", "DeleteItem")
        bus.deliver(
            MonitorWentDown, MonitorDegraded, MonitorRecovered, MonitorRemoved, MonitorPaused, to=update_incident
        )
