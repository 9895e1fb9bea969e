"""What is left to look at after the outage: copies on disk, and how the escalation went."""

from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from demo.observer import Execution, Observer
from demo.outage import Outcome
from tocsin.cli.local import deployment


def show(console: Console, observer: Observer, outcome: Outcome, folder: Path) -> None:
    """The demo's stack is stopped when the story is over, so what it published is kept in `folder`."""
    page = _keep_bucket(observer, observer.outputs["StatusPageBucket"], folder / "status-page") / "index.html"
    drafts = _keep_bucket(observer, observer.outputs["PostmortemBucket"], folder)
    postmortem = next((drafts / "postmortems").glob(f"*{outcome.incident.incident_id}*"))
    console.print()
    console.print(_history(outcome.execution))
    for name, value in {
        "Times": _times(outcome),
        "Execution": outcome.execution.arn,
        "Postmortem": f"{postmortem}  ({outcome.postmortem})",
        "E-mails": _keep_emails(observer, outcome, folder / "emails"),
        "Status page": f"{page}  ({observer.addresses.status_page})",
        "": f"to click through it: python3 -m http.server --directory {page.parent}",
    }.items():
        console.print(f"{name:<12} {value}", highlight=False, soft_wrap=True)


def _keep_emails(observer: Observer, outcome: Outcome, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    sent = [email for email in observer.inbox.everything() if outcome.incident.incident_id in email.text]
    for number, email in enumerate(sent, start=1):
        (folder / f"{outcome.incident.incident_id}-{number}.txt").write_text(
            f"To: {', '.join(email.to)}\nSubject: {email.subject}\n\n{email.text}"
        )
    return folder


def _keep_bucket(observer: Observer, bucket: str, folder: Path) -> Path:
    s3 = deployment.client(observer.emulator, "s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for stored in page.get("Contents", []):
            copy = folder / stored["Key"]
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(s3.get_object(Bucket=bucket, Key=stored["Key"])["Body"].read())
    return folder


def _times(outcome: Outcome) -> str:
    incident = outcome.incident
    spans = {
        "detect": incident.time_to_detect,
        "acknowledge": incident.time_to_acknowledge,
        "resolve": incident.time_to_resolve,
    }
    times = ", ".join(f"{name} {_seconds(span)}" for name, span in spans.items() if span is not None)
    return f"{times} (acknowledge from the incident on, the others from the first failed check)"


def _history(execution: Execution) -> Table:
    table = Table(title="The escalation, as Step Functions recorded it", title_justify="left")
    table.add_column("after", justify="right")
    table.add_column("state")
    table.add_column("for", justify="right")
    for stay in execution.stays:
        table.add_row(_seconds(stay.entered_after), stay.state, _seconds(stay.length) if stay.length else "")
    return table


def _seconds(span: timedelta) -> str:
    return f"{span.total_seconds():.1f} s"
