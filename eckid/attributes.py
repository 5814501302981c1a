"""
The catalogue of attributes: what each is called, what it is, where it comes from.

An attribute has the name that EDEXML (UWLR 2.2) gives it. What EDEXML lacks has another
source's name or one of ours, and its row says so. The headings that class lists give it
are in the row too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from eckid._core.values import Closed, expect
from eckid.doel import ROLLEN


class Kenmerk(Closed):
    """
    What kind of attribute it is, for the rules that hold in every policy.
    """

    # Never released: a PGN, or so much of one that few numbers are left.
    PGN = "pgn"
    # The ketenID: a person who has one goes by no other identifier.
    KETENID = "ketenid"
    # Another identifier; it stands in only for a person without a ketenID.
    ANDER_ID = "ander-id"
    # Why another identifier stands in, and until when.
    ANDER_ID_REDEN = "ander-id-reden"
    NAAM = "naam"
    GEGEVEN = "gegeven"


class AnderIdReden(Closed):
    """
    Why a person goes by another identifier than a ketenID.
    """

    SYMBIOSE = "symbiose"
    NIET_BEKOSTIGD = "niet-bekostigd"
    NOG_NIET_GEREGISTREERD = "nog-niet-geregistreerd"
    NIET_BEVESTIGD = "niet-bevestigd"
    ONTVANGER_ZONDER_ECKID = "ontvanger-zonder-eckid"


@dataclass(frozen=True, slots=True)
class Attribuut:
    """
    One attribute of the catalogue.

    Attributes:
        naam: Its name; EDEXML's where EDEXML has it.
        kenmerk: What kind of attribute it is.
        bron: Where the name comes from.
        kopjes: The headings that class lists give its column, each in the form of
            `kopje`.
        uit: The attributes it is made of, where it is; it tells no more than they do.
    """

    naam: str
    kenmerk: Kenmerk
    bron: str
    kopjes: tuple[str, ...] = ()
    uit: tuple[str, ...] = ()


def kopje(text: str) -> str:
    """
    Return a column heading in the form in which headings are compared.

    It is in lower case and has only letters and digits.

    >>> kopje(" Geb. datum "), kopje("LAS-key")
    ('gebdatum', 'laskey')
    """
    return "".join(filter(str.isalnum, expect("text", text, str).casefold()))


_EDEXML: Final = "EDEXML (UWLR 2.2)"
_EDUV: Final = "userIdType, Edu-V Students API 1.1.0"
_ENTREE: Final = "attributes of the Entree Federatie (Kennisnet)"
_OURS: Final = "eckid"

_ROWS: Final = (
    # name, what it is, source, headings
    (
        "bsn",
        Kenmerk.PGN,
        _EDEXML,
        (
            "bsn bsnnummer bsnnr burgerservicenummer burgerservicenummerbsn pgn "
            "persoonsgebondennummer bsnonderwijsnummer bsnofonderwijsnummer bsnown "
            "bsnondwnr bsnpgn"
        ),
    ),
    (
        "onderwijsnummer",
        Kenmerk.PGN,
        _EDEXML,
        "onderwijsnummer onderwijsnr ondwnr own educatienummer",
    ),
    ("sofinummer", Kenmerk.PGN, _EDEXML, "sofinummer sofinr sofi"),
    ("rijksregisternummer", Kenmerk.PGN, _EDEXML, "rijksregisternummer"),
    # Four digits of the number; anyone who knows them has about 9,100 numbers left.
    ("bsn_ondwnr-4", Kenmerk.PGN, _EDEXML, "bsnondwnr4"),
    ("eckid", Kenmerk.KETENID, _EDEXML, "eckid ketenid usermasteridentifier"),
    (
        "ander_id_reden",
        Kenmerk.ANDER_ID_REDEN,
        _OURS,
        "anderidreden anderid redenanderid",
    ),
    ("ander_id_tot", Kenmerk.ANDER_ID_REDEN, _OURS, "anderidtot anderidtotenmet"),
    # Each recipient gets another one; the identifiers below are the same for all.
    ("voorlopig", Kenmerk.ANDER_ID, _OURS, "voorlopig voorlopigeid"),
    ("key", Kenmerk.ANDER_ID, _EDEXML, "key laskey leerlingid studentid persoonid"),
    (
        "leerlingnummer",
        Kenmerk.ANDER_ID,
        _OURS,
        (
            "leerlingnummer leerlingnr llnr stamnummer stamnr stamnrstr studentnummer "
            "studentnr"
        ),
    ),
    ("basispoort_id", Kenmerk.ANDER_ID, _EDUV, "basispoortid bpi"),
    ("nepri", Kenmerk.ANDER_ID, _EDUV, "nepri nledupersonrealid"),
    ("neppi", Kenmerk.ANDER_ID, _EDUV, "neppi nledupersonprofileid"),
    ("eduid", Kenmerk.ANDER_ID, _EDUV, "eduid"),
    ("uid", Kenmerk.ANDER_ID, _ENTREE, "uid"),
    ("roepnaam", Kenmerk.NAAM, _EDEXML, "roepnaam voornaam firstname givenname"),
    (
        "voorvoegsel",
        Kenmerk.NAAM,
        _EDEXML,
        (
            "voorvoegsel voorvoegsels tussenvoegsel tussenvoegsels tussenv tv vv "
            "familynameprefix"
        ),
    ),
    (
        "achternaam",
        Kenmerk.NAAM,
        _EDEXML,
        (
            "achternaam geslachtsnaam familienaam lastname surname familyname "
            "achternaamleerling officieleachternaam"
        ),
    ),
    ("voornamen", Kenmerk.NAAM, _EDEXML, "voornamen doopnamen"),
    (
        "voorletters-1",
        Kenmerk.NAAM,
        _EDEXML,
        "voorletters voorletters1 voorl initialen",
    ),
    (
        "geboortedatum",
        Kenmerk.GEGEVEN,
        _EDEXML,
        "geboortedatum gebdatum gebdat geboortedat dateofbirth birthdate",
    ),
    ("geslacht", Kenmerk.GEGEVEN, _EDEXML, "geslacht mv gender geslachtmv"),
    ("start_ondw_jgr3", Kenmerk.GEGEVEN, _EDEXML, "startondwjgr3"),
    ("jaargroep", Kenmerk.GEGEVEN, _EDEXML, "jaargroep leerjaar"),
    (
        "groep",
        Kenmerk.GEGEVEN,
        _EDEXML,
        "groep klas stamgroep stamklas basisgroep groepsnaam klasnaam",
    ),
    ("samengestelde_groepen", Kenmerk.GEGEVEN, _EDEXML, "lesgroep lesgroepen cluster"),
    ("vestiging", Kenmerk.GEGEVEN, _EDEXML, "vestiging locatie"),
    ("gebruikersnaam", Kenmerk.GEGEVEN, _EDEXML, "gebruikersnaam inlognaam username"),
    (
        "emailadres",
        Kenmerk.GEGEVEN,
        _EDEXML,
        "emailadres email mail mailadres emailleerling",
    ),
    ("fotourl", Kenmerk.GEGEVEN, _EDEXML, "fotourl foto pasfoto"),
    ("etniciteit", Kenmerk.GEGEVEN, _EDEXML, "etniciteit"),
    ("land", Kenmerk.GEGEVEN, _EDEXML, "land geboorteland"),
    ("land_vader", Kenmerk.GEGEVEN, _EDEXML, "landvader geboortelandvader"),
    ("land_moeder", Kenmerk.GEGEVEN, _EDEXML, "landmoeder geboortelandmoeder"),
    ("gewicht_nieuw", Kenmerk.GEGEVEN, _EDEXML, "gewichtnieuw"),
    ("gewicht", Kenmerk.GEGEVEN, _EDEXML, "gewicht leerlinggewicht"),
    ("postcode", Kenmerk.GEGEVEN, _EDEXML, "postcode"),
    ("instroomdatum", Kenmerk.GEGEVEN, _EDEXML, "instroomdatum inschrijfdatum"),
    ("uitstroomdatum", Kenmerk.GEGEVEN, _EDEXML, "uitstroomdatum uitschrijfdatum"),
    ("toevoegingen", Kenmerk.GEGEVEN, _EDEXML, "toevoegingen"),
    ("mutatiedatum", Kenmerk.GEGEVEN, _EDEXML, "mutatiedatum"),
    ("rol", Kenmerk.GEGEVEN, _EDEXML, "rol functie"),
    ("rolomschrijving", Kenmerk.GEGEVEN, _EDEXML, "rolomschrijving"),
    ("groepen", Kenmerk.GEGEVEN, _EDEXML, "groepen"),
    ("affiliation", Kenmerk.GEGEVEN, _ENTREE, "edupersonaffiliation affiliatie"),
    (
        "organisatie",
        Kenmerk.GEGEVEN,
        _ENTREE,
        "nledupersonhomeorganizationid brin brincode",
    ),
    (
        "organisatienaam",
        Kenmerk.GEGEVEN,
        _ENTREE,
        "nledupersonhomeorganization schoolnaam",
    ),
    # No class list has it: it is made from the names of all persons in a release.
    ("weergavenaam", Kenmerk.NAAM, _OURS, ""),
)

# The attributes whose value is a day; a day that goes is written as 2015-12-24.
DAYS: Final = frozenset(
    {
        *("geboortedatum", "ander_id_tot", "start_ondw_jgr3"),
        *("instroomdatum", "uitstroomdatum"),
    }
)
# The words of lists that mean a code. For geslacht the codes of NEN-ISO 5218, which has
# none for "other". What the codes of rol mean is our reading of them [I].
_WORDS: Final = {
    "geslacht": {
        "0": "onbekend unknown unspecified",
        "1": "m man jongen mannelijk male",
        "2": "v vrouw meisje vrouwelijk f female",
        "9": "",
        "other": "x anders overig",
    },
    "rol": dict.fromkeys(ROLLEN, "")
    | {
        "ADJ": "adjunctdirecteur",
        "ADM": "administratie administratiefmedewerker",
        "CON": "conciërge concierge",
        "DIR": "directeur",
        "ICT": "ictcoördinator ictcoordinator",
        "IB": "internbegeleider",
        "KLA": "klassenassistent",
        "LRK": "leerkracht leraar docent",
        "OWA": "onderwijsassistent",
        "RT": "remedialteacher",
        "SMW": "schoolmaatschappelijkwerker schoolmaatschappelijkwerk",
        "STA": "stagiair stagiaire",
        "VAK": "vakleerkracht vakdocent",
    },
}
# The attributes that hold a code: the code of each word, in the form of `kopje`.
CODES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        naam: MappingProxyType(
            {
                word: code
                for code, words in codes.items()
                for word in (kopje(code), *words.split())
            }
        )
        for naam, codes in _WORDS.items()
    }
)

# What an attribute was called before; a policy that calls it so is still read.
FORMER: Final[Mapping[str, str]] = MappingProxyType({"ander_id": "ander_id_reden"})

# Attributes that are made of others, and tell no more than those do together.
_MADE_OF: Final = {"weergavenaam": ("roepnaam", "voorvoegsel", "achternaam")}

CATALOGUE: Final[Mapping[str, Attribuut]] = MappingProxyType(
    {
        naam: Attribuut(
            naam, kenmerk, bron, tuple(kopjes.split()), _MADE_OF.get(naam, ())
        )
        for naam, kenmerk, bron, kopjes in _ROWS
    }
)
# The names of each kind, in the order of the catalogue.
NAMES_OF: Final[Mapping[Kenmerk, tuple[str, ...]]] = MappingProxyType(
    {
        kind: tuple(a.naam for a in CATALOGUE.values() if a.kenmerk is kind)
        for kind in Kenmerk
    }
)
