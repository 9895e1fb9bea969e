"""Pages by e-mail, through SES."""

from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tocsin.aws import client_config
from tocsin.domain.page import Page
from tocsin.errors import DeliveryError
from tocsin.templates import templates

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

PERMANENT = frozenset({"BadRequestException", "MessageRejected", "NotFoundException"})
"""What SES calls a message that no further try will get through."""


@cache
def ses() -> "SESV2Client":
    return boto3.client("sesv2", config=client_config())


class EmailChannel:
    """`sender` is a verified SES address."""

    def __init__(self, sender: str) -> None:
        self._sender = sender

    def send(self, page: Page) -> str:
        """SES's id of the message. Raises DeliveryError."""
        try:
            answer = ses().send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [page.to.email]},
                Content={"Simple": _message(page)},
            )
        except ClientError as refused:
            code = refused.response["Error"]["Code"]
            raise DeliveryError(f"SES answered {code}", permanent=code in PERMANENT) from refused
        except BotoCoreError as unreachable:
            raise DeliveryError("SES could not be reached", permanent=False) from unreachable
        return answer["MessageId"]


def _message(page: Page) -> Any:
    """The references let a mailbox show all messages of one incident as one conversation."""
    reference = f"<{page.incident_id}@tocsin>"
    return {
        "Subject": _utf8(page.subject),
        "Body": {"Text": _utf8(_render("page.txt.j2", page)), "Html": _utf8(_render("page.html.j2", page))},
        "Headers": [
            {"Name": "References", "Value": reference},
            {"Name": "X-Tocsin-Incident", "Value": page.incident_id},
        ],
    }


def _render(template: str, page: Page) -> str:
    return templates(__package__).get_template(template).render(page=page)


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
