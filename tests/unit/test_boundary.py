"""
The boundary: the whole matrix of who may pass what to whom.
"""

from itertools import product
from types import MappingProxyType

import pytest

from eckid import BoundaryError, EckidError, Partij, Soort, check_passage
from eckid.boundary import MAY_PASS, Passages
from eckid.grondslag import Grondslag

# The table of who may pass what, written from its source and apart from the
# code: B bevoegd gezag, A administratiesysteem, N Nummervoorziening, D DUO, O
# ontvanger (two different ones, from O to O); p PGN, h HPgn, s stampseudoniem, k
# ketenID.
_ALLOWED = {
    "B A": "p h s k",
    "A B": "p h s k",
    "B N": "h s",
    "A N": "h s",
    "N B": "s k",
    "N A": "s k",
    "B D": "p",
    "A D": "p",
    "B O": "k",
    "O B": "k",
    "A O": "k",
    "O A": "k",
    "O O": "k",
}
_PARTIJEN = {
    Partij.BEVOEGD_GEZAG: "B",
    Partij.ADMINISTRATIESYSTEEM: "A",
    Partij.NUMMERVOORZIENING: "N",
    Partij.DUO: "D",
    Partij.ONTVANGER: "O",
}
_SOORTEN = {
    Soort.PGN: "p",
    Soort.HPGN: "h",
    Soort.STAMPSEUDONIEM: "s",
    Soort.KETENID: "k",
}
_ALL = list(product(Soort, Partij, Partij))


def _passes(
    soort: Soort,
    van: Partij,
    naar: Partij,
    table: Passages = MAY_PASS,
) -> bool:
    try:
        check_passage(soort, van=van, naar=naar, table=table)
    except BoundaryError as error:
        # Kinds and parties are no secrets, and the message names all three.
        message = f"{soort.value} may not pass from {van.value} to {naar.value}"
        if (str(error), error.rule.value) != (message, "passage"):
            raise
        return False
    return True


def test_the_matrix_has_every_kind_and_every_party() -> None:
    """
    A new kind or party owes a letter to the table of this file.
    """
    assert set(_SOORTEN) == set(Soort)
    assert set(_PARTIJEN) == set(Partij)
    assert len(_ALL) == 100


@pytest.mark.parametrize(("soort", "van", "naar"), _ALL)
def test_what_is_in_the_table_passes_and_the_rest_is_refused(
    soort: Soort, van: Partij, naar: Partij
) -> None:
    """
    Each of the 100 passages is allowed exactly where the source allows it.
    """
    row = _ALLOWED.get(f"{_PARTIJEN[van]} {_PARTIJEN[naar]}", "").split()
    assert _passes(soort, van, naar) is (_SOORTEN[soort] in row)


@pytest.mark.parametrize(
    "soort", [soort for soort in Soort if soort is not Soort.KETENID]
)
def test_only_the_ketenid_reaches_a_recipient(soort: Soort) -> None:
    """
    L4: PGN, HPgn and stampseudoniem never go to a third party.
    """
    for van in Partij:
        assert not _passes(soort, van, Partij.ONTVANGER)
        assert not _passes(soort, Partij.ONTVANGER, van)


def test_the_service_never_gets_a_pgn() -> None:
    """
    L1: the PGN stays with the board and its system.
    """
    for van in Partij:
        assert not _passes(Soort.PGN, van, Partij.NUMMERVOORZIENING)


def test_each_permission_rests_on_something() -> None:
    """
    A row without a source is no law.
    """
    rests = [grondslag for row in MAY_PASS.values() for grondslag in row.values()]
    assert len(rests) == sum(len(row.split()) for row in _ALLOWED.values())
    assert {type(grondslag) for grondslag in rests} == {Grondslag}


# The rules of the law behind each passage, written from their sources and apart
# from the code; and what is inferred (i) rather than read.
_RESTS = {
    "B A p": "L1 L7 i",
    "B A h": "L1 L7 i",
    "B A s": "L1 L2",
    "B A k": "L3 L7 i",
    "A B p": "L1 L7 i",
    "A B h": "L1 L7 i",
    "A B s": "L1 L2",
    "A B k": "L3 L7 i",
    "B N h": "L1 L7",
    "B N s": "L2 L7",
    "A N h": "L1 L7",
    "A N s": "L2 L7",
    "N B s": "L2 L7",
    "N B k": "L3 L7",
    "N A s": "L2 L7",
    "N A k": "L3 L7",
    "B D p": "L8 i",
    "A D p": "L8",
    "B O k": "L4 L6",
    "O B k": "L4 L5 L6",
    "A O k": "L4 L6",
    "O A k": "L4 L5 L6",
    "O O k": "L5 L13 i",
}


def test_each_permission_names_its_rules_and_says_how_certain_it_is() -> None:
    """
    Row by row: the numbers of the rules, and whether it was read or inferred.
    """
    found = {
        f"{_PARTIJEN[van]} {_PARTIJEN[naar]} {_SOORTEN[soort]}": " ".join(
            (*rests.rechtsregels, *("i" for _ in range(rests.zekerheid == "I")))
        )
        for (van, naar), row in MAY_PASS.items()
        for soort, rests in row.items()
    }
    assert found == _RESTS


def test_duo_gets_the_number_and_gives_no_identifier() -> None:
    """
    L8: the check asks for the PGN alone, and its answer is yes or no.
    """
    for soort, van in product(Soort, Partij):
        hands = {Partij.BEVOEGD_GEZAG, Partij.ADMINISTRATIESYSTEEM}
        asks = soort is Soort.PGN and van in hands
        assert _passes(soort, van, Partij.DUO) is asks
        assert not _passes(soort, Partij.DUO, van)


def test_a_board_may_take_a_row_out() -> None:
    """
    Without its row, the passage from vendor to vendor is refused; no other is.
    """
    onward = (Partij.ONTVANGER, Partij.ONTVANGER)
    less = {pair: row for pair, row in MAY_PASS.items() if pair != onward}
    for soort, van, naar in _ALL:
        expected = _passes(soort, van, naar) and (van, naar) != onward
        assert _passes(soort, van, naar, less) is expected


def test_no_table_allows_nothing() -> None:
    """
    Absence denies.
    """
    assert not any(_passes(soort, van, naar, {}) for soort, van, naar in _ALL)


def test_the_table_cannot_be_changed() -> None:
    """
    Who wants another table makes one; this one is for all.
    """
    assert isinstance(MAY_PASS, MappingProxyType)
    assert all(isinstance(row, MappingProxyType) for row in MAY_PASS.values())


@pytest.mark.parametrize("place", range(3))
def test_the_words_of_a_passage_are_values(place: int) -> None:
    """
    A text is no kind and no party: it is a TypeError and no permission.
    """
    words: list[Soort | Partij] = [
        Soort.KETENID,
        Partij.BEVOEGD_GEZAG,
        Partij.ONTVANGER,
    ]
    texts = [*words[:place], words[place].value, *words[place + 1 :]]
    with pytest.raises(TypeError) as caught:
        check_passage(texts[0], van=texts[1], naar=texts[2])
    assert not isinstance(caught.value, EckidError)
    assert str(caught.value).endswith("got str")
