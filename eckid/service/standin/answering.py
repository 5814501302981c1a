"""
What is answered on a connection: the calls, the WSDL, the schema, and a page.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Event, Semaphore
from typing import Final

from eckid._core.foreign import foreign
from eckid.errors import FaultReden
from eckid.service.standin.boards import Besturen
from eckid.service.standin.calls import call, soap_fault
from eckid.service.standin.core import Oefendienst
from eckid.service.standin.http import Asking, Connection, Refused, Told
from eckid.service.standin.soap import (
    Envelope,
    SoapFault,
    answer,
    fault_answer,
    published,
)

PATH: Final = "/eck/ws/201703"
_XML: Final = "text/xml; charset=utf-8"
_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?|\[[0-9a-f:]+\]:[0-9]+")
_CHARSET: Final = re.compile(r"""text/xml(?:\s*;\s*charset=(["']?)utf-8\1)?\s*;?""")
_QUOTED: Final = re.compile(r'"([^"]*)"|([^"]*)')
# As many as there are cores in a small machine: what waits takes no memory.
_AT_WORK: Final = 2
_ABOUT: Final = """\
REHEARSAL. This is a stand-in for the Nummervoorziening, made with eckid.
Its pseudonyms are nobody's, and pupils' numbers have no business here.

Calls     POST {path}
WSDL      {path}?wsdl
Schema    {path}?xsd
"""


class Answering:
    """
    What a stand-in answers, and its line for each call.

    Args:
        diensten: The core for each school by its OIN; under None for all others.

        besturen: The boards that may ask; None for anybody.

        log: Is called with a line for each call.

        url: Where the calls go.

        closed: Is set when the stand-in is closed.
    """

    def __init__(
        self,
        diensten: Mapping[str | None, Oefendienst],
        *,
        besturen: Besturen | None,
        log: Callable[[str], None],
        url: str,
        closed: Event,
    ) -> None:
        self._diensten, self._besturen, self._log = diensten, besturen, log
        self._url, self._closed = url, closed
        self._at_work = Semaphore(_AT_WORK)

    def answer(self, connection: Connection, oin: str | None) -> bool:
        """
        Answer one request, and return whether another may come.

        Args:
            connection: Where it comes from.

            oin: The OIN of the certificate; None for plain HTTP.

        Raises:
            Gone: If none comes.
        """
        try:
            told = self._tell(connection, oin)
            # Nothing is left of it while the answer is sent, however slowly.
            connection.release()
            return connection.tell(told)
        except Refused as refused:
            connection.release()
            self._say("-", str(refused.status), "-")
            return connection.tell(Told(refused.status), close=True)
        finally:
            connection.release()

    def _tell(self, connection: Connection, oin: str | None) -> Told:
        asking = connection.head()
        path, _, query = asking.target.partition("?")
        if asking.method not in {"GET", "POST"}:
            raise Refused(405)
        if asking.method == "GET":
            connection.body(asking)
            return self._page(asking, path, query)
        if path != PATH:
            raise Refused(404)
        kind = asking.header("content-type").lower()
        packed = asking.header("content-encoding").lower()
        if not _CHARSET.fullmatch(kind) or packed not in {"", "identity"}:
            raise Refused(415)
        action = _QUOTED.fullmatch(asking.header("soapaction"))
        if action is None:
            raise Refused(400)
        said = None if not asking.header("soapaction") else action[1] or action[2]
        return self._soap(connection.body(asking), said, oin)

    def _page(self, asking: Asking, path: str, query: str) -> Told:
        if path == "/" and not query:
            return Told(200, _ABOUT.format(path=PATH).encode())
        name = {"wsdl": "eckid.wsdl", "xsd": "eckid.xsd"}.get(query.lower())
        if path != PATH or name is None:
            raise Refused(404)
        host = asking.header("host")
        scheme, _, rest = self._url.partition("://")
        # By the name that it is called by: a certificate may have no other.
        here = host if _HOST.fullmatch(host) else rest.partition("/")[0]
        made = published(name).replace(
            b"https://eckid.invalid/", f"{scheme}://{here}/".encode("ascii")
        )
        return Told(200, made, _XML)

    def _soap(self, body: bytes, action: str | None, oin: str | None) -> Told:
        operation, school, message_id = "-", "-", None
        cut = None
        try:
            with self._at_work, foreign(soap_fault, Exception):
                envelope = Envelope(body)
                message_id = envelope.message_id
                asked = envelope.asked(action)
                operation, school = asked.operation.name, asked.school
                dienst = self._diensten.get(school, self._diensten[None])
                self._check(oin, school)
            # Outside: who is slow holds up nobody else.
            touches = dienst.touches(operation)
            if touches and dienst.gedrag.slow:
                self._closed.wait(dienst.gedrag.slow)
            with self._at_work, foreign(soap_fault, Exception):
                content = call(asked, dienst)
                status, outcome = 200, "ok"
                told = answer(asked.operation, content, message_id=message_id or "")
            if touches and dienst.gedrag.cut is not None and dienst.turn("cuts"):
                cut = dienst.gedrag.cut
        except SoapFault as fault:
            status, outcome = 500, fault.actor
            told = fault_answer(fault, message_id=message_id)
        self._say(operation, outcome, school)
        return Told(status, told, _XML, cut)

    def _check(self, oin: str | None, school: str) -> None:
        if self._besturen is not None and not self._besturen.allows(oin or "", school):
            raise SoapFault(
                "REHEARSAL: From: expected a school that the board of this certificate "
                "may ask for, got another",
                actor=FaultReden.NOT_ALLOWED.value,
            )

    def _say(self, operation: str, outcome: str, school: str) -> None:
        moment = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        self._log(f"{moment} REHEARSAL {operation} {outcome} {school}")
