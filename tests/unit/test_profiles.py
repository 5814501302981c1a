"""
The shipped policies say what their sources say, cell by cell.

The tables here are written from the sources, apart from the files.
"""

import copy
import json
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib import resources
from typing import Any, Final

import jsonschema
import pytest

from eckid import Attribuutbeleid, Doel, KetenID, Ontvanger, PolicyError, Reden, Wie
from eckid.attributes import CATALOGUE, DAYS
from eckid.doel import ROLLEN
from eckid.grondslag import RECHTSREGELS, ZEKERHEDEN
from eckid.policy import Eis, Vorm, Waarde

PROFILES: Final = ("smalle-set-2.2", "smalle-set-2.3", "lvs-set-2.2", "lvs-set-2.3")
# M mandatory, O optional, F forbidden, C not with an ECK iD; in the order of the
# schema.
LEERLING: Final = """
key                   M C M C
eckid                 O O O O
achternaam            O O O O
voorvoegsel           O O O O
voornamen             F F F F
voorletters-1         F F O F
roepnaam              O O M M
geboortedatum         O F M M
geslacht              F F M M
start_ondw_jgr3       F F O O
jaargroep             O O M M
groep                 O O O O
samengestelde_groepen O O O O
vestiging             F F F F
gebruikersnaam        F F F F
emailadres            F F F F
fotourl               F F F F
etniciteit            F F F F
land                  F F F F
land_vader            F F F F
land_moeder           F F F F
sofinummer            F F F F
bsn                   F F F F
onderwijsnummer       F F F F
rijksregisternummer   F F F F
bsn_ondwnr-4          F F M F
gewicht_nieuw         F F F F
gewicht               F F F F
postcode              F F F F
instroomdatum         F F F F
uitstroomdatum        F F F F
toevoegingen          F F F F
mutatiedatum          F F F F
"""
LEERKRACHT: Final = """
key                   M C M C
eckid                 O O O O
achternaam            O O O O
voorvoegsel           O O O O
voornamen             F F F F
voorletters-1         F F O F
roepnaam              O O M M
gebruikersnaam        F F F F
emailadres            O O F F
rol                   F F F F
groepen               O O O O
"""
_LETTER: Final = {
    Eis.MANDATORY: "M",
    Eis.OPTIONAL: "O",
    Eis.FORBIDDEN: "F",
    Eis.CONDITIONAL: "C",
}
Cells = dict[tuple[Wie, str], str]


def _cells(profile: str) -> Cells:
    column = PROFILES.index(profile) + 1
    return {
        (wie, line.split()[0]): line.split()[column]
        for wie, table in ((Wie.LEERLING, LEERLING), (Wie.LEERKRACHT, LEERKRACHT))
        for line in table.strip().splitlines()
    }


def _said(raw: dict[str, Any]) -> Cells:
    """
    Return what a file says of each attribute that the table names.
    """
    named = _cells(PROFILES[0])
    return {
        (wie, regel["attribuut"]): _LETTER[Eis(regel["eis"])]
        for regel in raw["regel"]
        for wie in Wie
        if wie.value in regel.get("wie", ["leerling", "leerkracht"])
        and (wie, regel["attribuut"]) in named
    }


def _raw(name: str) -> dict[str, Any]:
    file = resources.files("eckid.policy") / "shipped" / f"{name}.toml"
    return tomllib.loads(file.read_text("utf-8"))


# What a rol sees by the example, written apart from its file.
_SEES: Final = {
    "LRK": "eckid roepnaam voorvoegsel achternaam jaargroep groep "
    "samengestelde_groepen",
    "DIR": "roepnaam voorvoegsel achternaam jaargroep groep",
    "CON": "roepnaam groep",
    "ADM": "roepnaam voorvoegsel achternaam jaargroep groep samengestelde_groepen",
}


