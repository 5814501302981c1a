"""
The release of one row: what the plan of a policy lets through of its values.

A plan is compiled once for all persons who have the same attributes. The quick way is
for rows where nothing depends on values; the guard looks at both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from eckid.attributes import CATALOGUE, NAMES_OF, AnderIdReden, Kenmerk
from eckid.errors import PolicyError
from eckid.policy.decision import Oordeel, Plan, Reden, decide
from eckid.policy.guard import HEX, holds, least_of, own_numbers, shows_secret
from eckid.policy.regel import Regel
from eckid.policy.vorm import TYPED, day, less, readable
from eckid.policy.vrijgave import IDS, Vrijgave, Waarde
from eckid.pseudonyms import KetenID

# Filling the dictionary takes less time per row than the __init__ of a frozen class.
_new: Final = object.__new__

_PGN: Final = frozenset(NAMES_OF[Kenmerk.PGN])


@dataclass(frozen=True, slots=True)
class Compiled:
    """
    A plan for all persons who have the same attributes.

    Attributes:
        take: Attribute and released name of each value that goes, and from which
            lengths on the guard looks at the value, as `least_of` says.
        names: Each attribute that goes.
        ids: The other identifiers among them.
        pgns: The attributes that count as a PGN; what they hold goes under no name.
        ketenid: Whether these persons have a ketenID.
        typed: The attributes that go only if they can be read.
        plain: Whether the values of *take* go as they are, and nothing depends on
            values.
        decided: The decision on each attribute, for where *plain* is false.
        going: Each attribute that goes, for where *plain* is false: its rule, the names
            that the rule gives, whether less goes, and from which length on the guard
            looks at it.
        required: What the policy demands, and the names under which it goes.
        withheld: The reason for each attribute that is withheld.
        regels: The rule of each value that goes, by its released name.
    """

    take: tuple[tuple[str, str, int, int], ...]
    names: tuple[str, ...]
    ids: tuple[str, ...]
    pgns: tuple[str, ...]
    ketenid: bool
    typed: tuple[str, ...]
    plain: bool
    decided: Mapping[str, Oordeel]
    going: tuple[tuple[str, Regel, tuple[str, ...], bool, int], ...]
    required: tuple[tuple[str, tuple[str, ...]], ...]
    withheld: Mapping[str, Reden]
    regels: Mapping[str, Regel]


def release_one(
    row: Mapping[str, Waarde],
    planned: Plan,
    compiled: Compiled,
    columns: tuple[str, ...],
) -> Vrijgave:
    """
    Return the release of one row, by the plan compiled for its attributes.
    """
    if compiled.ketenid and type(row["eckid"]) is not KetenID:
        raise _other_kind("eckid", KetenID, row["eckid"])
    if not compiled.plain or (
        compiled.typed
        and not all(readable(name, str(row[name])) for name in compiled.typed)
    ):
        return _slowly(row, planned, compiled, columns)
    released: dict[str, Waarde] = {}
    doubtful = False
    for name, goes_as, least, in_ascii in compiled.take:
        value = released[goes_as] = row[name]
        if type(value) is not str:
            if name != "eckid":
                raise _other_kind(name, str, value)
        # Most values are short, or one word: no more is asked of those. Seven signs
        # behind a word are no number.
        elif value.isalpha() or len(value) < least:
            continue
        elif not value.isascii() or (
            len(value) >= in_ascii and (len(value) >= HEX or not value[:-7].isalpha())
        ):
            doubtful = True
    if doubtful or compiled.pgns:
        shown = _shown(row, compiled.names, compiled.pgns)
        if shown is not None:
            return _leaking(shown, planned, compiled, columns)
    made = _new(Vrijgave)
    of = made.__dict__
    of["released"] = MappingProxyType(released)
    of["withheld"] = compiled.withheld
    of["regels"] = compiled.regels
    of["columns"] = columns
    of["wie"] = planned.vraag.wie
    return made


def compiled_for(planned: Plan, names: tuple[str, ...]) -> Compiled:
    """
    Return the plan for all persons who have exactly the attributes *names*.
    """
    decided = decide(planned, names)
    gone = {n: o.regel for n, o in decided.items() if o.regel and o.reden is None}
    plain = not (
        planned.required
        or any(regel.less for regel in gone.values())
        or IDS & gone.keys()
    )
    return Compiled(
        tuple((name, regel.naam, *least_of(name)) for name, regel in gone.items()),
        tuple(gone),
        tuple(name for name in gone if name in IDS),
        tuple(name for name in decided if name in _PGN),
        "eckid" in decided,
        tuple(name for name in gone if name in TYPED),
        plain,
        decided,
        tuple(
            (name, regel, regel.namen, regel.less, least_of(name)[0])
            for name, regel in gone.items()
        ),
        tuple(_demanded(names, decided) for names in planned.required),
        MappingProxyType({n: o.reden for n, o in decided.items() if o.reden}),
        MappingProxyType({regel.naam: regel for regel in gone.values()}),
    )


def _slowly(
    row: Mapping[str, Waarde],
    planned: Plan,
    compiled: Compiled,
    columns: tuple[str, ...],
) -> Vrijgave:
    """
    Return the release of a row where something depends on the values.
    """
    toetsdag = planned.vraag.toetsdag
    released: dict[str, Waarde] = {}
    regels: dict[str, Regel] = {}
    withheld = dict(compiled.withheld)
    ander_id_reden = _ander_id(row, compiled, planned.vraag.on)
    looked_at: list[str] = []
    for name, regel, namen, is_less, least in compiled.going:
        value = row[name]
        if type(value) is not str and name != "eckid":
            raise _other_kind(name, str, value)
        if isinstance(ander_id_reden, Reden) and name in _STANDS_IN:
            withheld[name] = ander_id_reden
            continue
        goes: Waarde | None = value
        if is_less:
            goes = less(regel.vorm, str(value), toetsdag)
            withheld[name] = Reden.UNREADABLE if goes is None else Reden.REPLACED
        elif name in TYPED and not readable(name, str(value)):
            goes, withheld[name] = None, Reden.UNREADABLE
            looked_at.append(name)
        elif type(value) is str and (
            compiled.pgns or (len(value) >= least and not value.isalpha())
        ):
            looked_at.append(name)
        if goes is not None:
            released.update(zip(namen, (goes, str(toetsdag)), strict=False))
            regels.update(dict.fromkeys(namen, regel))
    shown = _shown(row, looked_at, compiled.pgns) if looked_at else None
    if shown is not None:
        return _leaking(shown, planned, compiled, columns)
    missing = tuple(
        what
        for what, names in compiled.required
        if not any(released.get(name, "") != "" for name in names)
    )
    if missing:
        sources = {regel.attribuut for regel in regels.values()}
        withheld.update(dict.fromkeys(sources, Reden.MANDATORY_MISSING))
        released, regels = {}, {}
    return Vrijgave(
        MappingProxyType(released),
        MappingProxyType(withheld),
        MappingProxyType(regels),
        columns,
        ander_id_reden
        if isinstance(ander_id_reden, AnderIdReden) and not missing
        else None,
        missing,
        planned.vraag.wie,
    )


# Attributes that go with another identifier, and not without one.
_STANDS_IN: Final = IDS | {"ander_id_reden", "ander_id_tot"}


def _ander_id(
    row: Mapping[str, Waarde], compiled: Compiled, on: date | None
) -> AnderIdReden | Reden | None:
    """
    Return why another identifier goes, or why it does not; None if there is no such.

    Raises:
        eckid.errors.PolicyError: If the identifier is empty, or its reason or last day
            cannot be read.
    """
    for name in compiled.ids:
        if row[name] == "":
            raise PolicyError(f"{name}: expected an identifier, got no text")
    if not compiled.ids:
        return None
    for name in ("ander_id_reden", "ander_id_tot"):
        if type(row[name]) is not str:
            raise _other_kind(name, str, row[name])
    known = {reden.value: reden for reden in AnderIdReden}
    why = row["ander_id_reden"]
    if why not in known:
        names = " or ".join(sorted(known))
        raise PolicyError(f"ander_id_reden: expected {names}, got another")
    last = day(str(row["ander_id_tot"]))
    if last is None:
        raise PolicyError("ander_id_tot: expected a day as 2026-11-24, got another")
    if on is None or on > last:
        return Reden.ANDER_ID_ENDED
    return known[str(why)]


def _shown(
    row: Mapping[str, Waarde], names: Iterable[str], pgns: tuple[str, ...]
) -> str | None:
    """
    Return the first of the attributes *names* that shows a secret; None if none does.
    """
    own = own_numbers(row, pgns) if pgns else ()
    for name in names:
        value = row[name]
        if isinstance(value, str) and (
            shows_secret(name, value) or (own and _holds_any(value, own))
        ):
            return name
    return None


def _holds_any(text: str, numbers: Iterable[str]) -> bool:
    return any(holds(text, number) for number in numbers)


def _leaking(
    shown: str, planned: Plan, compiled: Compiled, columns: tuple[str, ...]
) -> Vrijgave:
    """
    Return the release of a row in which one attribute shows a secret: nothing goes.
    """
    withheld = {
        name: oordeel.reden or Reden.BESIDE_LEAK
        for name, oordeel in compiled.decided.items()
    }
    withheld[shown] = Reden.LEAK
    nothing: Mapping[str, Waarde] = MappingProxyType({})
    return Vrijgave(
        nothing,
        MappingProxyType(withheld),
        MappingProxyType({}),
        columns,
        wie=planned.vraag.wie,
    )


def _demanded(
    names: tuple[str, ...], decided: Mapping[str, Oordeel]
) -> tuple[str, tuple[str, ...]]:
    """
    Return what a policy demands, in words, and the names under which it goes.
    """
    found = (decided[name].regel for name in names if name in decided)
    return " or ".join(names), tuple(regel.naam for regel in found if regel)


def _other_kind(name: str, wanted: type, value: object) -> PolicyError:
    what = name if name in CATALOGUE else "an attribuut"
    return PolicyError(
        f"{what}: expected {wanted.__name__}, got {type(value).__name__}"
    )
