"""What AWS refuses, in words for the person at the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tocsin.errors import RefusedError

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

NOT_ALLOWED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
NOT_KNOWN = {
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}


@contextmanager
def clear_failures() -> Iterator[None]:
    """Raises RefusedError for what boto3 raises in the block."""
    from botocore import exceptions as aws

    try:
        yield
    except (aws.NoCredentialsError, aws.PartialCredentialsError, aws.CredentialRetrievalError, aws.SSOError) as error:
        raise RefusedError(f"no AWS credentials ({error}); sign in, or set AWS_PROFILE") from error
    except aws.ProfileNotFound as error:
        raise RefusedError(f"{error}; set AWS_PROFILE to one that exists") from error
    except (aws.HTTPClientError, aws.ConnectionError) as error:
        raise RefusedError(f"AWS does not answer ({error})") from error
    except aws.ClientError as error:
        raise RefusedError(_refusal(error)) from error
    except aws.BotoCoreError as error:
        raise RefusedError(f"AWS cannot be asked ({error})") from error


def _refusal(error: "ClientError") -> str:
    code, message = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
    if code in NOT_ALLOWED:
        return f"your AWS credentials may not call {error.operation_name}: {message}"
    if code in NOT_KNOWN:
        return f"AWS does not take your credentials ({code}); sign in again"
    return f"AWS refused {error.operation_name}: {code} {message}".rstrip()
