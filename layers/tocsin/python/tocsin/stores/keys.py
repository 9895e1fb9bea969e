"""Every key there is, in every table. Nothing else spells one."""

from datetime import datetime
from typing import NamedTuple

from tocsin.domain.record import Event


class Key(NamedTuple):
    pk: str
    sk: str


# directory: one partition per kind, so that a kind is read with one query ------------------------


def entity(kind: str, entity_id: str) -> Key:
    """`kind` is the singular of the file's section: `person`, `escalation_policy`, `monitor`, …"""
    return Key(kind, entity_id)


def shards(region: str) -> str:
    """The partition of a region's shards."""
    return f"shards#{region}"


def shard(region: str, shard_id: str) -> Key:
    return Key(shards(region), shard_id)


def shard_list(region: str) -> Key:
    """The ids of a region's shards, in one small item."""
    return Key("shard_list", region)


def placements(monitor_id: str) -> str:
    """The partition of a monitor's placements."""
    return f"placements#{monitor_id}"


def placement(monitor_id: str, region: str) -> Key:
    """Which shard of a region holds a monitor."""
    return Key(placements(monitor_id), region)


def pause(monitor_id: str) -> Key:
    """That somebody paused a monitor, beside what the file says of it."""
    return Key("pause", monitor_id)


def revision() -> Key:
    """Counts what `tocsin apply` writes, so that two at once cannot mix."""
    return Key("revision", "revision")


# monitoring ---------------------------------------------------------------------------------------


def shard_minutes(region: str, shard_id: str) -> str:
    """The partition of a shard's minutes, in their order."""
    return f"minutes#{region}#{shard_id}"


def shard_minute(region: str, shard_id: str, minute: datetime) -> Key:
    """What a shard found in one minute, and what the region thinks of it since."""
    return Key(shard_minutes(region, shard_id), instant(minute))


def shard_hours(region: str, shard_id: str) -> str:
    """The partition of what a shard's hours come to."""
    return f"hours#{region}#{shard_id}"


def shard_days(region: str, shard_id: str) -> str:
    return f"days#{region}#{shard_id}"


def windows_on() -> Key:
    """The maintenance windows that are known to be on."""
    return Key("maintenance", "on")


def heartbeat(monitor_id: str) -> Key:
    return Key(f"heartbeat#{monitor_id}", "heartbeat")


def heartbeat_body(monitor_id: str) -> Key:
    """What the last call that wrote any wrote: an item of its own, as it may be a hundred times the heartbeat."""
    return Key(f"heartbeat#{monitor_id}", "body")


def monitor_status(monitor_id: str) -> Key:
    return Key(f"monitor#{monitor_id}", "status")


MONITOR_CHANGE = "change#"


def monitor_change(monitor_id: str, at: datetime) -> Key:
    return Key(f"monitor#{monitor_id}", f"{MONITOR_CHANGE}{instant(at)}")


NOT_UP = "not_up"
"""The partition of the monitors that are shown as anything but up."""


def not_up(monitor_id: str) -> Key:
    return Key(NOT_UP, monitor_id)


def doubts() -> Key:
    """What the sweeper has asked about: one item for all monitors."""
    return Key("doubts", "doubts")


# incidents: one partition per incident ------------------------------------------------------------


def incident(incident_id: str) -> Key:
    return Key(f"incident#{incident_id}", "incident")


def timeline(incident_id: str, at: datetime, entry_id: str) -> Key:
    return Key(f"incident#{incident_id}", f"timeline#{instant(at)}#{entry_id}")


def status_update(incident_id: str, at: datetime) -> Key:
    return Key(f"incident#{incident_id}", f"update#{instant(at)}")


def escalation(incident_id: str, escalation_id: str) -> Key:
    return Key(f"incident#{incident_id}", f"escalation#{escalation_id}")


def notification(incident_id: str, notification_id: str) -> Key:
    return Key(f"incident#{incident_id}", f"notification#{notification_id}")


def postmortem(incident_id: str) -> Key:
    return Key(f"incident#{incident_id}", "postmortem")


def alert(alert_id: str) -> Key:
    return Key(f"alert#{alert_id}", "alert")


def open_incident(service_id: str) -> Key:
    """The one open incident of a service, so that two workers cannot open two."""
    return Key(f"service#{service_id}", "open_incident")


# every table: the outbox --------------------------------------------------------------------------

OUTBOX_PREFIX = "OUTBOX#"


def outbox(event: Event) -> Key:
    return Key(f"{OUTBOX_PREFIX}{event.event_id}", "event")


def instant(moment: datetime) -> str:
    """Sorts as time does: UTC, always with microseconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