@pytest.mark.parametrize("rol", [None, *sorted(ROLLEN)])
def test_the_example_of_roles_gives_each_its_own(rol: str | None) -> None:
    """
    Four codes, with a meaning that is ours; another rol sees nothing, nor does none.
    """
    beleid = Attribuutbeleid.load("voorbeeld-rollen")
    assert "An example, and nobody's rule" in beleid.status
    assert "our own reading" in beleid.status
    assert {regel.zekerheid for regel in beleid.regels} == {"I"}
    asked: dict[str, Any] = {"doel": Doel.GEBRUIK, "rol": rol}
    to = beleid.voor(**asked, ontvanger=Ontvanger.SCHOOL)
    assert set(to.release(_full()).released) == set(_SEES.get(rol or "", "").split())
    assert beleid.voor(**asked, ontvanger=Ontvanger.UITGEVER).columns() == ()


def test_who_orders_gets_edu_v_and_no_pupil_monitoring() -> None:
    """
    Ordering environments are clients of Edu-V; the LVS set is not for orders.
    """
    edu_v = Attribuutbeleid.load("edu-v-students-1.1")
    for doel in (Doel.BESTELLEN, Doel.LEVEREN):
        asked: dict[str, Any] = {"doel": doel, "on": date(2026, 11, 24)}
        to = edu_v.voor(
            **asked, ontvanger=Ontvanger.DISTRIBUTEUR, scopes=["eduv.student.basic"]
        )
        assert "eckid" in to.columns()
        for name in ("lvs-set-2.2", "lvs-set-2.3"):
            for ontvanger in Ontvanger:
                lvs = Attribuutbeleid.load(name).voor(**asked, ontvanger=ontvanger)
                assert lvs.columns() == ()


# No shipped policy serves serviceprocessen; a pupil-monitoring system sells nothing.
_UNSERVED: Final = {
    "sma": {Doel.SERVICEPROCESSEN},
    "lvs": {Doel.SERVICEPROCESSEN, Doel.BESTELLEN, Doel.LEVEREN},
}


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_is_its_table(profile: str) -> None:
    """
    Cell by cell, for pupils and teachers, in the order of the schema.
    """
    said = _said(_raw(profile))
    assert said == _cells(profile)
    order = [name for wie, name in said if wie is Wie.LEERLING]
    assert order == [line.split()[0] for line in LEERLING.strip().splitlines()]
    beleid = Attribuutbeleid.load(profile)
    for regel in beleid.regels:
        assert regel.doelen == frozenset(Doel) - _UNSERVED[profile[:3]]
        assert regel.ontvangers == {
            Ontvanger.SOFTWARELEVERANCIER,
            Ontvanger.UITGEVER,
            Ontvanger.SCHOOL,
        }
        if regel.eis is Eis.CONDITIONAL:
            assert not regel.met
            assert regel.zonder == {"eckid"}


@pytest.mark.parametrize("profile", PROFILES)
def test_one_cell_that_differs_is_found(profile: str) -> None:
    """
    Whichever it is: the comparison names that cell and no other.
    """
    raw = _raw(profile)
    for n, regel in enumerate(raw["regel"]):
        changed = copy.deepcopy(raw)
        other = "forbidden" if regel["eis"] != "forbidden" else "optional"
        changed["regel"][n]["eis"] = other
        expected, said = _cells(profile), _said(changed)
        differing = {cell for cell in expected if said[cell] != expected[cell]}
        names = {name for _, name in differing}
        assert names == ({regel["attribuut"]} & {name for _, name in expected})


_KETENID: Final = KetenID.parse(f"https://eckid.invalid/2026/{'0123456789abcdef' * 8}")
_ASKED: Final[dict[str, Any]] = {
    "doel": Doel.GEBRUIK,
    "ontvanger": Ontvanger.UITGEVER,
    "on": date(2026, 11, 24),
}


def _full(*without: str) -> dict[str, Waarde]:
    row: dict[str, Waarde] = {name: f"x {name}" for name in CATALOGUE}
    row |= {
        "eckid": _KETENID,
        "ander_id_reden": "symbiose",
        **dict.fromkeys(DAYS, "2027-07-31"),
        "geslacht": "1",
        "rol": "LRK",
    }
    return {name: value for name, value in row.items() if name not in without}


