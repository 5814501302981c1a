"""
Answers of the service: whole documents, and what stands in the body of a right one.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from fuzz.known import parted
from fuzz.oracle import asked

from eckid import LEERMIDDELENKETEN, HPgn, KetenID, Sector, Stampseudoniem
from eckid.service import Batch, SoapNummervoorziening

T = TypeVar("T")

OIN: Final = "0000000700012TB34567"
HPGN: Final = HPgn.parse("1f2e3d4c5b6a7988" * 4)
STAM: Final = Stampseudoniem.parse(f"https://ketenid.nl/sp201703/{'0a1b2c3d' * 16}")
WHERE: Final[dict[str, Any]] = {"keten": LEERMIDDELENKETEN, "sector": Sector.PO}
BATCH: Final = Batch("20261127120000ab")
_MESSAGE: Final = re.compile(rb"<wsa:MessageID>([^<]*)<")
# What an input has in the place of the MessageID of the request, which is always new.
_ITS: Final = b"@id@"
_BEFORE: Final = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="http://'
    b'www.w3.org/2005/08/addressing"><s:Header><a:RelatesTo>@id@</a:RelatesTo>'
    b'</s:Header><s:Body xmlns="http://ketenid.nl/eck/schemas/v1_0">'
)
_AFTER: Final = b"</s:Body></s:Envelope>"

Client = SoapNummervoorziening
_WAYS: Final[tuple[Callable[[Client], object], ...]] = (
    Client.ping,
    lambda client: client.stampseudoniem(HPGN),
    lambda client: client.ketenid(STAM, **WHERE),
    lambda client: client.submit_stampseudoniemen({0: HPGN}),
    lambda client: client.retrieve(BATCH),
    lambda client: client.retrieve(Batch(BATCH.identifier, **WHERE)),
    Client.ketens,
    Client.sectoren,
)


class _Answering:
    """
    A way to a service that answers with bytes.
    """

    host = "localhost"

    def __init__(self, octets: bytes) -> None:
        self._octets = octets

    def post(
        self,
        body: bytes,
        _: object,
        read: Callable[[Iterator[bytes]], T],
        *,
        repeats: bool,
    ) -> T:
        """
        Answer, in two parts.
        """
        assert repeats in {True, False}
        found = _MESSAGE.search(body)
        assert found is not None
        octets = self._octets.replace(_ITS, found[1])
        return read(iter((octets[:100], octets[100:])))


def once(data: bytes) -> None:
    """
    Give *data* as the answer to a call, whole or as the body of one.
    """
    way, octets = parted(data, 2 * len(_WAYS))
    whole, call = divmod(way, len(_WAYS))
    client = SoapNummervoorziening("http://localhost/", oin=OIN)
    answer = octets if whole else _BEFORE + octets + _AFTER
    client._transport = _Answering(answer)  # type: ignore[assignment]  # as one
    with asked(octets, HPGN.expose(), STAM.expose()):
        found = _WAYS[call](client)
        repr(found)
        if isinstance(found, Stampseudoniem | KetenID):
            hash(found)
