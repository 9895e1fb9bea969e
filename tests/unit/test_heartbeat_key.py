"""A heartbeat's key is ours or it is not: nothing else about it is told."""

import pytest

from tocsin.domain.heartbeat_key import key_of, monitor_of
from tocsin.errors import NotFoundError

SECRET = b"one secret"
KEY = key_of("backup", SECRET)


def test_a_key_says_its_monitor_and_stays_the_same() -> None:
    assert key_of("backup", SECRET) == KEY
    assert KEY.startswith("backup.") and len(KEY) == len("backup.") + 22
    assert monitor_of(KEY, SECRET) == "backup"


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(key_of("backup", b"another secret"), id="made with another secret"),
        pytest.param(KEY.replace("backup", "report"), id="for another monitor"),
        pytest.param(KEY[:-1], id="cut short"),
        pytest.param(f"{KEY}A", id="longer"),
        pytest.param("", id="empty"),
        pytest.param("Ünïcode.ß", id="not ASCII"),
    ],
)
def test_what_is_not_ours_is_not_found(key: str) -> None:
    with pytest.raises(NotFoundError, match="there is no such heartbeat"):
        monitor_of(key, SECRET)