@pytest.mark.parametrize("profile", [p for p in PROFILES if p != "lvs-set-2.2"])
@pytest.mark.parametrize("wie", Wie)
def test_a_profile_releases_what_its_table_allows(profile: str, wie: Wie) -> None:
    """
    Values go as they are; key only without an ECK iD; the rest is withheld.
    """
    to = Attribuutbeleid.load(profile).voor(**_ASKED)
    allowed = {n for (w, n), c in _cells(profile).items() if w is wie and c in "MO"}
    vrijgave = to.release(_full(), wie=wie)
    assert set(vrijgave.released) == allowed - {"key"}
    assert dict(vrijgave.released).items() <= _full().items()
    without = to.release(_full("eckid"), wie=wie)
    assert set(without.released) == allowed - {"eckid"} | {"key"}
    assert without.withheld["ander_id_reden"] is Reden.USE_ONLY


@pytest.mark.parametrize("wie", Wie)
def test_the_lvs_set_of_2_2_refuses_everyone(wie: Wie) -> None:
    """
    It demands four digits of the PGN, and those are never released.
    """
    to = Attribuutbeleid.load("lvs-set-2.2").voor(**_ASKED)
    vrijgave = to.release(_full(), wie=wie)
    assert vrijgave.released == {}
    assert vrijgave.missing == ("bsn_ondwnr-4",)


@pytest.mark.parametrize("profile", ["smalle-set-2.3", "lvs-set-2.3"])
@pytest.mark.parametrize("name", ["key", "roepnaam", "geboortedatum", "jaargroep"])
def test_what_a_profile_demands_refuses_who_lacks_it(profile: str, name: str) -> None:
    """
    That row, with the name of what is missing; one of two names is enough.
    """
    to = Attribuutbeleid.load(profile).voor(**_ASKED)
    gone = ("eckid", "key") if name == "key" else (name,)
    vrijgave = to.release(_full(*gone))
    demanded = name == "key" or _cells(profile)[Wie.LEERLING, name] == "M"
    assert bool(vrijgave.missing) is demanded
    assert (vrijgave.released == {}) is demanded
    nameless = to.release(_full("roepnaam", "achternaam"))
    assert "roepnaam or achternaam" in nameless.missing


EDU_V: Final = {
    "eduv.student.basic": {
        *("eckid", "neppi", "basispoort_id", "eduid", "nepri"),
        *("roepnaam", "achternaam", "voorvoegsel"),
    },
    "eduv.student.demographics": {"geboortedatum", "geslacht"},
    "eduv.student.communication": {"emailadres"},
    "eduv.student.accessibility": set(),
    "eduv.student.deliveryaddress": set(),
}


@pytest.mark.parametrize("scope", EDU_V)
def test_a_scope_of_edu_v_gives_its_fields(scope: str) -> None:
    """
    Those of the chosen scopes and no others; without a scope it is not asked.
    """
    beleid = Attribuutbeleid.load("edu-v-students-1.1")
    assert set(beleid.scopes) == set(EDU_V)
    asked = {**_ASKED, "ontvanger": Ontvanger.SOFTWARELEVERANCIER}
    chosen = beleid.voor(**asked, scopes=[scope])
    assert set(chosen.columns()) == EDU_V[scope]
    assert chosen == beleid.scoped(scope).voor(**asked)
    with pytest.raises(PolicyError, match=r"^scopes: expected one or more of "):
        beleid.voor(**asked)
    demanded = {r.attribuut for r in beleid.regels if r.eis is Eis.MANDATORY}
    assert demanded == {"roepnaam", "achternaam"}
    basic = beleid.voor(**asked, scopes=("eduv.student.basic", scope)).release(_full())
    others = {"neppi", "basispoort_id", "eduid", "nepri"}
    assert set(basic.released) == (EDU_V["eduv.student.basic"] | EDU_V[scope]) - others


def test_entree_withholds_its_own_ids_where_the_ketenid_goes() -> None:
    """
    Uid and the nlEduPerson ids go only if there is no ECK iD.
    """
    beleid = Attribuutbeleid.load("entree-federatie")
    to = beleid.voor(**_ASKED | {"doel": Doel.TOEGANG})
    released = {"eckId", "givenName", "eduPersonAffiliation"}
    released |= {"nlEduPersonHomeOrganizationId", "nlEduPersonHomeOrganization"}
    vrijgave = to.release(_full())
    assert set(vrijgave.released) == released
    for name in ("uid", "nepri", "neppi"):
        assert vrijgave.withheld[name] is Reden.KETENID_EXISTS
    without = to.release(_full("eckid"))
    assert set(without.released) == released - {"eckId"} | {"nlEduPersonRealId"}
    alone = to.release(_full("eckid", "nepri", "neppi"))
    assert "uid" in alone.released
    assert "sends uid, which no library can hold back" in beleid.status


