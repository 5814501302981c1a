"""
A release: what of a person is let through, what is withheld, and why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias, final

from eckid.attributes import NAMES_OF, AnderIdReden, Kenmerk
from eckid.doel import Wie
from eckid.policy.decision import Reden
from eckid.policy.guard import shows_secret
from eckid.policy.regel import Regel
from eckid.pseudonyms import KetenID

# `eckid` is a KetenID, every other attribute a str.
Waarde: TypeAlias = str | KetenID

# Other identifiers, one of which may go in the place of a ketenID.
IDS: Final = frozenset(NAMES_OF[Kenmerk.ANDER_ID])
_IDENTIFIERS: Final = IDS | {"eckid"}


# Without slots: a release is made for each row, and a dictionary is filled in half the
# time. What is not in it has the default below.
@final
@dataclass(frozen=True, repr=False)
class Vrijgave:
    """
    The outcome for one person: what is released, what is withheld, and why.

    Attributes:
        released: The values that may be released, each by the name under which it goes.
        withheld: The names of the attributes withheld, each with its reason. An
            attribute that is replaced by something less is among them.
        regels: The rule of each value that is released, by the same name.
        columns: The names of all that the policy can release to this recipient for this
            doel, for any person, in the policy's order: the columns of a file.
        ander_id_reden: Why another identifier than a ketenID is released; None where
            none is.
        missing: What the policy demands and the person lacks; nothing is released then.
        wie: Whose it is: a pupil's or a teacher's.
    """

    released: Mapping[str, Waarde]
    withheld: Mapping[str, Reden]
    regels: Mapping[str, Regel]
    columns: tuple[str, ...] = ()
    ander_id_reden: AnderIdReden | None = None
    missing: tuple[str, ...] = ()
    wie: Wie = Wie.LEERLING

    @property
    def texts(self) -> dict[str, str]:
        """
        The released values as text, without the empty ones; a ketenID as its URI.
        """
        return {
            name: value.uri if isinstance(value, KetenID) else value
            for name, value in self.released.items()
            if value != ""
        }

    @property
    def ketenid(self) -> KetenID | None:
        """
        The ketenID that is released; None where there is no such.
        """
        values = self.released.values()
        return next((v for v in values if isinstance(v, KetenID)), None)

    @property
    def leak(self) -> str | None:
        """
        The attribute whose value shows a secret; None where none does.

        A secret is a number, an HPgn or a stampseudoniem. Nothing of the person is
        released then.
        """
        if self.released:
            return None
        found = self.withheld.items()
        return next((name for name, reden in found if reden is Reden.LEAK), None)

    @property
    def identifier(self) -> tuple[str, str] | None:
        """
        The one identifier that is released: its attribute and its text; or None.
        """
        # Found by its rule, because a policy may release it under another name.
        for name, regel in self.regels.items():
            if regel.attribuut in _IDENTIFIERS:
                value = self.released[name]
                return regel.attribuut, value if isinstance(value, str) else value.uri
        return None

    def __repr__(self) -> str:
        released = " ".join(self.released) or "nothing"
        return f"<Vrijgave released {released}, withheld {len(self.withheld)}>"

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        # A mapping proxy cannot be pickled; the dictionary behind it can.
        maps = map(dict, (self.released, self.withheld, self.regels))
        return _unpickle, (
            *maps,
            self.columns,
            self.ander_id_reden,
            self.missing,
            self.wie,
        )


def fault_of(vrijgave: Vrijgave) -> str | None:
    """
    Return why a release may not be written; None where it may.

    A release that a Bestemming made may be. One that was made by hand is held to the
    same: a rule for each value, no number, no secret.
    """
    if type(vrijgave) is not Vrijgave:
        return "expected a release of a Bestemming, got another kind"
    if vrijgave.leak is not None or vrijgave.missing:
        return (
            "expected no release in which a value shows a secret, or that lacks what "
            "the policy demands: leave it out"
        )
    for name, value in vrijgave.released.items():
        regel = vrijgave.regels.get(name)
        if type(regel) is not Regel or name not in regel.namen:
            return "expected a rule for each value, got a value without one"
        kind = KetenID if regel.attribuut == "eckid" else str
        if type(value) is not kind:
            return f"{regel.attribuut}: expected {kind.__name__}, got another kind"
        if isinstance(value, str) and shows_secret(regel.attribuut, value):
            return f"{regel.attribuut}: expected no secret and no number, got one"
    return None


def _unpickle(
    released: dict[str, Waarde],
    withheld: dict[str, Reden],
    regels: dict[str, Regel],
    *rest: object,
) -> Vrijgave:
    return Vrijgave(
        MappingProxyType(released),
        MappingProxyType(withheld),
        MappingProxyType(regels),
        *rest,  # type: ignore[arg-type]  # what __reduce__ gave
    )
