"""What stands there by itself, read from the synthesized templates: it costs the same with any number of monitors."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.support.template import Template, templates


class Deployed(NamedTuple):
    """Of one stack. `memory` is in gigabytes, by function."""

    alarms: int
    polled_queues: int
    polled_fifo_queues: int
    secrets: int
    memory: Mapping[str, float]


class Stacks(NamedTuple):
    home: Deployed
    probe: Deployed
    """One of the regions that probe: they are all the same."""


def deployed() -> Stacks:
    with TemporaryDirectory(prefix="tocsin-bench-") as folder:
        stacks = templates(Path(folder))
    home = stacks["Tocsin"]
    probe = next(stack for name, stack in stacks.items() if "Probe" in name)
    return Stacks(_read(home), _read(probe))


def _read(stack: Template) -> Deployed:
    queues = stack.of_type("AWS::SQS::Queue")
    sources = [
        stack.written(each["EventSourceArn"]) for each in stack.of_type("AWS::Lambda::EventSourceMapping").values()
    ]
    polled = [queues[source] for source in sources if source in queues]
    fifo = sum(bool(queue.get("FifoQueue")) for queue in polled)
    return Deployed(
        alarms=len(stack.of_type("AWS::CloudWatch::Alarm")),
        polled_queues=len(polled) - fifo,
        polled_fifo_queues=fifo,
        secrets=len(stack.of_type("AWS::SecretsManager::Secret")),
        memory={name: found["MemorySize"] / 1024 for name, found in stack.functions().items()},
    )
