"""When the first certificate expires of those that matter."""

from datetime import datetime
from pathlib import Path

import certifi
import pytest
from cryptography import x509

from tests.support.authority import Authority
from tests.support.builders import after
from tocsin.probes.der import Certificate
from tocsin.probes.web.certificates import ders_in, first_expiry, leaf, names, roots_in

ROOTS = {b"root": after(days=3000), b"old root": after(days=2)}


def link(holder: str, signer: str, days: float) -> Certificate:
    return Certificate("", after(days=-1), after(days=days), (), holder.encode(), signer.encode())


SERVER, INTERMEDIATE = link("shop.example", "intermediate", 60), link("intermediate", "root", 300)
CROSS_SIGNED, OLD_ROOT = link("root", "older root", 20), link("older root", "older root", -5)


@pytest.mark.parametrize(
    ("presented", "ends"),
    [
        pytest.param([SERVER, INTERMEDIATE], after(days=60), id="the server's own"),
        pytest.param([SERVER, link("intermediate", "root", 30)], after(days=30), id="an intermediate one"),
        pytest.param([link("shop.example", "old root", 60)], after(days=2), id="the root itself"),
        pytest.param([SERVER, INTERMEDIATE, CROSS_SIGNED, OLD_ROOT], after(days=60), id="what lies beyond a root"),
        pytest.param([SERVER, OLD_ROOT, INTERMEDIATE], after(days=60), id="out of order"),
        pytest.param([SERVER, link("other", "root", -1)], after(days=60), id="what has nothing to do with it"),
        pytest.param(
            [SERVER, link("intermediate", "older root", -1), INTERMEDIATE], after(days=60), id="two of the same name"
        ),
        pytest.param([SERVER], after(days=60), id="a missing link"),
        pytest.param([link("a", "b", 9), link("b", "a", 8)], after(days=8), id="a ring"),
    ],
)
def test_only_what_vouches_for_the_server_counts(presented: list[Certificate], ends: datetime) -> None:
    assert first_expiry(presented, ROOTS) == ends


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_the_roots_of_a_file_are_known_by_their_names() -> None:
    path = Path(certifi.where())

    expected: dict[bytes, datetime] = {}
    for each in x509.load_pem_x509_certificates(path.read_bytes()):
        name = each.subject.public_bytes()
        expected[name] = max(each.not_valid_after_utc, expected.get(name, each.not_valid_after_utc))

    found = roots_in(path)
    assert sorted(found.values()) == sorted(expected.values())
    assert all(any(whole.endswith(name) for whole in expected) for name in found)


def test_every_certificate_of_a_file_is_found(tmp_path: Path) -> None:
    chain = Authority(tmp_path).intermediate().file()

    assert len(list(ders_in(chain.read_text()))) == 2


def test_without_a_certificate_there_is_nothing_to_tell() -> None:
    assert leaf([]) == {}
    assert names(leaf([])) == ""
    assert names({"Subject": "CN = shop.example"}) == "CN = shop.example"
    assert names({"X509v3 Subject Alternative Name": "DNS:a, IP Address:192.0.2.1"}) == "a, 192.0.2.1"
