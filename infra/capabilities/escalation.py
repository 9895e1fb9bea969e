"""Escalation: one execution of the state machine per escalation, from the trigger until somebody answers."""

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.acknowledged import keep
from infra.bus import Bus
from infra.capabilities.escalation_states import escalation_states
from infra.function import Function
from infra.operations import Operations
from infra.service_role import ServiceRole
from infra.storage import Records
from tocsin.domain.events import IncidentAcknowledged, IncidentResolved, IncidentTriggered
from tocsin.settings import (
    AdvanceEscalationSettings,
    EndEscalationSettings,
    PageRespondersSettings,
    StartEscalationSettings,
)

TIMEOUT = Duration.seconds(10)


class Escalation(Construct):
    def __init__(self, scope: Construct, name: str, *, directory: Records, incidents: Records, bus: Bus) -> None:
        super().__init__(scope, name)
        advance_escalation = Function(
            self,
            "AdvanceEscalation",
            settings=AdvanceEscalationSettings(directory_table=directory.name, incidents_table=incidents.name),
            timeout=TIMEOUT,
        )
        directory.let(advance_escalation, "GetItem", "Query")
        incidents.let(advance_escalation, "GetItem", "PutItem")

        page_responders = Function(
            self,
            "PageResponders",
            settings=PageRespondersSettings(incidents_table=incidents.name),
            timeout=TIMEOUT,
        )
        incidents.let(page_responders, "GetItem", "Query", "PutItem", "ConditionCheckItem")

        self.state_machine = self._state_machine(advance_escalation, page_responders)
        self._start(incidents, bus)
        self._end(incidents, bus)

    def let_start(self, function: Function) -> None:
        self.state_machine.grant_start_execution(function)

    def _state_machine(self, advance_escalation: Function, page_responders: Function) -> sfn.StateMachine:
        role = ServiceRole(self, "StateMachineRole", service="states")
        role.may("lambda:InvokeFunction", on=[advance_escalation.function_arn, page_responders.function_arn])
        machine = sfn.StateMachine(
            self,
            "StateMachine",
            role=role.as_it_is,
            definition_body=sfn.DefinitionBody.from_chainable(
                escalation_states(self, decide=advance_escalation, page=page_responders)
            ),
        )
        keep(machine, "SF1", "Its history is kept for 90 days anyway; delivering logs takes rights on every log group.")
        keep(machine, "SF2", "Its history says what took how long; traces take rights on every resource.")
        self._alarm(machine, advance_escalation)
        return machine

    def _alarm(self, machine: sfn.StateMachine, advance_escalation: Function) -> None:
        Operations.of(self).alarm(
            self,
            "Failing",
            metric=machine.metric_failed(period=Duration.minutes(1), statistic="Sum"),
            at_least=1,
            says="An escalation's execution failed: the sweeper starts another one",
        )
        Operations.of(self).alarm(
            self,
            "Unanswered",
            metric=advance_escalation.own_metric("Unanswered"),
            at_least=1,
            says="Everyone was paged and nobody answered, or nobody could be paged",
        )

    def _start(self, incidents: Records, bus: Bus) -> None:
        start_escalation = Function(
            self,
            "StartEscalation",
            settings=StartEscalationSettings(
                incidents_table=incidents.name, state_machine_arn=self.state_machine.state_machine_arn
            ),
            timeout=TIMEOUT,
        )
        incidents.let(start_escalation, "Query")
        self.let_start(start_escalation)
        bus.deliver(IncidentTriggered, to=start_escalation)

    def _end(self, incidents: Records, bus: Bus) -> None:
        end_escalation = Function(
            self, "EndEscalation", settings=EndEscalationSettings(incidents_table=incidents.name), timeout=TIMEOUT
        )
        incidents.let(end_escalation, "Query", "PutItem")
        # On the machine, which AWS's reference does not say is possible, but is: see aws/aws-cdk#8486.
        self.state_machine.grant(end_escalation, "states:SendTaskSuccess")
        bus.deliver(IncidentAcknowledged, IncidentResolved, to=end_escalation)
