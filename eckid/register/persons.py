"""
Who is in a register: adding, and knowing again without a number.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Final, NamedTuple

from eckid._core.hidden import Unpickled
from eckid._core.values import Closed, a_day, expect
from eckid.errors import RegisterError
from eckid.pseudonyms import HPgn, Stampseudoniem
from eckid.register.facts import Facts, Feit
from eckid.scheme import Scheme
from eckid.succession import Substitution, Substitutions

# What a known key must still be equal in, to be used without hashing.
SAME: Final = ("geboortedatum", "roepnaam", "voorvoegsel", "achternaam")


class OpnameGrond(Closed):
    """
    What became of a person who was to be added.
    """

    NIEUW = "nieuw"
    BEKEND = "bekend"
    # The key is another person's: reused, or of another system.
    OTHER_PERSON = "other-person"
    # Birth date and names are those held, the number is not: a substitution?
    OTHER_NUMBER = "other-number"
    # The number stands under another key of the same administration.
    TWO_PERSONS = "two-persons"


class Opname(NamedTuple):
    """
    The outcome of adding a person.

    Attributes:
        grond: What became of it.
        stam: The stampseudoniem; None where the person was refused.
    """

    grond: OpnameGrond
    stam: Stampseudoniem | None


class Persons(Unpickled):
    """
    The persons of an open register.
    """

    __slots__ = ("_facts", "_held", "_subs")

    def __init__(self, facts: Facts) -> None:
        self._facts = expect("facts", facts, Facts)
        self._held = False
        # What was read last, and of which state of the files.
        self._subs: tuple[object, Substitutions] = None, Substitutions()

    @contextmanager
    def together(self) -> Iterator[None]:
        """
        Write what follows as one: all of it is acknowledged at the end, or none.
        """
        if self._held:
            yield
            return
        with self._facts.store.writing():
            self._held = True
            try:
                yield
            finally:
                self._held = False

    def origin(self, hpgn: HPgn, *, on: date) -> HPgn:
        """
        Return the HPgn whose stampseudoniem a person has on a day.

        Args:
            hpgn: The person's, freshly hashed.

            on: The day.

        Raises:
            eckid.errors.LinkError: If another number came in the place of this one.
        """
        expect("hpgn", hpgn, HPgn)
        day = a_day("on", on)
        state = self._facts.state(Feit.SUBSTITUTIE, Feit.VERGETEN)
        if self._subs[0] != state:
            self._subs = state, Substitutions(self.substitutions())
        return self._subs[1].origin(hpgn, on=day)

    def add(
        self,
        administratie: str,
        key: str,
        stam: Stampseudoniem,
        *,
        gegevens: Mapping[str, str],
        on: date,
        mark: str | None = None,
    ) -> Opname:
        """
        Add a person, or find that the person is there.

        Ask `origin` first, in one `together` with this.

        Args:
            administratie: Which administration it is, in the board's own words.

            key: That administration's own key of the person.

            stam: The person's, made of the HPgn that `origin` gave.

            gegevens: Birth date and names, by which a known key is known again.

            on: The day.

            mark: What made *stam*, as the source says; None is the register's ring.

        Returns:
            What became of it. A key that is another person's, and a number that
            stands under another key, are refused.
        """
        facts = self._facts
        expect("stam", stam, Stampseudoniem)
        by_key = facts.tag("person", administratie, key)
        told = _told(gegevens)
        on = a_day("on", on)
        who = _Persoon(administratie, key, told)
        mark = facts.ring.mark if mark is None else expect("mark", mark, str)
        with self.together():
            by_stam = facts.tag("stampseudoniem", stam.expose())
            here, there = facts.handle(by_key), facts.handle(by_stam)
            if here is not None:
                return self._again(here, there, stam, who, mark)
            if there is not None and self._person(there, administratie, None):
                return Opname(OpnameGrond.TWO_PERSONS, None)
            # A handle without a person has a substitution alone; with one, it is
            # the same person in another administration.
            handle = facts.new_handle() if there is None else there
            new = not facts.of(handle, Feit.PERSOON)
            grond = OpnameGrond.NIEUW if new else OpnameGrond.BEKEND
            facts.put_tag(by_stam, handle)
            facts.put_tag(by_key, handle)
            made = who.fact(stam, mark)
            facts.add(handle, Feit.PERSOON, made | {"on": on.isoformat()})
        return Opname(grond, stam)

    def _again(
        self,
        here: int,
        there: int | None,
        stam: Stampseudoniem,
        who: "_Persoon",
        mark: str,
    ) -> Opname:
        """
        Return what a key that is known gives, with a number that was hashed.
        """
        facts = self._facts
        person = self._person(here, who.administratie, who.key)
        if person is None:
            raise RegisterError("register: expected a person under a key, got none")
        same = _is_same(person, who.gegevens)
        if here == there:
            if not same and _is_enough(who.gegevens):
                # The same number, corrected names: held as they are now. A list
                # that lacks them corrects nothing.
                fact = {n: v for n, v in person.items() if n not in {"feit", "seq"}}
                facts.add(here, Feit.PERSOON, fact | {"gegevens": who.gegevens})
            return Opname(OpnameGrond.BEKEND, _stam(person))
        if not same:
            return Opname(OpnameGrond.OTHER_PERSON, None)
        if there is None and person["bos"] != mark:
            # Of before a new ring: the numbers cannot be compared, all else is.
            facts.put_tag(facts.tag("stampseudoniem", stam.expose()), here)
            return Opname(OpnameGrond.BEKEND, _stam(person))
        return Opname(OpnameGrond.OTHER_NUMBER, None)

    def known(
        self, administratie: str, key: str, *, gegevens: Mapping[str, str]
    ) -> Stampseudoniem | None:
        """
        Return the stampseudoniem of who is known, without a number.

        None where the key is not known, or birth date and names are lacking or
        are not those held: then the person is to be hashed, and added.
        """
        handle = self._facts.handle(self._facts.tag("person", administratie, key))
        if handle is None:
            return None
        person = self._person(handle, administratie, key)
        if person is None or not _is_same(person, _told(gegevens)):
            return None
        return _stam(person)

    def substitutions(self) -> list[Substitution]:
        """
        Return every substitution, of all who were not forgotten.
        """
        return [
            Substitution(
                HPgn.parse(fact["oud"], scheme=Scheme(fact["scheme"])),
                HPgn.parse(fact["nieuw"], scheme=Scheme(fact["nieuw_scheme"])),
                date.fromisoformat(fact["per"]),
            )
            for fact in self._facts.all(Feit.SUBSTITUTIE)
        ]

    def _handle(self, administratie: str, key: str) -> int:
        handle = self._facts.handle(self._facts.tag("person", administratie, key))
        if handle is None:
            raise RegisterError("register: expected a known person, got none")
        return handle

    def _person(
        self, handle: int, administratie: str, key: str | None
    ) -> dict[str, Any] | None:
        # The last, for names are corrected.
        found: dict[str, Any] | None = None
        for fact in self._facts.of(handle, Feit.PERSOON):
            if fact["administratie"] == administratie and key in {None, fact["key"]}:
                found = fact
        return found


class _Persoon(NamedTuple):
    """
    A person as a list has one.
    """

    administratie: str
    key: str
    gegevens: Mapping[str, str]

    def fact(self, stam: Stampseudoniem, mark: str) -> dict[str, Any]:
        """
        Return what is held of the person.
        """
        return {
            **self._asdict(),
            "stampseudoniem": stam.expose(),
            "rehearsal": stam.rehearsal,
            "bos": mark,
        }


def _stam(person: Mapping[str, Any]) -> Stampseudoniem:
    text = person["stampseudoniem"]
    return Stampseudoniem._read(  # noqa: SLF001  # its own text, and its mark
        text, text.rpartition("/sp")[0], rehearsal=person["rehearsal"]
    )


def _told(gegevens: Mapping[str, str]) -> dict[str, str]:
    expect("gegevens", gegevens, Mapping)  # type: ignore[type-abstract]
    return {name: gegevens[name] for name in SAME if gegevens.get(name)}


def _is_same(person: Mapping[str, Any], told: Mapping[str, str]) -> bool:
    """
    Return whether birth date and a name are told, and all are those held.
    """
    return _is_enough(told) and dict(person["gegevens"]) == dict(told)


def _is_enough(told: Mapping[str, str]) -> bool:
    return "geboortedatum" in told and len(told) > 1
