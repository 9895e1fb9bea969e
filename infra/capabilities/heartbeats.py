"""Heartbeats: jobs call in, and what does not call is told by the sweeper."""

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.acknowledged import keep
from infra.api import Api
from infra.function import Function
from infra.storage import Records
from tocsin.settings import ReceiveHeartbeatSettings

METHODS = (apigateway.HttpMethod.GET, apigateway.HttpMethod.POST, apigateway.HttpMethod.HEAD)


class Heartbeats(Construct):
    def __init__(self, scope: Construct, name: str, *, directory: Records, monitoring: Records, api: Api) -> None:
        super().__init__(scope, name)
        self.key = secretsmanager.Secret(
            self,
            "HeartbeatKey",
            description="Makes the keys in the addresses that jobs call",
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
        )
        keep(self.key, "SMG4", "Rotating it would change the addresses that jobs call.")
        receive_heartbeat = Function(
            self,
            "ReceiveHeartbeat",
            settings=ReceiveHeartbeatSettings(
                directory_table=directory.name,
                monitoring_table=monitoring.name,
                heartbeat_key_secret=self.key.secret_arn,
            ),
            timeout=Duration.seconds(10),
        )
        directory.let(receive_heartbeat, "GetItem")
        monitoring.let(receive_heartbeat, "GetItem", "PutItem")
        receive_heartbeat.may("secretsmanager:GetSecretValue", on=self.key.secret_arn)
        api.open_route("/heartbeat/{key}", *METHODS, to=receive_heartbeat)
        api.open_route("/heartbeat/{key}/{action}", *METHODS, to=receive_heartbeat)
