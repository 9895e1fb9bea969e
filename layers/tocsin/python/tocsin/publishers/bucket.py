"""An S3 bucket in which nobody overwrites what they have not seen."""

from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypedDict

import boto3
from botocore.exceptions import ClientError

from tocsin.aws import client_config
from tocsin.errors import ConflictError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LOST_RACE = {"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"}


class Condition(TypedDict, total=False):
    IfMatch: str
    IfNoneMatch: str


class File(NamedTuple):
    path: str
    body: bytes
    content_type: str
    cache_control: str


class Stored(NamedTuple):
    body: bytes
    etag: str


@cache
def s3() -> "S3Client":
    return boto3.client("s3", config=client_config(attempts=4))


class Bucket:
    def __init__(self, name: str) -> None:
        self._name = name

    def etags(self, prefix: str = "") -> dict[str, str]:
        """What is there now, by path; strongly consistent, as S3's lists are."""
        pages = s3().get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=prefix)
        return {item["Key"]: item["ETag"] for page in pages for item in page.get("Contents", ())}

    def get(self, path: str) -> Stored | None:
        try:
            answer = s3().get_object(Bucket=self._name, Key=path)
        except s3().exceptions.NoSuchKey:
            return None
        return Stored(answer["Body"].read(), answer["ETag"])

    def put(self, file: File) -> None:
        """Whatever is there: for files that only one function writes."""
        s3().put_object(
            Bucket=self._name,
            Key=file.path,
            Body=file.body,
            ContentType=file.content_type,
            CacheControl=file.cache_control,
        )

    def replace(self, file: File, etag: str | None) -> str:
        """Writes over the version with this ETag, None meaning that there is nothing yet, and gives the new ETag.

        Raises ConflictError when the object is another one by now.
        """
        condition: Condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        try:
            answer = s3().put_object(
                Bucket=self._name,
                Key=file.path,
                Body=file.body,
                ContentType=file.content_type,
                CacheControl=file.cache_control,
                **condition,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in LOST_RACE:
                raise ConflictError(f"{file.path}: somebody else wrote this first") from error
            raise
        return answer["ETag"]
