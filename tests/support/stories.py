"""The file that the end-to-end stories share: each story has a shop, a service and people of its own."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from demo.shop import Shop

WAIT = timedelta(seconds=10)
"""How long each step waits for an answer."""

STEPS = ("first", "second")
FALLBACK = "boss"
JOB = "nightly"
"""A heartbeat beside the shop of the story about one; its period and its grace are the shortest there are."""
CALLED = "called"
"""That story."""


def address(story: str, role: str) -> str:
    return f"{role}.{story}@acme.example"


def a_file(shops: Mapping[str, Shop]) -> dict[str, Any]:
    """What `tocsin apply` reads. The ids are the stories' names; those of people say their role as well."""
    return {
        "organization": {"name": "Acme"},
        "regions": {
            "home": "eu-west-1",
            "probes": ["eu-west-1", "us-east-1", "ap-southeast-2"],
            "allow_private_targets": True,
        },
        "people": {_person(story, role): _about(story, role) for story in shops for role in (*STEPS, FALLBACK)},
        "escalation_policies": {story: _policy(story) for story in shops},
        "services": {story: {"name": f"Shop of {story}", "escalation_policy": story} for story in shops},
        "monitors": {story: _monitor(story, shop) for story, shop in shops.items()} | _job(shops),
        "status_pages": {"public": {"name": "Acme Status", "components": [_component(story) for story in shops]}},
    }


def _person(story: str, role: str) -> str:
    return f"{story}-{role}"


def _about(story: str, role: str) -> dict[str, str]:
    return {"name": f"{role.title()} of {story}", "email": address(story, role)}


def _policy(story: str) -> dict[str, Any]:
    steps = [{"page": [{"person": _person(story, role)}], "wait": f"{WAIT.total_seconds():g}s"} for role in STEPS]
    return {"steps": steps, "repeat": 1, "fallback": [{"person": _person(story, FALLBACK)}]}


def _monitor(story: str, shop: Shop) -> dict[str, Any]:
    return {"service": story, "http": shop.url, "every": "10s", "timeout": "3s", "expect": {"status": 200}}


def _job(shops: Mapping[str, Shop]) -> dict[str, Any]:
    return {JOB: {"service": CALLED, "heartbeat": {"every": "1m", "grace": "1m"}}} if CALLED in shops else {}


def _component(story: str) -> dict[str, str]:
    return {"name": f"Shop of {story}", "service": story}
