"""A certificate authority for one test run, and certificates of all sorts from it."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

YEAR = timedelta(days=365)


class Authority:
    """`path` is its own certificate, as PEM, for those who are to trust it. A signer makes it an intermediate one."""

    def __init__(self, folder: Path, name: str = "Test authority", signer: "Authority | None" = None) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        self._issued = 0
        self._slug = name.replace(" ", "-").lower()
        issuer, key = (signer._name, signer._key) if signer else (self._name, self._key)
        self._own = _signed(_body(name, issuer, self._key, is_authority=True), key)
        self._above: list[x509.Certificate] = [self._own, *signer._above] if signer else []
        self.path = folder / f"{self._slug}.pem"
        self.path.write_bytes(_pem(self._own))

    def intermediate(self, name: str = "Test intermediate") -> "Authority":
        return Authority(self._folder, name, self)

    def server(
        self, host: str = "localhost", *, ends_in: timedelta = YEAR, begins_in: timedelta = -YEAR
    ) -> ssl.SSLContext:
        """What a server needs to present a certificate for `host`."""
        return _context(self.file(host, ends_in=ends_in, begins_in=begins_in))

    def self_signed(self, host: str = "localhost") -> ssl.SSLContext:
        """A certificate that nobody but itself vouches for."""
        return _context(self.self_signed_file(host))

    def file(
        self, host: str = "localhost", *, ends_in: timedelta = YEAR, begins_in: timedelta = -YEAR, complete: bool = True
    ) -> Path:
        """PEM: the key, the certificate for `host`, and, when `complete`, the intermediate ones above it."""
        key = ec.generate_private_key(ec.SECP256R1())
        own = _signed(_body(host, self._name, key, begins_in=begins_in, ends_in=ends_in), self._key)
        return self._written(key, [own, *(self._above if complete else [])])

    def self_signed_file(self, host: str = "localhost", *, ends_in: timedelta = YEAR) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        return self._written(key, [_signed(_body(host, _named(host), key, ends_in=ends_in), key)])

    def _written(self, key: ec.EllipticCurvePrivateKey, chain: list[x509.Certificate]) -> Path:
        self._issued += 1
        path = self._folder / f"{self._slug}-{self._issued}.pem"
        private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        path.write_bytes(key.private_bytes(serialization.Encoding.PEM, *private) + b"".join(map(_pem, chain)))
        return path


def _context(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def _body(
    host: str,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    *,
    begins_in: timedelta = -YEAR,
    ends_in: timedelta = YEAR,
    is_authority: bool = False,
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(issuer, _named(host), key.public_key(), x509.random_serial_number())
        .not_valid_before(now + begins_in)
        .not_valid_after(now + ends_in)
        .add_extension(x509.SubjectAlternativeName([_alternative(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )


def _signed(body: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    return body.sign(key, hashes.SHA256())


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host.replace(" ", "-").lower())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
