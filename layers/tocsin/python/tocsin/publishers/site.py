"""The public site: files in a bucket, in which an older state never overwrites a newer one.

A build opens *before* it reads the tables, which notes what is there. It then *claims* the site by writing the
marker over the one it saw, so of two builds only the one that read later can go on. Every file is written over
the version seen at the start, and at the end the marker must still be ours: whoever was overtaken in between
raises ConflictError and builds again from the tables of then.
"""

from collections.abc import Iterable
from hashlib import md5
from typing import NamedTuple

from tocsin.errors import ConflictError
from tocsin.publishers.bucket import Bucket, File

MARKER = "build.json"


class Build(NamedTuple):
    """`seen` are the ETags by path when the build began; `number` counts the builds before it."""

    number: int
    seen: dict[str, str]

    def below(self, folder: str) -> frozenset[str]:
        """The paths that were seen in a folder, as from there; an empty folder means all."""
        return frozenset(path.removeprefix(folder) for path in self.seen if path.startswith(folder))


class Site:
    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def open(self) -> Build:
        """To be called before anything is read that will be published."""
        marker = self._bucket.get(MARKER)
        seen = self._bucket.etags()
        if marker is None:
            return Build(0, {path: etag for path, etag in seen.items() if path != MARKER})
        return Build(int(marker.body), seen | {MARKER: marker.etag})

    def publish(self, build: Build, files: Iterable[File]) -> tuple[str, ...]:
        """Writes what differs, in the order given, and says which paths that were.

        Raises ConflictError when another build came in between: then open anew, read anew and publish again.
        """
        claim = self._bucket.replace(_marker(build.number + 1), build.seen.get(MARKER))
        changed = [file for file in files if not _is_there(file, build)]
        for file in changed:
            self._bucket.replace(file, build.seen.get(file.path))
        self._still_ours(claim)
        return tuple(file.path for file in changed)

    def _still_ours(self, claim: str) -> None:
        marker = self._bucket.get(MARKER)
        if marker is None or marker.etag != claim:
            raise ConflictError("a later build began before this one had ended")


def _marker(number: int) -> File:
    return File(MARKER, str(number).encode(), "application/json", "no-store")


def _is_there(file: File, build: Build) -> bool:
    """S3's ETag of an object written in one part is its MD5."""
    return build.seen.get(file.path) == f'"{md5(file.body, usedforsecurity=False).hexdigest()}"'
