"""Which addresses a check may connect to."""

import pytest

from tocsin.domain.targets import TargetRules

RUNTIME_API = "127.0.0.1:9001"

METADATA = "a link-local or metadata address, which is never checked"
RUNTIME = "where Lambda's runtime listens, which is never checked"
NOBODY = "an address that no single machine has"
PRIVATE = "a private address; these are checked only where allow_private_targets is set"


@pytest.mark.parametrize(
    ("address", "outside", "inside"),
    [
        pytest.param("93.184.215.14", None, None, id="public"),
        pytest.param("2606:2800:21f:cb07:6820:80da:af6b:8b2c", None, None, id="public IPv6"),
        pytest.param("127.0.0.1", PRIVATE, None, id="loopback"),
        pytest.param("127.8.8.8", PRIVATE, None, id="all of loopback"),
        pytest.param("::1", PRIVATE, None, id="IPv6 loopback"),
        pytest.param("10.1.2.3", PRIVATE, None, id="10/8"),
        pytest.param("172.31.255.255", PRIVATE, None, id="172.16/12"),
        pytest.param("192.168.1.1", PRIVATE, None, id="192.168/16"),
        pytest.param("100.64.0.1", PRIVATE, None, id="carrier-grade NAT"),
        pytest.param("fd12:3456::1", PRIVATE, None, id="unique local"),
        pytest.param("::ffff:10.1.2.3", PRIVATE, None, id="private, mapped"),
        pytest.param("64:ff9b::10.1.2.3", PRIVATE, None, id="private, by NAT64"),
        pytest.param("2002:0a01:0203::1", PRIVATE, None, id="private, by 6to4"),
        pytest.param("64:ff9b::93.184.215.14", None, None, id="public, by NAT64"),
        pytest.param("169.254.169.254", METADATA, METADATA, id="instance metadata"),
        pytest.param("169.254.170.2", METADATA, METADATA, id="container credentials"),
        pytest.param("::ffff:169.254.169.254", METADATA, METADATA, id="metadata, mapped"),
        pytest.param("64:ff9b::a9fe:a9fe", METADATA, METADATA, id="metadata, by NAT64"),
        pytest.param("2002:a9fe:a9fe::1", METADATA, METADATA, id="metadata, by 6to4"),
        pytest.param("fd00:ec2::254", METADATA, METADATA, id="IPv6 metadata"),
        pytest.param("fe80::1", METADATA, METADATA, id="link-local"),
        pytest.param("fe80::1%eth0", METADATA, METADATA, id="link-local with a zone"),
        pytest.param("224.0.0.1", NOBODY, NOBODY, id="multicast"),
        pytest.param("ff02::1", NOBODY, NOBODY, id="IPv6 multicast"),
        pytest.param("0.0.0.0", NOBODY, NOBODY, id="unspecified"),  # noqa: S104
        pytest.param("::", NOBODY, NOBODY, id="IPv6 unspecified"),
        pytest.param("255.255.255.255", NOBODY, NOBODY, id="broadcast"),
        pytest.param("2001:0:4136:e378:8000:63bf:5601:5601", METADATA, METADATA, id="metadata, by Teredo"),
        pytest.param("::169.254.169.254", NOBODY, NOBODY, id="metadata, compatible in the old way"),
        pytest.param("::ffff:0:169.254.169.254", NOBODY, NOBODY, id="metadata, translated in the old way"),
        pytest.param("64:ff9b:1::a9fe:a9fe", NOBODY, NOBODY, id="metadata, by a NAT64 of one's own"),
        pytest.param("::127.0.0.1", NOBODY, NOBODY, id="loopback, compatible in the old way"),
        pytest.param("fec0::1", NOBODY, NOBODY, id="site-local"),
        pytest.param("4000::1", NOBODY, NOBODY, id="unassigned"),
    ],
)
def test_an_address_is_refused_with_a_reason(address: str, outside: str | None, inside: str | None) -> None:
    assert TargetRules().refusal(address, 80) == outside
    assert TargetRules(allow_private=True).refusal(address, 80) == inside


@pytest.mark.parametrize(
    ("runtime_api", "address", "port", "refusal"),
    [
        pytest.param(RUNTIME_API, "127.0.0.1", 9001, RUNTIME, id="itself"),
        pytest.param(RUNTIME_API, "::ffff:127.0.0.1", 9001, RUNTIME, id="mapped"),
        pytest.param(RUNTIME_API, "127.0.0.2", 9001, RUNTIME, id="another way to it"),
        pytest.param("localhost:9001", "::1", 9001, RUNTIME, id="given as a name"),
        pytest.param("10.0.0.9:9001", "10.0.0.9", 9001, RUNTIME, id="not on loopback"),
        pytest.param(RUNTIME_API, "127.0.0.1", 9002, None, id="another port"),
        pytest.param("[::1]:9001", "127.0.0.1", 9001, RUNTIME, id="given by IPv6"),
        pytest.param("[::ffff:10.0.0.9]:9001", "10.0.0.9", 9001, RUNTIME, id="given mapped"),
        pytest.param("runtime.internal:9001", "10.0.0.9", 9001, RUNTIME, id="a name that may mean any private address"),
        pytest.param("runtime.internal:9001", "93.184.215.14", 9001, None, id="a name, and a public address"),
        pytest.param(None, "127.0.0.1", 9001, None, id="not on Lambda"),
    ],
)
def test_the_runtime_api_is_never_checked(
    runtime_api: str | None, address: str, port: int, refusal: str | None
) -> None:
    assert TargetRules.protecting(runtime_api, allow_private=True).refusal(address, port) == refusal
