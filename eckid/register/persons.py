"""
The persons of a register: adding them, and recognising them without a number.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Final, NamedTuple

from eckid._core.hidden import Unpickled
from eckid._core.text import folded
from eckid._core.values import Closed, a_day, expect
from eckid.errors import RegisterError
from eckid.pseudonyms import HPgn, Stampseudoniem
from eckid.register.facts import Facts, Feit
from eckid.scheme import Scheme
from eckid.succession import Substitution, Substitutions

# A person with a known key is used without hashing only if these are as they were.
SAME: Final = ("geboortedatum", "roepnaam", "voorvoegsel", "achternaam")


class OpnameUitkomst(Closed):
    """
    The outcome of adding a person, in a word.
    """

    NIEUW = "nieuw"
    BEKEND = "bekend"
    # Refused: the key is another person's; it was reused, or is of another system.
    OTHER_PERSON = "other-person"
    # Refused: birth date and names are those that are kept, but not the number. It may
    # be a substitution.
    OTHER_NUMBER = "other-number"
    # Refused: the number stands under another key of the same administration.
    TWO_PERSONS = "two-persons"


class Opname(NamedTuple):
    """
    The outcome of adding a person.

    Attributes:
        grond: The outcome in a word.
        stam: The person's stampseudoniem; None where the person was refused.
    """

    grond: OpnameUitkomst
    stam: Stampseudoniem | None


class Persons(Unpickled):
    """
    The persons of an open register.
    """

    __slots__ = ("_facts", "_held", "_subs")

    def __init__(self, facts: Facts) -> None:
        self._facts = expect("facts", facts, Facts)
        self._held = False
        # The substitutions last read, and the state of the files at that time.
        self._subs: tuple[object, Substitutions] = None, Substitutions()

    @property
    def namespace(self) -> str:
        """
        What the stampseudoniemen of its ring begin with; a service has another.
        """
        return self._facts.ring.namespace

    @contextmanager
    def together(self) -> Iterator[None]:
        """
        Write everything in this block as one: at its end all is written, or nothing.
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
        Return the HPgn from which the stampseudoniem of a number is derived on a day.

        It follows the substitutions that the register keeps.

        Args:
            hpgn: The HPgn of the person's number, freshly hashed.

            on: The day.

        Returns:
            The HPgn of the oldest number that this one came in the place of, or *hpgn*
            itself; give it to `derive_stampseudoniem`.

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
        Add a person, or find that the register already has the person.

        Call `origin` first, in the same `together` block. A person may have a
        stampseudoniem of the ring, and one of each service: numbers of two sources
        cannot be compared, so a person whom another source made known is the same if
        key, birth date and names are.

        Args:
            administratie: The name of the administration, in the board's own words.

            key: The administration's own key of the person.

            stam: The person's stampseudoniem: the ring's, derived from the HPgn that
                `origin` gave, or a service's.

            gegevens: The attributes `geboortedatum`, `roepnaam`, `voorvoegsel` and
                `achternaam`, by which the person is recognised later; others are not
                kept.

            on: The day.

            mark: The mark of the source that made *stam*; None is the register's ring.

        Returns:
            The outcome. A key that is another person's is refused, and so is a number
            that stands under another key.
        """
        facts = self._facts
        expect("stam", stam, Stampseudoniem)
        by_key = facts.tag("person", administratie, key)
        told = _told(gegevens)
        who = _Persoon(administratie, key, told, a_day("on", on).isoformat())
        mark = facts.ring.mark if mark is None else expect("mark", mark, str)
        with self.together():
            by_stam = facts.tag("stampseudoniem", stam.expose())
            here, there = facts.handle(by_key), facts.handle(by_stam)
            if here is not None:
                return self._again(here, there, stam, who, mark)
            if there is not None and self._person(there, administratie, None):
                return Opname(OpnameUitkomst.TWO_PERSONS, None)
            for name, text in (("administratie", administratie), ("key", key)):
                if not text or text != text.strip():
                    raise RegisterError(
                        f"{name}: expected text without blanks around it, got another"
                    )
            # A handle without a person has only a substitution. One with a person is
            # the same person in another administration.
            new = there is None or not facts.of(there, Feit.PERSOON)
            handle, own = facts.new_handle() if there is None else (there, None)
            grond = OpnameUitkomst.NIEUW if new else OpnameUitkomst.BEKEND
            facts.add(handle, Feit.PERSOON, who.fact(stam, mark), key=own)
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
        Return the outcome of adding a person whose key is known.
        """
        facts = self._facts
        person = self._person(here, who.administratie, who.key)
        if person is None:
            raise RegisterError("register: expected a person under a key, got none")
        own = self._made(here, person, namespace=stam.namespace, mark=mark)
        same = _is_same(person, who.gegevens)
        if here != there and not same:
            return Opname(OpnameUitkomst.OTHER_PERSON, None)
        if here != there and there is not None and own is None:
            return Opname(OpnameUitkomst.TWO_PERSONS, None)
        fact = who.fact(stam, mark) if own is None else own
        if here == there:
            # The same number, with corrected names: the new names are kept. A list
            # that lacks names corrects nothing.
            corrects = not same and _is_enough(who.gegevens)
            told = who.gegevens if corrects else person["gegevens"]
            if corrects or own is None:
                facts.add(here, Feit.PERSOON, fact | {"gegevens": told})
        elif own is None:
            facts.add(here, Feit.PERSOON, fact)
        elif there is None and own["bos"] != mark:
            # The person was added under an earlier ring: the numbers cannot be
            # compared, but all else is equal.
            facts.put_tag(facts.tag("stampseudoniem", stam.expose()), here)
        else:
            return Opname(OpnameUitkomst.OTHER_NUMBER, None)
        return Opname(OpnameUitkomst.BEKEND, stam_of(fact))

    def known(
        self,
        administratie: str,
        key: str,
        *,
        gegevens: Mapping[str, str],
        namespace: str | None = None,
        mark: str | None = None,
    ) -> Stampseudoniem | None:
        """
        Return the stampseudoniem of a person, recognised without a number.

        Args:
            administratie: The name of the administration, in the board's own words.

            key: The administration's own key of the person.

            gegevens: The attributes `geboortedatum`, `roepnaam`, `voorvoegsel` and
                `achternaam`, as far as the list has them.

            namespace: The namespace of the stampseudoniem; None is that of the ring.

            mark: The mark of the source. Of another namespace than the ring's, only
                what this source itself made is known.

        Returns:
            The stampseudoniem. None where the key is not known, or where *gegevens*
            lacks the birth date or all names, or differs from what is kept; or where
            another source made the person known: then hash the number, and `add` the
            person.
        """
        for name, text in (("namespace", namespace), ("mark", mark)):
            if text is not None and type(text) is not str:  # asked for each row
                expect(name, text, str)
        wanted = self.namespace if namespace is None else namespace
        with self._facts.store.reading():
            handle = self._facts.handle(self._facts.tag("person", administratie, key))
            if handle is None:
                return None
            person = self._person(handle, administratie, key)
            if person is None or not _is_same(person, _told(gegevens)):
                return None
            made = self._made(handle, person, namespace=wanted, mark=mark)
        return None if made is None else stam_of(made)

    def has(self, administratie: str, key: str) -> bool:
        """
        Return whether the register has a person under this key.

        Args:
            administratie: The name of the administration, in the board's own words.

            key: The administration's own key of the person.
        """
        with self._facts.store.reading():
            handle = self._facts.handle(self._facts.tag("person", administratie, key))
            return (
                handle is not None
                and self._person(handle, administratie, key) is not None
            )

    def substitutions(self) -> list[Substitution]:
        """
        Return all substitutions of persons who were not forgotten.
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
        # A tag is not bound to its handle: whose it is, is read in the facts.
        if handle is None or self._person(handle, administratie, key) is None:
            raise RegisterError("register: expected a known person, got none")
        return handle

    def _person(
        self, handle: int, administratie: str, key: str | None
    ) -> dict[str, Any] | None:
        # The last fact counts, because names may have been corrected.
        found: dict[str, Any] | None = None
        for fact in self._facts.of(handle, Feit.PERSOON):
            if fact["administratie"] == administratie and key in {None, fact["key"]}:
                found = fact
        return found

    def _made(
        self,
        handle: int,
        person: Mapping[str, Any],
        *,
        namespace: str,
        mark: str | None,
    ) -> dict[str, Any] | None:
        """
        Return the fact of a person with the stampseudoniem of one source.

        What any ring of the register's namespace made counts as its ring's: a register
        may outlive a ring. Services have one namespace in several environments, so
        what another of them made is another's.
        """
        same = {name: person[name] for name in ("administratie", "key")}
        if namespace != self.namespace:
            same["bos"] = mark
        found: dict[str, Any] | None = None
        for fact in self._facts.of(handle, Feit.PERSOON):
            if same.items() <= fact.items() and _namespace(fact) == namespace:
                found = {n: v for n, v in fact.items() if n not in {"feit", "seq"}}
        return found


class _Persoon(NamedTuple):
    """
    A person as a list states one.
    """

    administratie: str
    key: str
    gegevens: Mapping[str, str]
    on: str

    def fact(self, stam: Stampseudoniem, mark: str) -> dict[str, Any]:
        """
        Return the fact that the register keeps of the person.
        """
        return {
            **self._asdict(),
            "stampseudoniem": stam.expose(),
            "rehearsal": stam.rehearsal,
            "bos": mark,
        }


def stam_of(person: Mapping[str, Any]) -> Stampseudoniem:
    """
    Return the stampseudoniem in a fact of a person.
    """
    return Stampseudoniem._read(  # noqa: SLF001  # its own text, and its mark
        person["stampseudoniem"], _namespace(person), rehearsal=person["rehearsal"]
    )


def _namespace(person: Mapping[str, Any]) -> str:
    namespace: str = person["stampseudoniem"].rpartition("/sp")[0]
    return namespace


def _told(gegevens: Mapping[str, str]) -> dict[str, str]:
    expect("gegevens", gegevens, Mapping)  # type: ignore[type-abstract]
    return {name: gegevens[name] for name in SAME if gegevens.get(name)}


def _is_same(person: Mapping[str, Any], told: Mapping[str, str]) -> bool:
    """
    Return whether *told* has the birth date and a name, and all are as kept.

    As in a list, another Unicode form, case or spacing is the same name.
    """
    one, other = (
        {name: folded(text) for name, text in each.items()}
        for each in (person["gegevens"], told)
    )
    return _is_enough(told) and one == other


def _is_enough(told: Mapping[str, str]) -> bool:
    return "geboortedatum" in told and len(told) > 1
