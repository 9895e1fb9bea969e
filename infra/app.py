"""The CDK app: one stack in the home region, one in each region that probes."""

from aws_cdk import App, Environment

from infra.configuration import Configuration
from infra.stack import CloudStack, HomeStack, ProbeStack

HOME = "Tocsin"


def build(app: App) -> App:
    configuration = Configuration.from_context(app.node)
    home = HomeStack(app, HOME, configuration=configuration, env=Environment(region=configuration.home_region))
    CloudStack(app, f"{HOME}-Cloud", bus=home.bus, env=Environment(region=configuration.home_region))
    for region in configuration.probe_regions:
        probe = ProbeStack(
            app, f"{HOME}-Probe-{region}", configuration=configuration, home=HOME, env=Environment(region=region)
        )
        probe.add_stack_dependency(home, "checks need the tables of the home region")
    return app


if __name__ == "__main__":
    build(App()).synth()
