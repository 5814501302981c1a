"""
Days: what is a day wherever one is asked.
"""

from datetime import datetime

import parties as our
import pytest

from eckid import (
    Grond,
    Inschrijving,
    Onderwijssoort,
    PublicKey,
    Substitution,
    Voorlopig,
    ketenids_on,
)


def test_a_moment_is_taken_for_its_day() -> None:
    """
    Where a day is asked, whatever keeps it: moments and days do not compare.
    """
    noon = datetime(2026, 11, 24, 12)  # noqa: DTZ001  # a school's own time
    assert Substitution(our.bsn(0), our.bsn(1), noon) == (
        Substitution(our.bsn(0), our.bsn(1), our.TODAY)
    )
    assert PublicKey(our.KEY.octets, our.BOARD, noon, noon) == (
        PublicKey(our.KEY.octets, our.BOARD, our.TODAY, our.TODAY)
    )
    consent = our.consent(op=noon, geboortedatum=noon)
    assert (consent.op, consent.geboortedatum) == (our.TODAY, our.TODAY)
    place = Inschrijving(
        Onderwijssoort.VO,
        "99XX",
        noon,
        noon,
        bekostigd=True,
        bevestigd=True,
        aangevraagd_op=noon,
    )
    days = (place.begin, place.einde, place.aangevraagd_op)
    assert days == (our.TODAY, our.TODAY, our.TODAY)
    (outcome,) = ketenids_on([place], on=noon, uiterlijk=noon)
    assert outcome.grond is Grond.KETENID
    uri = f"https://eckid.invalid/pv2026/{'a' * 128}"
    assert Voorlopig.parse(uri, tot=noon).tot == our.TODAY
    for wrong in ("2026-11-24", None):
        with pytest.raises(TypeError, match=r"^per: expected date, got"):
            Substitution(our.bsn(0), our.bsn(1), wrong)  # type: ignore[arg-type]  # a mistake
