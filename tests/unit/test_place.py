"""Where something listens, as people write it."""

import pytest

from tocsin.domain.place import Place


@pytest.mark.parametrize(
    ("text", "default_port", "place", "shown"),
    [
        pytest.param("db.acme.example:5432", None, ("db.acme.example", 5432), "db.acme.example:5432", id="a name"),
        pytest.param("192.0.2.1:22", None, ("192.0.2.1", 22), "192.0.2.1:22", id="an address"),
        pytest.param("[2001:DB8::1]:443", None, ("2001:db8::1", 443), "[2001:db8::1]:443", id="an IPv6 address"),
        pytest.param(" shop:80 ", None, ("shop", 80), "shop:80", id="with space around"),
        pytest.param("shop", 25, ("shop", 25), "shop:25", id="without its port"),
        pytest.param("[::1]", 25, ("::1", 25), "[::1]:25", id="an IPv6 address without its port"),
        pytest.param("shop:26", 25, ("shop", 26), "shop:26", id="another port than usual"),
    ],
)
def test_a_place(text: str, default_port: int | None, place: tuple[str, int], shown: str) -> None:
    found = Place.parse(text, default_port)

    assert (tuple(found), str(found)) == (place, shown)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("shop", "'shop' lacks a port, as in shop:443", id="no port"),
        pytest.param("[::1]", "'[::1]' lacks a port, as in [::1]:443", id="no port after brackets"),
        pytest.param(
            "::1:443",
            "'::1:443' is not host:port; an IPv6 address is written as in [2001:db8::1]:443",
            id="no brackets",
        ),
        pytest.param("[::x]:443", "'[::x]:443' has no IPv6 address in its brackets", id="nonsense in brackets"),
        pytest.param("[]:443", "'[]:443' has no IPv6 address in its brackets", id="nothing in brackets"),
        pytest.param(":443", "':443' is not host:port: there is no host name or address in it", id="no host"),
        pytest.param("", "'' is not host:port: there is no host name or address in it", id="nothing"),
        pytest.param("a b:1", "'a b:1' is not host:port: there is no host name or address in it", id="a space"),
        pytest.param(
            "https://shop/",
            "'https://shop/' ends in '//shop/', which is no port: a number from 1 to 65535 is needed",
            id="a URL",
        ),
        pytest.param(
            "shop:0", "'shop:0' ends in '0', which is no port: a number from 1 to 65535 is needed", id="port 0"
        ),
        pytest.param(
            "shop:65536",
            "'shop:65536' ends in '65536', which is no port: a number from 1 to 65535 is needed",
            id="too high",
        ),
        pytest.param(
            "shop:", "'shop:' ends in '', which is no port: a number from 1 to 65535 is needed", id="only the colon"
        ),
        pytest.param(
            "shop:²", "'shop:²' ends in '²', which is no port: a number from 1 to 65535 is needed", id="no digit"
        ),
    ],
)
def test_what_is_no_place_is_told_why(text: str, message: str) -> None:
    with pytest.raises(ValueError) as error:
        Place.parse(text)

    assert str(error.value) == message