@pytest.mark.parametrize("name", Attribuutbeleid.names())
def test_every_rule_says_why_in_both_languages(name: str) -> None:
    """
    One sentence of each that a parent can read, and the source.
    """
    beleid = Attribuutbeleid.load(name)
    assert beleid.naam == name
    for regel in beleid.regels:
        for text in (regel.motivering, regel.motivation):
            assert text.endswith(".")
            assert text[0].isupper()
            assert len(text) <= 200
        assert regel.motivering != regel.motivation


# The published schema.


def _schema() -> dict[str, Any]:
    file = resources.files("eckid.policy") / "shipped" / "beleid.schema.json"
    loaded: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return loaded


def _valid(raw: dict[str, Any]) -> bool:
    # Days are days in TOML and text in JSON.
    as_json = json.loads(json.dumps(raw, default=str))
    validator = jsonschema.Draft202012Validator(_schema())
    return bool(validator.is_valid(as_json))


@pytest.mark.parametrize("name", Attribuutbeleid.names())
def test_a_shipped_policy_fits_the_schema(name: str) -> None:
    """
    What is shipped is what the schema describes.
    """
    jsonschema.Draft202012Validator.check_schema(_schema())
    assert _valid(_raw(name))


def test_the_schema_knows_what_the_code_knows() -> None:
    """
    Attributes, doelen, recipients, rollen, eisen and vormen are the same sets.
    """
    defs = _schema()["$defs"]
    regel = defs["regel"]["properties"]
    assert set(defs["attribuut"]["enum"]) == set(CATALOGUE)
    assert set(defs["doel"]["enum"]) == {doel.value for doel in Doel}
    assert set(defs["ontvangers"]["items"]["enum"]) == {o.value for o in Ontvanger}
    assert set(defs["wie"]["items"]["enum"]) == {wie.value for wie in Wie}
    assert set(regel["rollen"]["items"]["enum"]) == ROLLEN
    assert set(regel["eis"]["enum"]) == {eis.value for eis in Eis}
    assert set(regel["vorm"]["enum"]) == {vorm.value for vorm in Vorm}
    assert set(defs["zekerheid"]["enum"]) == set(ZEKERHEDEN)
    assert defs["rechtsregels"]["items"]["enum"] == list(RECHTSREGELS)


def _damage() -> Iterator[Any]:
    def put(path: str, value: object) -> Any:  # noqa: ANN401  # a mark
        return pytest.param(path, value, id=f"{path} {value!r}")

    yield put("naam", None)
    yield put("naam", 1)
    yield put("extra", "x")
    yield put("doelen", ["verkopen"])
    yield put("doelen", [])
    yield put("een_van", [["eckid"]])
    yield put("afwijking", {"doel": "gebruik"})
    yield put("regel.0.eis", "soms")
    yield put("regel.0.extra", "x")
    yield put("regel.0.motivering", None)
    yield put("regel.0.motivation", " ")
    yield put("regel.0.attribuut", "schoenmaat")
    yield put("regel.0.rollen", ["BAAS"])
    yield put("regel.0.eis", "conditional")
    yield put("regel.0.zonder", ["eckid"])
    yield put("regel.0.vorm", "half")
    yield put("regel.0.zekerheid", "?")
    yield put("regel.0.rechtsregels", ["L14"])
    yield put("regel.0.rechtsregels", "L1")
    yield put("regel.0.tekst", "wetten.overheid.nl")
    yield put("rechtsregels", ["artikel 2"])


@pytest.mark.parametrize(("path", "value"), list(_damage()))
def test_the_schema_refuses_what_is_no_policy(path: str, value: object) -> None:
    """
    One field that is wrong, missing or too many is enough.
    """
    raw = _raw("leermiddelenketen")
    assert _valid(raw)
    *steps, last = path.split(".")
    table: Any = raw
    for step in steps:
        table = table[int(step) if step.isdigit() else step]
    if value is None:
        del table[last]
    else:
        table[last] = value
    assert not _valid(raw)
