"""
Who asks the service: the certificate of the caller, and the OIN of the school.
"""

import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.x509.oid import NameOID

from eckid._core.bounds import WORDS, octets_within
from eckid._core.foreign import foreign
from eckid._core.values import a_path, expect
from eckid.errors import RequestError

# Both fit the two samples that are known: eleven digits, BRIN, and the last five digits
# of the certificate's own OIN.
_SCHOOL: Final = re.compile(r"00000007000[0-9]{2}[A-Z]{2}[0-9]{5}")
_CERTIFICATE: Final = re.compile(r"[0-9]{20}")


def school_oin(brin: str, *, certificate: str) -> str:
    """
    Return the OIN that a school is called by in a message.

    Args:
        brin: The BRIN of the school: two digits and two capitals.

        certificate: The OIN of the certificate, 20 digits.

    Returns:
        The 20 characters.

    Raises:
        eckid.errors.RequestError: If one of the two has another form.

    >>> school_oin("12TB", certificate="00000003123456734567")
    '0000000700012TB34567'
    """
    last = certificate_oin(certificate)[-5:]
    return an_oin(f"00000007000{expect('brin', brin, str)}{last}")


def certificate_oin(oin: str) -> str:
    """
    Return *oin* if it has the form of the OIN of a certificate.

    Raises:
        eckid.errors.RequestError: If it has another form.
    """
    if not _CERTIFICATE.fullmatch(expect("certificate", oin, str)):
        raise RequestError(
            f"certificate: expected an OIN of 20 digits, got {len(oin)} characters"
        )
    return oin


def an_oin(oin: str) -> str:
    """
    Return *oin* if it has the form of the OIN of a school.

    Raises:
        eckid.errors.RequestError: If it has another form.
    """
    if not _SCHOOL.fullmatch(expect("oin", oin, str)):
        raise RequestError(
            "oin: expected 00000007000, the BRIN and five digits (20 characters), got "
            f"{len(oin)} characters of another form"
        )
    return oin


def oin_of(certificate: bytes, *, der: bool = False) -> str:
    """
    Return the OIN of a certificate: the serialNumber of its subject.

    Args:
        certificate: The certificate as PEM, or a file that begins with it.

        der: Whether it is DER, as the other side of a connection gives it.

    Raises:
        eckid.errors.RequestError: If it is not a certificate, or has no OIN.
    """
    load = x509.load_der_x509_certificate if der else x509.load_pem_x509_certificate
    form = "DER" if der else "PEM"
    ours = RequestError(f"certificate: expected one as {form}, got other bytes")
    # Also errors of its own, such as that of a version that does not exist.
    with foreign(ours, Exception):
        subject = load(certificate).subject
        numbers = subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
        found = [str(one.value) for one in numbers]
    if len(found) != 1 or not _CERTIFICATE.fullmatch(found[0]):
        raise RequestError(
            "certificate: expected one OIN of 20 digits as the serialNumber of its "
            f"subject, got {len(found)} of another form; ask for a PKIoverheid "
            "certificate with an OIN"
        )
    return found[0]


@dataclass(frozen=True, slots=True, repr=False)
class Toegang:
    """
    The TLS of a caller, and the OIN of its certificate.

    Attributes:
        context: The TLS context, with the client certificate and the roots of the
            service. It checks the service's certificate and host.
        oin: The OIN of the client certificate, 20 digits.

    Raises:
        eckid.errors.RequestError: If the context does not check the service, or the OIN
            has another form.
    """

    context: ssl.SSLContext
    oin: str

    def __post_init__(self) -> None:
        context = expect("context", self.context, ssl.SSLContext)
        if context.verify_mode is not ssl.CERT_REQUIRED or not context.check_hostname:
            raise RequestError(
                "context: expected one that checks the certificate and the host of the "
                "service, got one that does not"
            )
        if context.minimum_version < ssl.TLSVersion.TLSv1_2:
            raise RequestError(
                "context: expected TLS 1.2 or later, got one that allows earlier; set "
                "minimum_version"
            )
        if context.protocol is not ssl.PROTOCOL_TLS_CLIENT:
            raise RequestError(
                "context: expected one of PROTOCOL_TLS_CLIENT, got another"
            )
        # Without authentication the other side has no certificate to check.
        open_ = (
            one["auth"] == "auth-null" or not one["strength_bits"]
            for one in context.get_ciphers()
        )
        if context.security_level < 1 or any(open_):
            raise RequestError(
                "context: expected ciphers that hide and authenticate, at a security "
                "level of 1 or more; got others"
            )
        # An environment that sets SSLKEYLOGFILE sets it by create_default_context too.
        if context.keylog_filename is not None:
            raise RequestError(
                "context: expected one that writes its keys to no file, got one that "
                "does; unset keylog_filename or SSLKEYLOGFILE"
            )
        if not _CERTIFICATE.fullmatch(expect("oin", self.oin, str)):
            raise RequestError(
                f"oin: expected 20 digits, got {len(self.oin)} characters"
            )

    def __repr__(self) -> str:
        return "<Toegang, certificate and key hidden>"

    @classmethod
    def load(
        cls, *, cert: Path, key: Path, ca: Path, password: str | None = None
    ) -> Self:
        """
        Make the TLS of a caller from files.

        Only the roots in *ca* are trusted: none of the machine, or of its environment.

        Args:
            cert: The client certificate and what lies between it and its root, as PEM.

            key: Its private key, as PEM.

            ca: The root that the service's certificate stands under, as PEM.

            password: The password of the key; None if it has none.

        Raises:
            eckid.errors.RequestError: If the files do not hold these, do not belong
                together, or the password is another.
            OSError: If a file cannot be read.
        """
        for name, path in (("cert", cert), ("key", key), ("ca", ca)):
            with Path(a_path(name, path)).open("rb") as file:
                octets = octets_within(file, WORDS, RequestError)
            if name == "cert":
                oin = oin_of(octets)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        # Without a password an encrypted key would be asked for at the terminal.
        words = "" if password is None else expect("password", password, str)
        ours = RequestError(
            "certificate: expected cert and key of one pair, as PEM, with the right "
            "password, and roots of the service in ca; got others"
        )
        with foreign(ours, ssl.SSLError, ValueError):
            context.load_verify_locations(cafile=ca)
            context.load_cert_chain(cert, key, password=lambda: words)
        return cls(context, oin)
