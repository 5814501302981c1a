"""
The boards that have signed: which certificate may ask for which schools.
"""

import ssl
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self

from eckid._core.bounds import BOARDS, octets_within
from eckid._core.foreign import foreign
from eckid._core.values import a_path, expect
from eckid.errors import RequestError
from eckid.service.access import an_oin, certificate_oin

_FORM: Final = (
    "boards: expected a table [besturen] of TOML, with the OINs of the schools by that "
    'of the certificate ("00000003123456734567" = ["0000000700012TB34567"])'
)


@dataclass(frozen=True, slots=True)
class Besturen:
    """
    The boards that have signed the agreement with the service (rule L7).

    Both callers are looked up: the certificate, and the school that it asks for.

    Attributes:
        scholen: The OINs of the schools that each certificate may ask for, by the OIN
            of the certificate.

    Raises:
        eckid.errors.RequestError: If an OIN has another form, or that of a school does
            not end as that of its certificate.
    """

    scholen: Mapping[str, frozenset[str]]

    def __post_init__(self) -> None:
        made: dict[str, frozenset[str]] = {}
        for oin, schools in expect("scholen", self.scholen, Mapping).items():  # type: ignore[type-abstract]  # only asks
            made[certificate_oin(oin)] = frozenset(map(an_oin, schools))
            if any(school[-5:] != oin[-5:] for school in made[oin]):
                raise RequestError(
                    "boards: expected the OIN of a school to end as that of its "
                    "certificate, got another; school_oin makes it of the two"
                )
        object.__setattr__(self, "scholen", MappingProxyType(made))

    @classmethod
    def load(cls, path: Path) -> Self:
        """
        Read the list from a file of TOML.

        Raises:
            eckid.errors.RequestError: If the file has another form.
            OSError: If it cannot be read.
        """
        with Path(a_path("boards", path)).open("rb") as file:
            octets = octets_within(file, BOARDS, RequestError)
        with foreign(
            RequestError(f"{_FORM}; got other text"),
            tomllib.TOMLDecodeError,
            ValueError,
        ):
            read: dict[str, Any] = tomllib.loads(octets.decode("utf-8"))
        table = read.pop("besturen", None)
        if read or not isinstance(table, dict):
            raise RequestError(f"{_FORM}; got other tables")
        for schools in table.values():
            if not isinstance(schools, list):
                raise RequestError(f"{_FORM}; got another value")
        return cls(table)

    def allows(self, certificate: str, school: str) -> bool:
        """
        Return whether a certificate may ask for a school.
        """
        known = self.scholen.get(expect("certificate", certificate, str), ())
        return expect("school", school, str) in known


def server_context(*, cert: Path, key: Path, client_ca: Path) -> ssl.SSLContext:
    """
    Return the TLS of a server that demands a client certificate.

    Args:
        cert: Its certificate and what lies between it and its root, as PEM.

        key: Its private key, as PEM, without a password.

        client_ca: The root that the certificates of clients stand under, as PEM.

    Raises:
        eckid.errors.RequestError: If the files do not hold these, or do not belong
            together.
        OSError: If a file cannot be read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    ours = RequestError(
        "certificate: expected cert and key of one pair, as PEM, without a password, "
        "and roots of clients in client_ca; got others"
    )
    with foreign(ours, ssl.SSLError, ValueError):
        context.load_verify_locations(cafile=a_path("client_ca", client_ca))
        # Without one an encrypted key would be asked for at the terminal.
        context.load_cert_chain(
            a_path("cert", cert), a_path("key", key), password=lambda: ""
        )
    return context
