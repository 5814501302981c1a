"""
The attribute policy: rules as data, and what they release of a person.

No policy, no rule or no fitting rule releases nothing (`decision` has the rules
that hold in every policy). A policy is a file of TOML; those that come with the
library stand in `beleid`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self, TypeAlias, final

from eckid._beleid import read_beleid
from eckid._secret import expect
from eckid.attributes import CATALOGUE, AnderId, Kenmerk
from eckid.decision import Oordeel, Plan, Reden, Regel, decide, plan
from eckid.doel import Doel, Ontvanger
from eckid.errors import PolicyError
from eckid.pseudonyms import KetenID

# The value of `eckid` is a KetenID, every other a str.
Waarde: TypeAlias = str | KetenID

_ANDER_ID: Final = frozenset(reden.value for reden in AnderId)


@final
@dataclass(frozen=True, slots=True, repr=False)
class Vrijgave:
    """
    The outcome for one person: what is let through, what is held back, why.

    Attributes:
        released: The attributes that may be released, with their values.
        withheld: The names of the others, each with its reason.
        regels: The rule of each released attribute.
        columns: All that the policy can release to this recipient for this
            doel, in its order, whoever the person: the columns of a file.
    """

    released: Mapping[str, Waarde]
    withheld: Mapping[str, Reden]
    regels: Mapping[str, Regel]
    columns: tuple[str, ...] = ()

    def __repr__(self) -> str:
        released = " ".join(self.released) or "nothing"
        return f"<Vrijgave released {released}, withheld {len(self.withheld)}>"

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        # A mapping proxy is not pickled; the dictionary behind it is.
        maps = self.released, self.withheld, self.regels
        return _vrijgave, (*map(dict, maps), self.columns)


def _vrijgave(
    released: dict[str, Waarde],
    withheld: dict[str, Reden],
    regels: dict[str, Regel],
    columns: tuple[str, ...],
) -> Vrijgave:
    return Vrijgave(
        MappingProxyType(released),
        MappingProxyType(withheld),
        MappingProxyType(regels),
        columns,
    )


@final
@dataclass(frozen=True, slots=True)
class Attribuutbeleid:
    """
    A policy: what may be released to whom, and for what. Empty means nothing.

    Attributes:
        naam: What it is called.
        versie: Its version.
        status: What standing it has, in a sentence.
        regels: Its rules, one an attribute, in the order of a released file.

    Raises:
        eckid.errors.PolicyError: If an attribute has two rules.
    """

    naam: str
    versie: str
    status: str
    regels: tuple[Regel, ...] = ()

    def __post_init__(self) -> None:
        names = [expect("regel", regel, Regel).attribuut for regel in self.regels]
        if len(names) != len(set(names)):
            raise PolicyError(f"{self.naam}: an attribuut has two regels")

    @classmethod
    def load(cls, name: str) -> Self:
        """
        Load a policy that comes with the library.

        Raises:
            eckid.errors.PolicyError: If there is none of this name.

        >>> Attribuutbeleid.load("edu-k").naam
        'edu-k'
        """
        # As slow to import as the rest of this room, and only this asks for it.
        from importlib import resources  # noqa: PLC0415

        folder = resources.files("eckid").joinpath("beleid")
        shipped = {file.name.removesuffix(".toml"): file for file in folder.iterdir()}
        if expect("beleid", name, str) not in shipped:
            names = " or ".join(sorted(shipped))
            raise PolicyError(f"beleid: expected {names}, got another name")
        return cls(**read_beleid(shipped[name].read_bytes()))

    @classmethod
    def load_file(cls, path: str | Path) -> Self:
        """
        Load a policy of one's own.

        Raises:
            eckid.errors.PolicyError: If the file is no policy.
            OSError: If it cannot be read.
        """
        return cls(**read_beleid(Path(path).read_bytes()))

    def columns(
        self, *, doel: Doel, ontvanger: Ontvanger, rol: str | None = None
    ) -> tuple[str, ...]:
        """
        Return what can be released at all, in the order of a released file.

        Args:
            doel: What it would be released for.

            ontvanger: The kind of recipient.

            rol: As for `release`.
        """
        return self._plan(doel, ontvanger, rol, None).columns

    def explain(
        self,
        names: Iterable[str],
        *,
        doel: Doel,
        ontvanger: Ontvanger,
        rol: str | None = None,
        on: date | None = None,
    ) -> Mapping[str, Oordeel]:
        """
        Say of each attribute which rule lets it through, or why none does.

        Args:
            names: The attributes that one person has; no value is asked for.

            doel: What they would be released for.

            ontvanger: The kind of recipient.

            rol: As for `release`.

            on: As for `release`.
        """
        planned = self._plan(doel, ontvanger, rol, on)
        return MappingProxyType(decide(planned, names))

    def release(
        self,
        attributen: Mapping[str, Waarde],
        *,
        doel: Doel,
        ontvanger: Ontvanger,
        rol: str | None = None,
        on: date | None = None,
    ) -> Vrijgave:
        """
        Split *attributen* into what may be released and what may not.

        Args:
            attributen: The attributes of one person: `eckid` a KetenID, every
                other a str. `ander_id` is an `AnderId`'s value: why who has no
                ketenID goes by another identifier.

            doel: What they are released for.

            ontvanger: The kind of recipient.

            rol: EDEXML's code of who is to see them inside an application.

            on: The day of the release, for rules that depend on one.

        Returns:
            The outcome; a refusal is one, and no error.

        Raises:
            eckid.errors.PolicyError: If a value is not of its kind.
        """
        return next(
            self.release_many(
                [attributen], doel=doel, ontvanger=ontvanger, rol=rol, on=on
            )
        )

    def release_many(
        self,
        rows: Iterable[Mapping[str, Waarde]],
        *,
        doel: Doel,
        ontvanger: Ontvanger,
        rol: str | None = None,
        on: date | None = None,
    ) -> Iterator[Vrijgave]:
        """
        Split many, as `release` does one; the order is kept.
        """
        return _release_each(rows, self._plan(doel, ontvanger, rol, on))

    def _plan(
        self, doel: Doel, ontvanger: Ontvanger, rol: str | None, on: date | None
    ) -> Plan:
        expect("doel", doel, Doel)
        expect("ontvanger", ontvanger, Ontvanger)
        expect("rol", rol, str, type(None))
        expect("on", on, date, type(None))
        return plan(self.regels, doel=doel, ontvanger=ontvanger, rol=rol)


def _release_each(
    rows: Iterable[Mapping[str, Waarde]], planned: Plan
) -> Iterator[Vrijgave]:
    columns = planned.columns
    # The rows of a list have few sets of attributes between them.
    known: dict[tuple[str, ...], dict[str, Oordeel]] = {}
    for row in rows:
        names = tuple(expect("attributen", row, Mapping))  # type: ignore[type-abstract]  # only asks
        if names not in known:
            known[names] = decide(planned, names)
        released: dict[str, Waarde] = {}
        withheld: dict[str, Reden] = {}
        regels: dict[str, Regel] = {}
        for name, oordeel in known[names].items():
            _check_value(name, row[name])
            if isinstance(oordeel, Regel):
                _check_reason(name, row[name])
                released[name] = row[name]
                regels[name] = oordeel
            else:
                withheld[name] = oordeel
        yield _vrijgave(released, withheld, regels, columns)


def _check_value(name: str, value: Waarde) -> None:
    wanted = KetenID if name == "eckid" else str
    if type(value) is not wanted:
        what = name if name in CATALOGUE else "an attribuut"
        raise PolicyError(
            f"{what}: expected {wanted.__name__}, got {type(value).__name__}"
        )
    if (
        value == ""
        and name in CATALOGUE
        and CATALOGUE[name].kenmerk is Kenmerk.ANDER_ID
    ):
        raise PolicyError(f"{name}: expected an identifier, got no text")


def _check_reason(name: str, value: Waarde) -> None:
    if name == "ander_id" and value not in _ANDER_ID:
        raise PolicyError(
            f"ander_id: expected {' or '.join(sorted(_ANDER_ID))}, got another"
        )
