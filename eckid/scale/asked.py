"""
Asking a source that is not a ring: what columns and tables make of its answers.
"""

from binascii import unhexlify
from collections.abc import Mapping, Sequence
from typing import Any

from eckid._core.values import expect
from eckid.exchange.lists.bron import Bron, answers
from eckid.exchange.rows import REDENEN, Weigerreden
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem
from eckid.scheme import Scheme


def ketenids_of(
    values: Mapping[int, HPgn | Stampseudoniem], *, bron: Bron
) -> tuple[dict[int, KetenID], dict[int, Weigerreden]]:
    """
    Return the ketenIDs of rows, and of the others why the source refuses them.

    Args:
        values: What is asked, by the number of its row: at most a batch of the source,
            and all of one type.

        bron: The source.

    Returns:
        The ketenIDs and the reasons, by the number of the row. Each row is in one of
        the two.
    """
    found: dict[int, Any] = dict(values)
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
    named = {n: one for n, one in found.items() if isinstance(one, KetenID)}
    return named, {n: one for n, one in found.items() if n not in named}


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
        hpgns = {n: HPgn(expect("HPgn", found[n], bytes), scheme) for n in some}
        said, refused = ketenids_of(hpgns, bron=bron)
        for n, ketenid in said.items():
            made[hpgns[n].expose_octets()] = unhexlify(ketenid.hex)
        for n, why in refused.items():
            found[n] = why
    return made
