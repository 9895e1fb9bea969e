"""The e-mail that the emulator's SES took, as a person would find it in a mailbox."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tocsin.cli.local import browse
from tocsin.cli.local.record import Emulator

_ACKNOWLEDGE = re.compile(r"https?://\S+/ack/[\w.~-]+")


@dataclass(frozen=True)
class Email:
    to: tuple[str, ...]
    subject: str
    text: str
    html: str
    received_at: datetime

    @property
    def acknowledge_link(self) -> str | None:
        found = _ACKNOWLEDGE.search(self.text)
        return found[0] if found else None


class Inbox:
    def __init__(self, emulator: Emulator) -> None:
        self._url = f"{emulator.endpoint}/_ministack/ses/messages"

    def everything(self) -> tuple[Email, ...]:
        """Oldest first, whoever it was for."""
        accounts = browse.get(self._url).json()["messages"].values()
        emails = (_email(message) for messages in accounts for message in messages)
        return tuple(sorted(emails, key=lambda email: email.received_at))

    def of(self, address: str, *, since: datetime) -> tuple[Email, ...]:
        return tuple(email for email in self.everything() if address in email.to and email.received_at >= since)


def _email(message: dict[str, Any]) -> Email:
    return Email(
        to=tuple(message["To"]),
        subject=message["Subject"],
        text=message["BodyText"] or "",
        html=message["BodyHtml"] or "",
        received_at=datetime.fromtimestamp(message["Timestamp"], UTC),
    )
