"""
What an attribute was called before is still read, and never written.
"""

from pathlib import Path

import pytest

from eckid.attributes import CATALOGUE, FORMER
from eckid.exchange import look
from eckid.policy import Attribuutbeleid


@pytest.mark.parametrize("heading", ["ander_id", "Ander ID", "ander_id_reden"])
def test_a_list_with_the_former_heading_is_read(tmp_path: Path, heading: str) -> None:
    """
    Its column is the attribute of today.
    """
    path = tmp_path / "lijst.csv"
    path.write_text(
        f"BSN;{heading};ander_id_tot;leerlingnummer;Roepnaam\n"
        ";symbiose;31-07-2027;4017;Noor\n",
        "utf-8",
    )
    assert list(look(path).columns) == [
        *("bsn", "ander_id_reden", "ander_id_tot", "leerlingnummer", "roepnaam")
    ]


_FILE = """
naam = "eigen"
versie = "1"
status = "Of this school."
een_van = [["eckid", "ATTRIBUUT"]]
doelen = ["gebruik"]
ontvangers = ["uitgever"]
bron = "het bevoegd gezag"
zekerheid = "C"

[[regel]]
attribuut = "ATTRIBUUT"
eis = "optional"
motivering = "De ontvanger moet weten waarom."
motivation = "The recipient needs to know why."

[[regel]]
attribuut = "roepnaam"
eis = "conditional"
zonder = ["ATTRIBUUT"]
motivering = "Omdat het moet."
motivation = "Because it must."

[[regel]]
attribuut = "groep"
eis = "conditional"
met = ["ATTRIBUUT"]
motivering = "Omdat het moet."
motivation = "Because it must."
"""


def test_a_policy_with_the_former_name_is_read(tmp_path: Path) -> None:
    """
    In a rule, in its conditions and in what must go: the same policy.
    """
    read = []
    for name in ("ander_id", "ander_id_reden"):
        path = tmp_path / "eigen.toml"
        path.write_text(_FILE.replace("ATTRIBUUT", name), "utf-8")
        read.append(Attribuutbeleid.load_file(path))
    former, today = read
    assert former == today
    assert former.digest == today.digest
    assert former.regels[0].attribuut == "ander_id_reden"


def test_a_former_name_is_of_one_attribute_and_no_attribute() -> None:
    """
    It leads to the catalogue, and is not in it.
    """
    for former, today in FORMER.items():
        assert former not in CATALOGUE
        assert today in CATALOGUE
