"""
The notices that a recipient received, applied; and the notices of a rotation.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Never

from eckid._core.values import a_day, expect, slot
from eckid.derivation import derive_ketenid
from eckid.doel import Organisatie
from eckid.errors import LinkReden
from eckid.keten import Keten, Sector
from eckid.keys import Sleutelbos
from eckid.pseudonyms import KetenID, Stampseudoniem
from eckid.succession.jws import held
from eckid.succession.notices import Identifier, Succession, Withdrawal
from eckid.succession.substitution import has_cycle
from eckid.succession.voorlopig import Voorlopig


class Notices:
    """
    The verified notices that a recipient received, in any order.

    Ask `current` what stands for a person now. Notices that contradict are refused.

    Args:
        notices: The verified notices; the same one twice does no harm.

    Raises:
        eckid.errors.LinkError: If one identifier has two successors, identifiers
            succeed each other in a circle, or one that was withdrawn has a successor.
    """

    __slots__ = ("_successor", "_withdrawn")

    _successor: Mapping[str, Succession]
    _withdrawn: Mapping[str, Withdrawal]

    def __init__(self, notices: Iterable[Succession | Withdrawal] = ()) -> None:
        successor: dict[str, Succession] = {}
        withdrawn: dict[str, Withdrawal] = {}
        for notice in notices:
            if isinstance(notice, Withdrawal):
                # The later of two withdrawals counts: all that was received before it
                # is in doubt.
                last = withdrawn.setdefault(notice.ketenid.uri, notice)
                if notice.issued > last.issued:
                    withdrawn[notice.ketenid.uri] = notice
                continue
            expect("notice", notice, Succession, Withdrawal)
            one = successor.setdefault(notice.oud.uri, notice)
            held(
                one.nieuw == notice.nieuw,
                "notices: expected one successor, got two",
                LinkReden.TWO,
            )
            # The earlier of two equal notices counts, whichever was received first.
            if notice.issued < one.issued:
                successor[notice.oud.uri] = notice
        held(
            not has_cycle({uri: one.nieuw.uri for uri, one in successor.items()}),
            "notices: expected a last identifier, got a circle",
            LinkReden.CYCLE,
        )
        held(
            not successor.keys() & withdrawn.keys(),
            "notices: expected no successor for a ketenID that was withdrawn, got one",
            LinkReden.WITHDRAWN,
        )
        slot(Notices, "_successor")(self, successor)
        slot(Notices, "_withdrawn")(self, withdrawn)

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError("Notices is frozen")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError("Notices is frozen")

    def __eq__(self, other: object) -> bool:
        if type(other) is not Notices:
            return NotImplemented
        return (self._successor, self._withdrawn) == (
            other._successor,
            other._withdrawn,
        )

    __hash__ = None  # type: ignore[assignment]  # it holds dictionaries

    def __repr__(self) -> str:
        return f"<Notices {len(self._successor)}, {len(self._withdrawn)} withdrawn>"

    def applying(self, *more: Succession | Withdrawal) -> "Notices":
        """
        Return new `Notices`: these and *more*. A notice twice does no harm.

        Args:
            more: The verified notices to add.

        Raises:
            eckid.errors.LinkError: If they contradict each other; these `Notices` stay
                as they were.
        """
        return Notices([*self._successor.values(), *self._withdrawn.values(), *more])

    def current(self, identifier: Identifier, *, received: date) -> Identifier:
        """
        Return the identifier that now stands for the person of *identifier*.

        Args:
            identifier: A ketenID or a provisional identifier.

            received: The day on which it was received for that person.

        Returns:
            Its last successor; *identifier* itself where it has no successor.

        Raises:
            eckid.errors.LinkError: If the identifier, or one that came in its place,
                was withdrawn on the day it came or later: it stands for nobody. A
                ketenID received after its withdrawal stands for the person it was then
                received for.
        """
        expect("identifier", identifier, KetenID, Voorlopig)
        day = a_day("received", received)
        while True:
            withdrawn = self._withdrawn.get(identifier.uri)
            held(
                withdrawn is None or withdrawn.issued < day,
                "ketenID: expected one that stands for a person, got one that was "
                "withdrawn",
                LinkReden.WITHDRAWN,
            )
            notice = self._successor.get(identifier.uri)
            if notice is None:
                return identifier
            identifier, day = notice.nieuw, notice.issued


def rotate_notices(
    stams: Iterable[Stampseudoniem],
    *,
    keten: Keten,
    sector: Sector,
    organisatie: Organisatie,
    van: str,
    issued: date,
    sleutelbos: Sleutelbos,
    naar: str | None = None,
) -> Iterator[str]:
    """
    Sign the succession notices of a rotation of the ring, for one recipient.

    Args:
        stams: The stampseudoniemen of the persons whose ketenIDs the recipient has.

        keten: The keten of those ketenIDs.

        sector: The sector in which all these persons are enrolled.

        organisatie: The recipient.

        van: Name of the release of the ketenIDs that it has.

        issued: Today.

        sleutelbos: The ring, which has both releases.

        naar: Name of the release of the new ketenIDs; None is the newest.

    Yields:
        For each stampseudoniem, in order, a compact JWS that the new ketenID comes in
        the place of the old one.

    Raises:
        eckid.errors.BoundaryError: If the sector is HO.
        eckid.errors.LinkError: If both releases are the same.
        eckid.errors.SecretError: If the ring has no such release.
    """
    for stam in stams:
        oud, nieuw = (
            derive_ketenid(
                stam, keten=keten, sector=sector, sleutelbos=sleutelbos, release=release
            )
            for release in (van, naar)
        )
        yield Succession.issue(
            oud, nieuw, organisatie=organisatie, issued=issued, sleutelbos=sleutelbos
        )
