"""The stacks only put capabilities together, in the order in which data goes through them."""

from aws_cdk import CfnOutput, Environment, Stack
from constructs import Construct

from infra.api import Api
from infra.bus import Bus
from infra.capabilities.archive import Archive
from infra.capabilities.charts import Charts
from infra.capabilities.checking import Checking
from infra.capabilities.escalation import Escalation
from infra.capabilities.heartbeats import Heartbeats
from infra.capabilities.incidents import Incidents
from infra.capabilities.monitoring import Monitoring
from infra.capabilities.notification import Notification
from infra.capabilities.outbox import Outbox
from infra.capabilities.postmortems import Postmortems
from infra.capabilities.results import Results
from infra.capabilities.status_page import StatusPage
from infra.capabilities.sweeping import Sweeping
from infra.configuration import Configuration
from infra.layers import Layers
from infra.operations import Operations
from infra.storage import Records, Storage


class HomeStack(Stack):
    def __init__(self, scope: Construct, name: str, *, configuration: Configuration, env: Environment) -> None:
        super().__init__(scope, name, env=env, description="Tocsin: the home region")
        Operations(self, email=configuration.operations_email)
        Layers(self, dependencies=configuration.dependencies)

        self.bus = bus = Bus(self, "Bus")
        storage, api = Storage(self, "Storage"), Api(self, "Api")
        directory, monitoring = storage.directory.records, storage.monitoring.records
        incidents = storage.incidents.records

        Outbox(self, "Outbox", tables=[storage.directory, storage.monitoring, storage.incidents], bus=bus)
        Monitoring(self, "Monitoring", directory=directory, monitoring=monitoring, bus=bus)
        Results(self, "Results", directory=directory, monitoring=monitoring)
        heartbeats = Heartbeats(self, "Heartbeats", directory=directory, monitoring=monitoring, api=api)
        Incidents(self, "Incidents", directory=directory, incidents=incidents, bus=bus)
        escalation = Escalation(self, "Escalation", directory=directory, incidents=incidents, bus=bus)
        notification = Notification(
            self,
            "Notification",
            directory=directory,
            incidents=incidents,
            bus=bus,
            api=api,
            sender=configuration.sender,
        )
        status_page = StatusPage(
            self, "StatusPage", directory=directory, monitoring=monitoring, incidents=incidents, bus=bus
        )
        Charts(
            self,
            "Charts",
            directory=directory,
            monitoring=monitoring,
            incidents=incidents,
            status_page=status_page,
        )
        postmortems = Postmortems(self, "Postmortems", directory=directory, incidents=incidents, bus=bus)
        Sweeping(
            self,
            "Sweeping",
            directory=directory,
            monitoring=monitoring,
            incidents=incidents,
            escalation=escalation,
        )

        self._tell(
            ApiUrl=api.url,
            StatusPageUrl=status_page.url,
            StatusPageDomain=status_page.domain,
            StatusPageBucket=status_page.bucket.bucket_name,
            PostmortemBucket=postmortems.bucket.bucket_name,
            DirectoryTable=directory.name,
            MonitoringTable=monitoring.name,
            IncidentsTable=incidents.name,
            EventBus=bus.name,
            EscalationStateMachine=escalation.state_machine.state_machine_arn,
            AcknowledgeKeySecret=notification.key.secret_arn,
            HeartbeatKeySecret=heartbeats.key.secret_arn,
            HomeRegion=configuration.home_region,
            ProbeRegions=",".join(configuration.probe_regions),
        )

    def _tell(self, **outputs: str) -> None:
        for name, value in outputs.items():
            CfnOutput(self, name, value=value)


class ProbeStack(Stack):
    """`home` is the name of the home stack; its tables are reached over the network by name."""

    def __init__(
        self, scope: Construct, name: str, *, configuration: Configuration, home: str, env: Environment
    ) -> None:
        super().__init__(scope, name, env=env, description="Tocsin: checks from one region")
        Operations(self, email=configuration.operations_email)
        Layers(self, dependencies=configuration.dependencies)
        region = configuration.home_region
        Checking(
            self,
            "Checking",
            home_region=region,
            network=configuration.vpc.get(Stack.of(self).region),
            directory=Records.at_home(self, home=home, table="directory", region=region),
            monitoring=Records.at_home(self, home=home, table="monitoring", region=region),
        )


class CloudStack(Stack):
    """What AWS has and the emulator lacks; the embedded stack does without it, everything else is the same."""

    def __init__(self, scope: Construct, name: str, *, bus: Bus, env: Environment) -> None:
        super().__init__(scope, name, env=env, description="Tocsin: what only AWS offers")
        Archive(self, "Archive", bus=bus)
