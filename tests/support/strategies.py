"""
Strategies for hypothesis, and the few fixed values, that all tests share.

Numbers are the ones that are safe to print, or are generated here from their
rule; nothing else may stand for a person in a test.
"""

from typing import Final

from hypothesis import strategies as st

from eckid import (
    BSN,
    PGN,
    HPgn,
    Keten,
    KetenID,
    Medewerker,
    Onderwijsnummer,
    Salt,
    Scheme,
    Sector,
    Sleutelbos,
    Stampseudoniem,
)

# The old public test salt of the .NET reference implementation of Kennisnet.
PUBLISHED_SALT_TEXT: Final = "rktYml0MIp9TC9u6Ny6uqw=="
PUBLISHED_SALT: Final = Salt.from_base64(PUBLISHED_SALT_TEXT)

# Numbers that are nobody's, and the published employee.
SAFE_BSNS: Final = ("111222333", "123456782", "063138219", "498839436", "999993653")
SAFE_ONDERWIJSNUMMER: Final = "101222331"
SAFE_MEDEWERKER: Final = "20DP teacher@school.com"

NAMESPACE: Final = "https://eckid.invalid"

# A ring is cheap to draw; one serves every test that asks nothing of it.
RING: Final = Sleutelbos.generate(release="2026", salt=PUBLISHED_SALT)


def with_check_digit(body: str, remainder: int) -> str | None:
    """
    Return eight digits with the ninth that gives *remainder*, if there is one.

    Written apart from the library, from the rule: weights 9 8 7 6 5 4 3 2 -1.
    """
    weighed = sum(int(d) * w for d, w in zip(body, range(9, 1, -1), strict=True))
    check = (weighed - remainder) % 11
    return f"{body}{check}" if check < 10 else None


def _numbers(bodies: st.SearchStrategy[str], remainder: int) -> st.SearchStrategy[str]:
    whole = bodies.map(lambda body: with_check_digit(body, remainder) or "")
    return whole.filter(lambda digits: digits not in {"", "000000000"})


# Numbers with zeros in front are rare among all, and half of the trouble.
_bodies = st.one_of(
    st.integers(0, 99_999_999), st.integers(0, 9_999_999), st.integers(0, 9_999)
).map("{:08d}".format)

bsn_digits: Final = _numbers(_bodies, 0)
onderwijsnummer_digits: Final = _numbers(
    st.integers(0, 999_999).map("10{:06d}".format), 5
)

bsns: Final = bsn_digits.map(BSN)
onderwijsnummers: Final = onderwijsnummer_digits.map(Onderwijsnummer)

_brins = st.from_regex(r"[0-9]{2}[A-Za-z]{2}", fullmatch=True)
_local = st.from_regex(r"[!-?A-~]{1,20}", fullmatch=True)
medewerker_texts: Final = st.builds("{} {}@{}".format, _brins, _local, _local)
medewerkers: Final = medewerker_texts.map(Medewerker.parse)

pgns: Final[st.SearchStrategy[PGN]] = st.one_of(bsns, onderwijsnummers, medewerkers)

sectors: Final = st.sampled_from([Sector.PO, Sector.VO, Sector.MBO])
ketens: Final = st.uuids().map(lambda uuid: Keten(str(uuid)))
releases: Final = st.from_regex(r"[a-z0-9][a-z0-9-]{0,30}", fullmatch=True).filter(
    lambda release: not release.startswith(("sp", "pv"))
)
_labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
# Under the reserved ending of RFC 2606, so that no host can have them.
namespaces: Final = st.lists(_labels, max_size=3).map(
    lambda labels: "https://" + ".".join([*labels, "invalid"])
)

hpgns: Final = st.builds(
    HPgn, st.binary(min_size=32, max_size=32), st.sampled_from(Scheme)
)
hexes: Final = st.binary(min_size=64, max_size=64).map(bytes.hex)
stampseudoniemen: Final = st.builds(
    "{}/sp{}/{}".format, st.just(NAMESPACE), releases, hexes
).map(Stampseudoniem.parse)
ketenids: Final = st.builds("{}/{}/{}".format, st.just(NAMESPACE), releases, hexes).map(
    KetenID.parse
)
