"""Notifications: pages on their way to people, and the link by which a person answers one."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_ses as ses
from constructs import Construct

from infra.acknowledged import keep
from infra.api import Api
from infra.bus import Bus
from infra.function import Function
from infra.storage import Records
from tocsin.domain.events import NotificationRequested
from tocsin.settings import AcknowledgeIncidentSettings, SendNotificationSettings


class Notification(Construct):
    def __init__(
        self, scope: Construct, name: str, *, directory: Records, incidents: Records, bus: Bus, api: Api, sender: str
    ) -> None:
        super().__init__(scope, name)
        self.key = secretsmanager.Secret(
            self,
            "AcknowledgeKey",
            description="Signs the links in pages by which an incident is acknowledged",
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
        )
        keep(self.key, "SMG4", "Rotating it would break the links in pages that are on their way.")
        ses.EmailIdentity(self, "Sender", identity=ses.Identity.email(sender))
        self._send(directory, incidents, bus, api, sender)
        self._acknowledge(directory, incidents, api)

    def _send(self, directory: Records, incidents: Records, bus: Bus, api: Api, sender: str) -> None:
        send_notification = Function(
            self,
            "SendNotification",
            settings=SendNotificationSettings(
                directory_table=directory.name,
                incidents_table=incidents.name,
                acknowledge_key_secret=self.key.secret_arn,
                api_url=api.url,
                sender=sender,
            ),
            timeout=Duration.seconds(15),
        )
        directory.let(send_notification, "GetItem")
        incidents.let(send_notification, "GetItem", "Query", "PutItem")
        send_notification.may(
            "ses:SendEmail",
            on=Stack.of(self).format_arn(service="ses", resource="identity", resource_name="*"),
            only_if={"StringEquals": {"ses:FromAddress": sender}},
            wildcard="In the SES sandbox the right is asked for the recipient's identity too; the sender is fixed.",
        )
        self._let_read_key(send_notification)
        # One at once: a slow SES must not hold up nine other pages, or send them twice.
        bus.deliver(NotificationRequested, to=send_notification, at_once=1)

    def _acknowledge(self, directory: Records, incidents: Records, api: Api) -> None:
        acknowledge_incident = Function(
            self,
            "AcknowledgeIncident",
            settings=AcknowledgeIncidentSettings(
                directory_table=directory.name,
                incidents_table=incidents.name,
                acknowledge_key_secret=self.key.secret_arn,
            ),
            timeout=Duration.seconds(10),
        )
        directory.let(acknowledge_incident, "GetItem")
        incidents.let(acknowledge_incident, "GetItem", "PutItem")
        self._let_read_key(acknowledge_incident)
        api.open_route("/ack/{token}", apigateway.HttpMethod.GET, apigateway.HttpMethod.POST, to=acknowledge_incident)

    def _let_read_key(self, function: Function) -> None:
        function.may("secretsmanager:GetSecretValue", on=self.key.secret_arn)
