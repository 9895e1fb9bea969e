"""Certificates as they are sent, held against another reader of them."""

from datetime import UTC, datetime
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from tocsin.probes.der import certificate
from tocsin.probes.prober import public_authorities
from tocsin.probes.web.certificates import ders_in

KEY = ec.generate_private_key(ec.SECP256R1())
BEGINS, ENDS = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2060, 12, 31, 23, 59, 59, tzinfo=UTC)
ISSUER = x509.Name(
    [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CZ"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Důvěra, a. s."),
        x509.NameAttribute(NameOID.EMAIL_ADDRESS, "not@shown.example"),
        x509.NameAttribute(NameOID.COMMON_NAME, "R1"),
    ]
)


def der(*alternatives: x509.GeneralName, begins: datetime = BEGINS, ends: datetime = ENDS) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.acme.example")])
    body = x509.CertificateBuilder(ISSUER, subject, KEY.public_key(), x509.random_serial_number(), begins, ends)
    body = body.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    if alternatives:
        body = body.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    return body.sign(KEY, hashes.SHA256()).public_bytes(Encoding.DER)


def test_what_a_certificate_says() -> None:
    names = x509.DNSName("shop.acme.example"), x509.IPAddress(ip_address("2001:db8::1")), x509.RFC822Name("a@b.example")

    found = certificate(der(*names))

    assert found.issuer == "C = CZ, O = Důvěra, a. s., CN = R1"
    assert (found.begins, found.ends) == (BEGINS, ENDS)
    assert found.names == ("shop.acme.example", "2001:db8::1")


def test_without_alternatives_it_is_for_its_common_name() -> None:
    assert certificate(der()).names == ("shop.acme.example",)


@pytest.mark.parametrize("year", [1950, 1999, 2000, 2049, 2050, 9999])
def test_a_year_has_two_digits_or_four(year: int) -> None:
    ends = datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)

    assert certificate(der(begins=datetime(1950, 1, 1, tzinfo=UTC), ends=ends)).ends == ends


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_every_public_authority_reads_as_in_a_library() -> None:
    roots = list(ders_in(public_authorities().read_text()))

    found = [certificate(root) for root in roots]

    known = [x509.load_der_x509_certificate(root) for root in roots]
    assert [(each.begins, each.ends) for each in found] == [
        (each.not_valid_before_utc, each.not_valid_after_utc) for each in known
    ]
    assert [(each.holder, each.signer) for each in found] == [
        (_content(each.subject.public_bytes()), _content(each.issuer.public_bytes())) for each in known
    ]
    assert len(found) > 100


@given(st.binary(max_size=200) | st.integers(0, 250).map(lambda length: der()[:length]))
def test_what_is_no_certificate_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):
        certificate(data)


@given(st.data())
def test_a_damaged_certificate_never_ends_in_another_error(data: st.DataObject) -> None:
    damaged = bytearray(_GOOD)
    for _ in range(data.draw(st.integers(1, 5))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))

    try:
        certificate(bytes(damaged))
    except ValueError:
        return


_GOOD = der(x509.DNSName("shop.acme.example"), x509.IPAddress(ip_address("192.0.2.1")))


def _content(name: bytes) -> bytes:
    """Without tag and length."""
    return name[2:] if name[1] < 0x80 else name[2 + (name[1] & 0x7F) :]
