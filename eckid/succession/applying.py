"""
The notices that a recipient received, applied; and the notices of a rotation.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Never, TypeAlias

from eckid._core.values import a_day, expect, slot
from eckid.derivation import derive_ketenid
from eckid.doel import Organisatie, oins
from eckid.errors import LinkReden
from eckid.keten import Keten, Sector
from eckid.keys import Sleutelbos
from eckid.pseudonyms import KetenID, Stampseudoniem
from eckid.succession.jws import held
from eckid.succession.notices import Identifier, Succession, Withdrawal
from eckid.succession.substitution import has_cycle
from eckid.succession.voorlopig import Voorlopig

# A board, by its OIN, and the URI of an identifier that it sent.
_Of: TypeAlias = tuple[str, str]


class Notices:
    """
    The verified notices that a recipient received, in any order.

    Ask `current` what stands for a person now. A board speaks only for what was
    received from it: its notices are kept apart from those of any other board, and
    are refused where they contradict each other.

    Args:
        notices: The verified notices; the same one twice does no harm.

    Raises:
        eckid.errors.LinkError: If by the notices of one board one identifier has two
            successors, identifiers succeed each other in a circle, or one that was
            withdrawn has a successor.
    """

    __slots__ = ("_successor", "_withdrawn")

    _successor: Mapping[_Of, Succession]
    _withdrawn: Mapping[_Of, Withdrawal]

    def __init__(self, notices: Iterable[Succession | Withdrawal] = ()) -> None:
        successor: dict[_Of, Succession] = {}
        withdrawn: dict[_Of, Withdrawal] = {}
        for notice in notices:
            if isinstance(notice, Withdrawal):
                # The later of two withdrawals counts: all that was received before it
                # is in doubt.
                of = notice.houder, notice.ketenid.uri
                last = withdrawn.setdefault(of, notice)
                if notice.issued > last.issued:
                    withdrawn[of] = notice
                continue
            expect("notice", notice, Succession, Withdrawal)
            of = notice.houder, notice.oud.uri
            one = successor.setdefault(of, notice)
            held(
                _noted(one.nieuw) == _noted(notice.nieuw),
                "notices: expected one successor, got two",
                LinkReden.TWO,
            )
            # The earlier of two equal notices counts, whichever was received first.
            if notice.issued < one.issued:
                successor[of] = notice
        following = {of: (of[0], one.nieuw.uri) for of, one in successor.items()}
        held(
            not has_cycle(following),
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

        Give all that you have at once: each call makes a whole set anew.

        Args:
            more: The verified notices to add.

        Raises:
            eckid.errors.LinkError: If they contradict each other; these `Notices` stay
                as they were.
        """
        return Notices([*self._successor.values(), *self._withdrawn.values(), *more])

    def current(
        self, identifier: Identifier, *, received: date, van: Collection[str]
    ) -> Identifier:
        """
        Return the identifier that now stands for the person of *identifier*.

        A notice counts only if the board that signed it is one of *van*. A successor
        was received from the board that named it: if you have it from another board
        too, ask again with that one.

        Args:
            identifier: A ketenID or a provisional identifier.

            received: The day on which it was received for that person.

            van: OINs of the boards from which it was received: most often one. You say
                so, from what you noted on receiving it; no notice does. Of several
                boards each must say the same.

        Returns:
            Its last successor; *identifier* itself where it has no successor.

        Raises:
            eckid.errors.IdentifierError: If one of *van* is no OIN.
            eckid.errors.LinkError: If the identifier, or one that came in its place,
                was withdrawn on the day it came or later: it stands for nobody. A
                ketenID received after its withdrawal stands for the person it was then
                received for. Also if the boards do not say the same, *van* is empty, or
                the successor is of another keten or sector.
        """
        expect("identifier", identifier, KetenID, Voorlopig)
        day = a_day("received", received)
        last = [
            self._by(houder, identifier, day) for houder in sorted(oins("van", van))
        ]
        held(
            len(set(map(_noted, last))) == 1,
            "van: expected one board or more, which say the same of the identifier, "
            "got none or a contradiction; ask for each board by itself",
            LinkReden.HOUDERS,
        )
        return last[0]

    def _by(self, houder: str, identifier: Identifier, day: date) -> Identifier:
        """
        Return what stands for the person by the notices of one board.
        """
        while True:
            of = houder, identifier.uri
            withdrawn = self._withdrawn.get(of)
            held(
                withdrawn is None or withdrawn.issued < day,
                "ketenID: expected one that stands for a person, got one that was "
                "withdrawn",
                LinkReden.WITHDRAWN,
            )
            notice = self._successor.get(of)
            if notice is None:
                return identifier
            # A notice states keten and sector. They cannot differ from what was
            # received: that would be a link without consent.
            held(
                all(
                    was in {None, now}
                    for was, now in zip(
                        _noted(identifier)[1:], _noted(notice.nieuw)[1:], strict=True
                    )
                ),
                "successor: expected one of the same keten and sector, got another",
                LinkReden.KETENIDS,
            )
            identifier, day = notice.nieuw, notice.issued


def _noted(identifier: Identifier) -> tuple[str, Keten | None, Sector | None]:
    """
    Return an identifier with its notes, which its equality leaves out.
    """
    if isinstance(identifier, Voorlopig):
        return identifier.uri, None, None
    return identifier.uri, identifier.keten, identifier.sector


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
