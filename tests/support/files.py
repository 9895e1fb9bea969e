"""A small `tocsin.yaml`, and what is said about it with one thing changed."""

from tocsin.cli.file.problems import BadFileError
from tocsin.cli.file.reading import read_text

SMALL = """\
organization: {name: Acme, time_zone: Europe/Prague}
regions:
  home: eu-west-1
  probes: [eu-west-1, us-east-1]
people:
  alice: {name: Alice, email: alice@acme.example}
  bob: {name: Bob, email: bob@acme.example, phone: "+420601123456"}
schedules:
  primary:
    layers:
      - rotation: {every: 1 week, start: 2026-01-05T09:00}
        people: [alice, bob]
escalation_policies:
  default:
    steps:
      - {page: [schedule: primary], wait: 5m}
    fallback: [person: bob]
services:
  web: {name: Website, escalation_policy: default}
monitors:
  home:
    service: web
    http: {url: https://acme.example/, method: GET}
    every: 1m
    timeout: 10s
    expect: {status: 200, body: [contains: Welcome]}
status_pages:
  public: {name: Status, components: [{name: Website, service: web}]}
"""


def with_change(old: str, new: str, text: str = SMALL) -> str:
    assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
    return text.replace(old, new)


def said_about(text: str) -> list[str]:
    """The lines that a person gets to read; empty for a file without problems."""
    try:
        read_text(text, "tocsin.yaml")
    except BadFileError as error:
        return error.lines()
    return []
