"""
Every row of the tables says what it rests on: source, certainty, rules of the law.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from eckid.boundary import LINK_HOLDS, MAY_JOIN, MAY_PASS
from eckid.enrolment import GRONDEN
from eckid.errors import PolicyError
from eckid.grondslag import (
    AVG,
    RECHTSREGELS,
    REGELING,
    STAATSBLAD,
    UAVG,
    ZEKERHEDEN,
    Grondslag,
)
from eckid.keten import INDELING
from eckid.policy import Attribuutbeleid

EXPLANATION = Path(__file__).parents[2] / "docs/explanation"
OFFICIAL = {
    "wetten.overheid.nl",
    "zoek.officielebekendmakingen.nl",
    "eur-lex.europa.eu",
}
# What carries it out is no row of a table but the order of substitutions.
NO_ROW = {"L9"}


def _rows() -> Iterator[tuple[str, Grondslag]]:
    for (van, naar), row in MAY_PASS.items():
        for soort, rests in row.items():
            yield f"MAY_PASS {van.value} {naar.value} {soort.value}", rests
    for how, joining in MAY_JOIN.items():
        yield f"MAY_JOIN {how.value}", joining.grondslag
    for holds in LINK_HOLDS:
        yield f"LINK_HOLDS {holds.rule}", holds.grondslag
    for ground in GRONDEN:
        yield f"GRONDEN {ground.grond.value}", ground.grondslag
    for lies in INDELING:
        yield f"INDELING {lies.soort.value} {lies.vanaf}", lies.grondslag
    for name in Attribuutbeleid.names():
        for regel in Attribuutbeleid.load(name).regels:
            yield f"{name} {regel.attribuut}", regel.grondslag


ROWS = list(_rows())


@pytest.mark.parametrize(
    "grondslag", [rests for _, rests in ROWS], ids=[where for where, _ in ROWS]
)
def test_a_row_cites_or_infers_and_never_both(grondslag: Grondslag) -> None:
    """
    A source and one certainty; no source text bears a mark of its own.
    """
    assert grondslag.bron.strip() == grondslag.bron
    assert grondslag.bron
    assert grondslag.zekerheid in ZEKERHEDEN
    assert not re.search(r"[\[\]]|\binferred\b|\bL\d", grondslag.bron)


@pytest.mark.parametrize("nummer", sorted(RECHTSREGELS))
def test_each_rule_of_the_law_is_carried_out_by_a_row(nummer: str) -> None:
    """
    Each appears in some table, but for those that no table carries out.
    """
    carried = {number for _, rests in ROWS for number in rests.rechtsregels}
    assert (nummer in carried) is (nummer not in NO_ROW)


def test_a_rule_of_the_law_says_what_it_says_and_where_that_is_written() -> None:
    """
    In their order, with at least one source each.
    """
    assert list(RECHTSREGELS) == [f"L{n}" for n in range(1, 14)]
    for rule in RECHTSREGELS.values():
        assert rule.zegt
        assert rule.grondslagen
        assert {rests.rechtsregels for rests in rule.grondslagen} == {()}
    # Only the last is ours.
    inferred = {
        nummer
        for nummer, rule in RECHTSREGELS.items()
        if {rests.zekerheid for rests in rule.grondslagen} != {"C"}
    }
    assert inferred == {"L13"}


def test_a_link_leads_to_an_official_text() -> None:
    """
    The same source has the same link, and only official texts are linked to.
    """
    every = [rests for _, rests in ROWS]
    every += [rests for rule in RECHTSREGELS.values() for rests in rule.grondslagen]
    for rests in every:
        for document in (REGELING, STAATSBLAD, AVG, UAVG):
            if re.match(rf"{re.escape(document.naam)}(,|$)", rests.bron):
                assert rests.tekst == document.tekst
        if rests.tekst:
            url = urlsplit(rests.tekst)
            assert (url.scheme, url.query, url.fragment) == ("https", "", "")
            assert url.hostname in OFFICIAL
    assert {rests.tekst for rests in every} > {REGELING.tekst, STAATSBLAD.tekst}


# What only a source can say: the law and its evaluation, who is told what, practice.
_CLAIMS = re.compile(
    r"\b(evaluation|Regeling|DUO|OCW|AVS|Edu-K|Edu-V|Edustandaard|AVG|UAVG|ECK iD|"
    r"onderwijsdeelnemers|funded|symbiose|special education|OOAPI|"
    r"[Ii]n practice|lawful|juridically|nationally)\b"
)
# A place in a source, a rule by its number, or the mark of what is inferred.
_SOURCED = re.compile(
    r"\[I\]|\binferred\b|\bL1?[0-9]\b|KBA Nijmegen 2024|\([0-9]\.[0-9]|https://|"
    r"FAQ|Edustandaard:|Kennisnet|UWLR|EDEXML|by Edu-V"
)


@pytest.mark.parametrize("page", sorted(EXPLANATION.glob("*.md")), ids=lambda p: p.name)
def test_a_claim_about_the_law_has_its_source_or_its_mark(page: Path) -> None:
    """
    Each paragraph and list item that makes one, in docs/explanation.
    """
    bare = [
        line
        for line in page.read_text("utf-8").splitlines()
        if not line.startswith(("|", "#", "*Prevented"))
        and _CLAIMS.search(line)
        and not _SOURCED.search(line)
    ]
    assert bare == []


_WRONG: dict[str, tuple[tuple[object, ...], str]] = {
    "no source": ((" ", "C"), "expected a bron, got none"),
    "another certainty": (("x", "?"), "expected zekerheid C, R or I, got another"),
    "no rule of ours": (
        ("x", "C", ("L14",)),
        "expected rechtsregels of L1 to L13, each once, got others",
    ),
    "a rule twice": (
        ("x", "C", ("L1", "L1")),
        "expected rechtsregels of L1 to L13, each once, got others",
    ),
    "no link": (
        ("x", "C", (), "wetten.overheid.nl"),
        "expected tekst to be a link that begins with https://, got another text",
    ),
}


@pytest.mark.parametrize("case", _WRONG)
def test_what_rests_on_nothing_is_refused(case: str) -> None:
    """
    Told by what was expected; what was given is not repeated.
    """
    given, said = _WRONG[case]
    with pytest.raises(PolicyError) as caught:
        Grondslag(*given)  # type: ignore[arg-type]  # a mistake
    assert caught.value.args == (f"grondslag: {said}",)


def test_a_source_is_text() -> None:
    """
    Another type is a TypeError, and a text is no tuple of numbers.
    """
    with pytest.raises(TypeError, match=r"^bron: expected str, got int$"):
        Grondslag(5, "C")  # type: ignore[arg-type]  # a mistake
    with pytest.raises(TypeError, match=r"^rechtsregels: expected tuple, got str$"):
        Grondslag("x", "C", "L1")  # type: ignore[arg-type]  # a mistake


def test_a_row_shows_itself_shortly() -> None:
    """
    Source, certainty and numbers; where there is a place in it, that too.
    """
    assert str(REGELING.at("2(2)", "L3", zekerheid="I")) == (
        "Regeling pseudonimisering onderwijsdeelnemers (2018), 2(2) [I] L3"
    )
    assert str(STAATSBLAD.at()) == "Staatsblad 2017, 508 [C]"
