"""Where a redirect leads, and what may travel there."""

import pytest

from tocsin.domain.check_kinds import HttpCheck, SecretRef
from tocsin.domain.checks import Failure
from tocsin.domain.hops import Hop, Identity, first_hop, is_redirect, next_hop, secrets_of

SECRET_HEADERS: dict[str, str | SecretRef] = {
    "Authorization": "Bearer abc123",
    "X-Api-Key": "k-9876",
    "Accept": "text/html",
}


def a_hop(url: str = "https://shop.example/a", **fields: object) -> Hop:
    return first_hop(HttpCheck.model_validate({"url": url} | fields), revealed)


def revealed(value: str | SecretRef) -> str:
    return value if isinstance(value, str) else f"the secret {value.secret}"


def summary(hop: Hop | Failure) -> tuple[str, str, tuple[str, ...], bytes | None, str]:
    assert isinstance(hop, Hop)
    return hop.method, hop.url.geturl(), tuple(name for name, _ in hop.headers), hop.body, hop.login


@pytest.mark.parametrize(
    ("url", "place", "shown", "login"),
    [
        pytest.param("http://shop.example/", "shop.example:80", "http://shop.example/", "", id="plain"),
        pytest.param("https://shop.example:8443/a", "shop.example:8443", "https://shop.example:8443/a", "", id="port"),
        pytest.param("https://[::1]/", "[::1]:443", "https://[::1]/", "", id="IPv6"),
        pytest.param(
            "https://u%40x:p%2Fw@shop.example/?token=1#f",
            "shop.example:443",
            "https://shop.example/?…",
            "u@x:p/w",
            id="login and query are not shown",
        ),
    ],
)
def test_an_address_is_taken_apart(url: str, place: str, shown: str, login: str) -> None:
    hop = a_hop(url)

    assert (hop.place, hop.shown, hop.login) == (place, shown, login)
    assert "@" not in hop.url.geturl()


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x/",
        "shop.example",
        "http:///path",
        "http://x:port/",
        "http://x:99999/",
        pytest.param("http://%6cocalhost/", id="curl reads localhost"),
        pytest.param("http://shop.example%2eevil.example/", id="curl reads a dot"),
        pytest.param("http://shop.example\\.evil.example/", id="a backslash"),
        pytest.param("http://shop[::1].example/", id="brackets within a name"),
        pytest.param("http://[fe80::1%25eth0]/", id="a zone"),
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"address|[Pp]ort"):
        a_hop(url)


@pytest.mark.parametrize(
    ("status", "location", "follows"),
    [(302, "https://x/", True), (308, "https://x/", True), (302, None, False), (304, "https://x/", False)],
)
def test_what_is_a_redirect(status: int, location: str | None, follows: bool) -> None:
    assert is_redirect(status, location) is follows


@pytest.mark.parametrize(
    ("method", "status", "then"),
    [
        pytest.param("GET", 301, "GET", id="GET stays"),
        pytest.param("HEAD", 302, "HEAD", id="HEAD stays"),
        pytest.param("POST", 303, "GET", id="see other"),
        pytest.param("POST", 302, "GET", id="found, as browsers do"),
        pytest.param("POST", 307, "POST", id="temporary"),
        pytest.param("PUT", 308, "PUT", id="permanent"),
    ],
)
def test_the_method_after_a_redirect(method: str, status: int, then: str) -> None:
    following = next_hop(a_hop(method=method, body="b"), status, "https://shop.example/b")

    assert summary(following) == (then, "https://shop.example/b", (), b"b" if then == method else None, "")


def test_on_the_same_host_everything_goes_along() -> None:
    hop = a_hop("https://u:p@shop.example/a", headers=SECRET_HEADERS)

    following = next_hop(hop, 302, "https://shop.example/b")

    assert summary(following) == ("GET", "https://shop.example/b", tuple(SECRET_HEADERS), None, "u:p")


@pytest.mark.parametrize(
    "location",
    [
        pytest.param("https://evil.example/", id="another host"),
        pytest.param("http://shop.example/", id="unencrypted"),
        pytest.param("https://shop.example:8443/", id="another port"),
        pytest.param("https://u:p@evil.example/", id="a login in the redirect"),
    ],
)
def test_nothing_secret_goes_anywhere_else(location: str) -> None:
    hop = a_hop("https://u:p@shop.example/a", headers=SECRET_HEADERS)

    following = next_hop(hop, 302, location)

    assert summary(following) == ("GET", location.replace("u:p@", ""), ("Accept",), None, "")


def test_a_body_is_not_sent_on_to_another_host() -> None:
    hop = a_hop(method="POST", body="password=1")

    message = "shop.example:443 asks to send the body on to evil.example:443, which is not done"
    assert next_hop(hop, 307, "https://evil.example/") == Failure(expect="redirects", message=message)


@pytest.mark.parametrize("location", ["file:///etc/passwd", "gopher://x/", "http://x:port/", "http://[::1", "http:///"])
def test_only_web_addresses_are_followed(location: str) -> None:
    message = f"shop.example:443 redirects to {location}, which is no web address"
    assert next_hop(a_hop(), 302, location) == Failure(expect="redirects", message=message)


def test_an_address_without_end_is_not_followed() -> None:
    message = f"shop.example:443 redirects to https://x/{'a' * 150}…, which is too long for an address"
    assert next_hop(a_hop(), 302, f"https://x/{'a' * 8192}") == Failure(expect="redirects", message=message)


def test_a_header_may_come_from_a_secret() -> None:
    hop = a_hop(headers={"X-Api-Key": {"secret": "key"}})

    assert hop.headers == (("X-Api-Key", "the secret key"),)


def test_a_client_certificate_stays_with_its_host() -> None:
    hop = a_hop(client_certificate={"certificate": {"secret": "pem"}, "key": {"secret": "key"}})

    here, elsewhere = (next_hop(hop, 302, f"https://{host}/b") for host in ("shop.example", "evil.example"))

    assert isinstance(here, Hop)
    assert isinstance(elsewhere, Hop)
    assert here.identity == hop.identity == Identity("the secret pem", "the secret key")
    assert elsewhere.identity is None


def test_a_token_takes_the_place_of_any_other_authorization() -> None:
    hop = a_hop("https://u:p@shop.example/", headers={"authorization": "Basic x", "Accept": "text/html"})

    bearing = hop.bearing("abc")

    assert (bearing.login, bearing.headers) == ("", (("Accept", "text/html"), ("Authorization", "Bearer abc")))


def test_secrets_of_a_check_are_its_login_and_what_its_headers_say() -> None:
    request = HttpCheck(url="https://user:hunter22@shop.example/", headers=SECRET_HEADERS)

    assert secrets_of(request) == {"Bearer abc123", "Bearer", "abc123", "k-9876", "user:hunter22", "hunter22"}
