"""
The nine operations: the element of a request in, the elements of an answer out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from eckid._core.bounds import ITEMS
from eckid._core.foreign import foreign
from eckid.errors import (
    FaultError,
    FaultReden,
    PseudonymError,
    RequestError,
)
from eckid.pseudonyms import HPgn, KetenID
from eckid.service import messages
from eckid.service.faults import fault
from eckid.service.messages import BEGRIPPEN, Operation, fields, items
from eckid.service.nummervoorziening import Batch, Begrip, Pseudoniem
from eckid.service.standin.core import Oefendienst, keten_of, sector_of
from eckid.service.standin.soap import Asked, SoapFault

if TYPE_CHECKING:
    from lxml.etree import _Element

# The schema has checked the rest; only midnight as 24:00 is in it, and not read here.
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9-]{5}T(?!24)[0-9:.+-]{8,60}Z?")
# The service itself is to blame for these: the same request may be right later.
_LATER: Final = frozenset(
    {FaultReden.NOT_FINISHED, FaultReden.TEMPORARY_BLOCKED, FaultReden.DAILY_LIMIT}
)


def call(asked: Asked, dienst: Oefendienst) -> str:
    """
    Return the elements of the answer to a request.

    Raises:
        eckid.errors.ServiceError: If the answer is a fault.
    """
    return _CALLS[asked.operation](asked.content, dienst)


def soap_fault(error: BaseException) -> SoapFault:
    """
    Return the fault to answer with for an error, whatever it is.
    """
    if isinstance(error, SoapFault):
        return error
    if isinstance(error, RequestError):
        # Its words have measures only.
        return SoapFault(f"REHEARSAL: {error}")
    if not isinstance(error, FaultError):
        return SoapFault("REHEARSAL: a fault in the stand-in", code="soap:Server")
    code = "Server" if error.fault in _LATER else "Client"
    return SoapFault(
        f"REHEARSAL: {error.fault.en}", code=f"soap:{code}", actor=error.fault.value
    )


def _texts(content: "_Element") -> dict[str, str]:
    """
    Return the text of each element by its name; the schema says that each is there.
    """
    return {one.tag.rpartition("}")[2]: one.text or "" for one in content}


def _hpgn(text: str) -> HPgn:
    with foreign(fault(FaultReden.INVALID_HPGN), PseudonymError):
        return HPgn.parse(text)


def _ping(_: "_Element", dienst: Oefendienst) -> str:
    said = dienst.ping()
    return fields(
        {
            "available": "true" if said.available else "false",
            "applicationVersion": said.version,
            "systemTime": _written(said.time),
        }
    )


def _stampseudoniem(content: "_Element", dienst: Oefendienst) -> str:
    made = dienst.stampseudoniem(_hpgn(_texts(content)["hpgn"]))
    return fields({"stampseudonym": made.expose()})


def _ketenid(content: "_Element", dienst: Oefendienst) -> str:
    said = _texts(content)
    keten, sector = keten_of(said["chainId"]), sector_of(said["sectorId"])
    ours = RequestError(
        "stampseudonym: expected one that this stand-in made, got another text"
    )
    with foreign(ours, PseudonymError):
        stam = dienst.read_stam(said["stampseudonym"])
    return fields({"eckId": dienst.ketenid(stam, keten=keten, sector=sector).uri})


def _listed(content: "_Element", name: str) -> Sequence[tuple[int, str]]:
    found = [
        (int(one[0].text or ""), one[1].text or "")
        for one in content
        if one.tag == f"{{{messages.SCHEMA}}}{name}"
    ]
    if len(found) > ITEMS.most:
        raise RequestError(ITEMS.beyond(len(found)))
    if len({index for index, _ in found}) < len(found):
        raise RequestError("index: expected each once in a batch, got one twice")
    return found


def _submit_stampseudoniemen(content: "_Element", dienst: Oefendienst) -> str:
    batch = dienst.hand_in_hpgns(_listed(content, "hpgnList"), HPgn.parse)
    return fields({"batchIdentifier": batch.identifier})


def _submit_ketenids(content: "_Element", dienst: Oefendienst) -> str:
    # They stand behind the list.
    chain, sector = content[-2].text or "", content[-1].text or ""
    batch = dienst.hand_in_stams(
        _listed(content, "stampseudonymList"),
        dienst.read_stam,
        keten=keten_of(chain),
        sector=sector_of(sector),
    )
    return fields({"batchIdentifier": batch.identifier})


def _retrieve(content: "_Element", dienst: Oefendienst) -> str:
    # One of another form is not known either.
    with foreign(fault(FaultReden.REMOVED), RequestError):
        batch = Batch(_texts(content)["batchIdentifier"])
    found = dienst.retrieve(batch)
    made = [(index, _value(one)) for index, one in found.made.items()]
    if made and dienst.turn("duplicate_index"):
        made.append(made[0])
    failed = ((index, "REHEARSAL: refused") for index in sorted(found.refused))
    return items("success", "value", made) + items("failed", "errorMessage", failed)


def _value(one: Pseudoniem) -> str:
    return one.uri if isinstance(one, KetenID) else one.expose()


def _replace(content: "_Element", dienst: Oefendienst) -> str:
    said = _texts(content)
    old, new = _hpgn(said["hpgnOld"]), _hpgn(said["hpgnNew"])
    made = dienst.replace(old=old, new=new, on=_moment(said.get("effectiveDate")))
    return fields({"stampseudonym": made.expose()})


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    ours = RequestError(
        "effectiveDate: expected a moment of the years 1 to 9999 such as "
        "2026-11-24T00:00:00Z, got another text"
    )
    if not _MOMENT.fullmatch(text.strip()):
        raise ours
    with foreign(ours, ValueError, OverflowError):
        # In the zone of no machine: without one it is UTC.
        found = datetime.fromisoformat(text.strip())
        return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _written(moment: datetime) -> str:
    return (
        moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )


def _begrippen(name: str, listed: Sequence[Begrip]) -> str:
    parts = [
        fields(
            {
                "id": BEGRIPPEN + one.id,
                "name": one.naam,
                "description": one.beschrijving,
                "lastEdited": _written(one.gewijzigd),
            }
        )
        for one in listed
    ]
    return "".join(f"<{name}>{part}</{name}>" for part in parts)


_CALLS: Final[Mapping[Operation, Callable[["_Element", Oefendienst], str]]] = {
    messages.PING: _ping,
    messages.STAMPSEUDONIEM: _stampseudoniem,
    messages.KETENID: _ketenid,
    messages.SUBMIT_STAMPSEUDONIEMEN: _submit_stampseudoniemen,
    messages.SUBMIT_KETENIDS: _submit_ketenids,
    messages.RETRIEVE: _retrieve,
    messages.REPLACE: _replace,
    messages.KETENS: lambda _, dienst: _begrippen("chain", dienst.ketens()),
    messages.SECTOREN: lambda _, dienst: _begrippen("sector", dienst.sectoren()),
}
