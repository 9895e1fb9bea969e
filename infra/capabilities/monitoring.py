"""Monitors: what the regions saw becomes down or recovered."""

from aws_cdk import Duration
from constructs import Construct

from infra.bus import Bus
from infra.function import Function
from infra.storage import Records
from tocsin.domain.events import (
    HeartbeatRescheduled,
    MaintenanceBegan,
    MaintenanceEnded,
    MonitorDoubted,
    MonitorPaused,
    MonitorRemoved,
    ObservationChanged,
)
from tocsin.settings import JudgeMonitorSettings


class Monitoring(Construct):
    def __init__(self, scope: Construct, name: str, *, directory: Records, monitoring: Records, bus: Bus) -> None:
        super().__init__(scope, name)
        judge_monitor = Function(
            self,
            "JudgeMonitor",
            settings=JudgeMonitorSettings(directory_table=directory.name, monitoring_table=monitoring.name),
            timeout=Duration.seconds(10),
        )
        directory.let(judge_monitor, "GetItem", "Query")
        monitoring.let(judge_monitor, "GetItem", "PutItem", "DeleteItem", "Query")
        bus.deliver(
            ObservationChanged,
            MonitorDoubted,
            MonitorRemoved,
            MonitorPaused,
            HeartbeatRescheduled,
            MaintenanceBegan,
            MaintenanceEnded,
            to=judge_monitor,
        )
