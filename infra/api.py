"""The HTTP API: what people and third parties call."""

import json

import jsii
from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigateway as access_logs
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.acknowledged import keep
from infra.function import Function


class Api(Construct):
    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        self._api = apigateway.HttpApi(self, "HttpApi", create_default_stage=False)
        log = logs.LogGroup(
            self, "AccessLog", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
        )
        apigateway.HttpStage(
            self,
            "Stage",
            http_api=self._api,
            stage_name="$default",
            auto_deploy=True,
            # Jobs call on the hour, all at once.
            throttle=apigateway.ThrottleSettings(rate_limit=200, burst_limit=500),
            access_log_settings=_AccessLog(log),
        )
        self.url = self._api.api_endpoint

    def open_route(self, path: str, *methods: apigateway.HttpMethod, to: Function) -> None:
        """A route that anybody may call; the function decides by what it is handed."""
        routes = self._api.add_routes(
            path=path,
            methods=list(methods),
            integration=integrations.HttpLambdaIntegration(f"{to.node.id}Integration", to),
            authorizer=apigateway.HttpNoneAuthorizer(),
        )
        for route in routes:
            keep(route, "APIG4", "Open on purpose: the function checks the secret that the address itself carries.")


_LOGGED = {
    "requestId": "$context.requestId",
    "at": "$context.requestTimeEpoch",
    "from": "$context.identity.sourceIp",
    "route": "$context.routeKey",
    "status": "$context.status",
    "latency": "$context.responseLatency",
    "error": "$context.integrationErrorMessage",
}


@jsii.implements(apigateway.IAccessLogSettings)
class _AccessLog:
    def __init__(self, group: logs.LogGroup) -> None:
        self._group = group

    @property
    def destination(self) -> apigateway.IAccessLogDestination:
        return apigateway.LogGroupLogDestination(self._group)

    @property
    def format(self) -> access_logs.AccessLogFormat:
        # The route and not the path: a path may hold a token that acknowledges an incident.
        return access_logs.AccessLogFormat.custom(json.dumps(_LOGGED))
