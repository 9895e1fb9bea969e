"""Whatever the order in which builds read and write, readers end up with the newest state."""

import boto3
import pytest

from tests.support.tables import REGION
from tocsin.errors import ConflictError
from tocsin.publishers.bucket import Bucket, File
from tocsin.publishers.site import MARKER, Site

BUCKET = "site"


@pytest.fixture(autouse=True)
def bucket(aws: None) -> None:
    boto3.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})


@pytest.fixture
def site() -> Site:
    return Site(Bucket(BUCKET))


def a_page(text: str, path: str = "index.html") -> File:
    return File(path, text.encode(), "text/html; charset=utf-8", "public, max-age=15")


def shown(path: str = "index.html") -> str:
    return boto3.client("s3").get_object(Bucket=BUCKET, Key=path)["Body"].read().decode()


def test_a_build_writes_what_differs_with_its_type_and_lifetime(site: Site) -> None:
    site.publish(site.open(), [a_page("up"), a_page("same", "history/index.html")])

    written = site.publish(site.open(), [a_page("down"), a_page("same", "history/index.html")])

    head = boto3.client("s3").head_object(Bucket=BUCKET, Key="index.html")
    assert written == ("index.html",)
    assert shown() == "down"
    assert (head["ContentType"], head["CacheControl"]) == ("text/html; charset=utf-8", "public, max-age=15")


def test_a_build_that_read_earlier_cannot_begin_to_write_after_a_later_one(site: Site) -> None:
    earlier, later = site.open(), site.open()
    site.publish(later, [a_page("newer")])

    with pytest.raises(ConflictError):
        site.publish(earlier, [a_page("older")])

    assert shown() == "newer"


def test_not_even_when_the_later_one_found_nothing_to_change(site: Site) -> None:
    site.publish(site.open(), [a_page("up")])
    earlier, later = site.open(), site.open()
    assert site.publish(later, [a_page("up")]) == ()

    with pytest.raises(ConflictError):
        site.publish(earlier, [a_page("down, as it was for a moment")])

    assert shown() == "up"


class Overtaken(Bucket):
    """Just before this bucket's first page is written, another build runs from beginning to end."""

    def __init__(self, *files: File) -> None:
        super().__init__(BUCKET)
        self._files: tuple[File, ...] | None = files

    def replace(self, file: File, etag: str | None) -> str:
        if file.path != MARKER and self._files is not None:
            files, self._files = self._files, None
            other = Site(Bucket(BUCKET))
            other.publish(other.open(), files)
        return super().replace(file, etag)


def test_a_build_overtaken_while_it_writes_does_not_write_over_the_newer_page(site: Site) -> None:
    site.publish(site.open(), [a_page("up")])
    slow = Site(Overtaken(a_page("newer")))
    build = slow.open()

    with pytest.raises(ConflictError):
        slow.publish(build, [a_page("older")])

    assert shown() == "newer"


def test_a_build_overtaken_by_one_that_wrote_the_same_as_before_knows_it_must_build_again(site: Site) -> None:
    site.publish(site.open(), [a_page("up")])
    slow = Site(Overtaken(a_page("up")))
    build = slow.open()

    with pytest.raises(ConflictError, match="later build"):
        slow.publish(build, [a_page("down")])
    slow.publish(slow.open(), [a_page("up")])

    assert shown() == "up"


def test_a_build_that_died_half_way_is_finished_by_the_next(site: Site) -> None:
    class DyingError(Exception):
        pass

    class Dying(Bucket):
        def replace(self, file: File, etag: str | None) -> str:
            if file.path == "index.html":
                raise DyingError
            return super().replace(file, etag)

    pages = [a_page("report", "incidents/1/index.html"), a_page("down")]
    dying = Site(Dying(BUCKET))
    with pytest.raises(DyingError):
        dying.publish(dying.open(), pages)

    assert site.publish(site.open(), pages) == ("index.html",)
