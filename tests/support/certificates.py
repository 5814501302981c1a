"""
Certificates of a test: two roots, and servers and clients with an OIN under them.

They are made when a test asks for them, with keys that are quick to make.
"""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# An OIN of a certificate, and of a school whose board has it.
OIN: Final = "00000003123456734567"
SCHOOL: Final = "0000000700012TB34567"
# Another board's.
OTHER_OIN: Final = "00000003999999976543"
OTHER_SCHOOL: Final = "0000000700099XX76543"

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pair:
    """
    A certificate and its key, each in a file of PEM.
    """

    cert: Path
    key: Path


class Authority:
    """
    A root, which makes certificates in a folder.

    Attributes:
        ca: Its own certificate, as a file of PEM.
    """

    def __init__(self, folder: Path, name: str = "root") -> None:
        self._folder, self._name = folder, name
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._subject = _named(name)
        public = self._key.public_key()
        made = (
            _builder(self._subject, self._subject, public, days=30)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(public), critical=False
            )
            .sign(self._key, SHA256())
        )
        self.ca = folder / f"{name}.ca.pem"
        self.ca.write_bytes(made.public_bytes(Encoding.PEM))

    def server(
        self, name: str = "server", *, host: str = "127.0.0.1", days: int = 30
    ) -> Pair:
        """
        Return the certificate of a server; one of less than 0 days has expired.
        """
        try:
            names = [x509.IPAddress(ip_address(host)), x509.DNSName("localhost")]
        except ValueError:
            names = [x509.DNSName(host)]
        return self._pair(
            name,
            _named(host),
            ExtendedKeyUsageOID.SERVER_AUTH,
            x509.SubjectAlternativeName(names),
            days=days,
        )

    def client(
        self, name: str = "client", *, oin: str | None = OIN, days: int = 30
    ) -> Pair:
        """
        Return the certificate of a client, with an OIN as its serialNumber.
        """
        subject = _named("board", *([] if oin is None else [oin]))
        return self._pair(name, subject, ExtendedKeyUsageOID.CLIENT_AUTH, days=days)

    def _pair(
        self,
        name: str,
        subject: x509.Name,
        use: x509.ObjectIdentifier,
        *more: x509.ExtensionType,
        days: int,
    ) -> Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        public = self._key.public_key()
        builder = (
            _builder(subject, self._subject, key.public_key(), days=days)
            .add_extension(
                x509.BasicConstraints(ca=False, path_length=None), critical=True
            )
            .add_extension(_usage(signs=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(public),
                critical=False,
            )
        )
        for extension in more:
            builder = builder.add_extension(extension, critical=False)
        made = builder.sign(self._key, SHA256())
        pair = Pair(
            self._folder / f"{self._name}.{name}.pem",
            self._folder / f"{self._name}.{name}.key",
        )
        pair.cert.write_bytes(made.public_bytes(Encoding.PEM))
        pair.key.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        return pair


def server_context(pair: Pair, ca: Path) -> ssl.SSLContext:
    """
    Return the TLS of a server that asks for a client certificate under *ca*.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(pair.cert, pair.key)
    context.load_verify_locations(cafile=ca)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def _named(name: str, *numbers: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            *(x509.NameAttribute(NameOID.SERIAL_NUMBER, one) for one in numbers),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, *, days: int
) -> x509.CertificateBuilder:
    today = datetime.now(UTC)
    first = min(today - _DAY, today + (days - 1) * _DAY)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(today + days * _DAY)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )
