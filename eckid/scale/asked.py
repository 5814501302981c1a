"""
Asking a source that is not a ring: what columns and tables make of its answers.
"""

from binascii import unhexlify
from collections.abc import Sequence
from typing import Any

from eckid._core.values import expect
from eckid.exchange.lists.bron import Bron, answers
from eckid.exchange.rows import REDENEN, Weigerreden
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem
from eckid.scheme import Scheme


def ketenids_of(
    values: Sequence[HPgn | Stampseudoniem], *, bron: Bron
) -> list[KetenID | Weigerreden]:
    """
    Return for each HPgn or stampseudoniem its ketenID, or why a source refuses it.

    Args:
        values: At most a batch of the source; all of one type.

        bron: The source.
    """
    found: dict[int, Any] = dict(enumerate(values))
    hpgns = {n: one for n, one in found.items() if isinstance(one, HPgn)}
    if hpgns:
        stams = bron.stams(list(hpgns.values()))
        kinds = (Stampseudoniem, *REDENEN)
        said = answers("stampseudoniem", list(hpgns), stams, *kinds)
        found |= zip(hpgns, said, strict=True)
    going = {n: one for n, one in found.items() if isinstance(one, Stampseudoniem)}
    if going:
        made = bron.ketenids(list(going.values()))
        got = answers("ketenID", list(going), made, KetenID, *REDENEN)
        found |= zip(going, got, strict=True)
    return list(found.values())


def served(
    found: list[bytes | Weigerreden | None],
    going: Sequence[int],
    *,
    bron: Bron,
    scheme: Scheme,
) -> dict[bytes, bytes]:
    """
    Return the ketenIDs of rows as octets, each by its HPgn.

    Args:
        found: What each row gives; of a row that the source refuses it becomes the
            reason.

        going: The rows to ask about; each gives the octets of an HPgn.

        bron: The source, which is asked by its batches.

        scheme: The scheme of the HPgns.
    """
    made: dict[bytes, bytes] = {}
    for begin in range(0, len(going), bron.batch):
        some = going[begin : begin + bron.batch]
        hpgns = [HPgn(expect("HPgn", found[n], bytes), scheme) for n in some]
        said = ketenids_of(hpgns, bron=bron)
        for n, hpgn, one in zip(some, hpgns, said, strict=True):
            if isinstance(one, KetenID):
                made[hpgn.expose_octets()] = unhexlify(one.hex)
            else:
                found[n] = one
    return made
