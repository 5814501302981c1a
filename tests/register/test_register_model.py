"""
The register step by step beside a plain dictionary, reopened, rekeyed, forgotten.
"""

import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import parties as our
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from eckid import Doel, HPgn, Register, RegisterError, Sector, Sleutelbos
from eckid.register import Head, OpnameUitkomst

_LAS: Final = ("las-1", "las-2")
_KEYS: Final = st.sampled_from([f"k{n}" for n in range(5)])
_NUMBERS: Final = st.integers(0, 4)
_WHO: Final = (
    {"geboortedatum": "2015-12-24", "roepnaam": "Sem"},
    {"geboortedatum": "2014-03-01", "roepnaam": "Noor"},
)
_DIGEST: Final = "ab" * 32


@cache
def _hpgn(n: int) -> HPgn:
    return our.bsn(n)


class Book(RuleBasedStateMachine):
    """
    Each rule asks the register and the dictionary, and compares.
    """

    @initialize()
    def begin(self) -> None:
        """
        Start with an empty register and an empty dictionary.
        """
        self.folder = Path(tempfile.mkdtemp())
        self.count = 0
        self.ring: Sleutelbos = our.RING
        self.register = Register.create(self._path(), sleutelbos=self.ring)
        # Persons by administration and key: the number, who, and what went.
        self.keys: dict[tuple[str, str], list[Any]] = {}
        self.head = Head(0, "00" * 32)

    def _path(self) -> Path:
        return self.folder / f"reg{self.count}"

    def teardown(self) -> None:
        """
        Leave nothing behind.
        """
        if hasattr(self, "register"):
            self.register.close()
            shutil.rmtree(self.folder)

    @rule(
        las=st.sampled_from(_LAS),
        key=_KEYS,
        number=_NUMBERS,
        who=st.sampled_from(_WHO),
    )
    def add(self, las: str, key: str, number: int, who: dict[str, str]) -> None:
        """
        Somebody is added, rightly or wrongly.
        """
        held = self.keys.get((las, key))
        elsewhere = [
            place for place, person in self.keys.items() if person[0] == number
        ]
        if held is not None and held[0] == number:
            expected = OpnameUitkomst.BEKEND
        elif held is not None:
            same = held[1] == who
            expected = (
                OpnameUitkomst.OTHER_NUMBER if same else OpnameUitkomst.OTHER_PERSON
            )
        elif any(place[0] == las for place in elsewhere):
            expected = OpnameUitkomst.TWO_PERSONS
        else:
            expected = OpnameUitkomst.BEKEND if elsewhere else OpnameUitkomst.NIEUW
        # Under another ring a number cannot be compared with one of before.
        if self.ring is not our.RING:
            return
        grond, stam = our.add(self.register, las, key, _hpgn(number), gegevens=who)
        assert grond is expected
        if grond in {OpnameUitkomst.NIEUW, OpnameUitkomst.BEKEND}:
            assert stam == our.stam(_hpgn(number))
            went = self.keys[elsewhere[0]][2] if elsewhere else []
            self.keys[las, key] = [number, who, went]
        else:
            assert stam is None

    @rule(las=st.sampled_from(_LAS), key=_KEYS, who=st.sampled_from(_WHO))
    def know(self, las: str, key: str, who: dict[str, str]) -> None:
        """
        Somebody is known again, where all is equal.
        """
        held = self.keys.get((las, key))
        found = self.register.known(las, key, gegevens=who)
        if held is None or held[1] != who:
            assert found is None
        else:
            assert found == our.stam(_hpgn(held[0]))

    @rule(las=st.sampled_from(_LAS), key=_KEYS, release=st.booleans())
    def send(self, las: str, key: str, *, release: bool) -> None:
        """
        A ketenID goes out, if there is anybody.
        """
        held = self.keys.get((las, key))
        number = held[0] if held is not None else 0
        sector = Sector.PO if release else Sector.VO
        how: dict[str, Any] = {
            "organisatie": our.A,
            "identifier": our.ketenid(_hpgn(number), sector),
            "beleid": _DIGEST,
            "doel": Doel.GEBRUIK,
            "on": our.TODAY,
        }
        if held is None:
            with suppress(RegisterError):
                self.register.sent(las, key, **how)
                raise AssertionError
            return
        self.register.sent(las, key, **how)
        held[2].append(how["identifier"].uri)

    @rule(las=st.sampled_from(_LAS), key=_KEYS)
    def read(self, las: str, key: str) -> None:
        """
        What is held of somebody is what went.
        """
        held = self.keys.get((las, key))
        if held is not None:
            facts = self.register.inzage(las, key)
            assert [f["identifier"] for f in facts if f["feit"] == "vrijgave"] == held[
                2
            ]

    @rule(las=st.sampled_from(_LAS), key=_KEYS)
    def forget(self, las: str, key: str) -> None:
        """
        Somebody goes, in every administration.
        """
        held = self.keys.get((las, key))
        if held is not None:
            self.register.forget(las, key)
            self.keys = {p: v for p, v in self.keys.items() if v[0] != held[0]}

    @rule()
    def reopen(self) -> None:
        """
        The process ends and another begins.
        """
        self.register.close()
        self.register = Register.open(self._path(), sleutelbos=self.ring)

    @rule()
    def rekey(self) -> None:
        """
        Another ring takes over.
        """
        # Rows of persons who were forgotten are left out.
        rows = len(self.register._facts.everyones())
        self.count += 1
        self.ring = Sleutelbos.generate(release="2026", salt=our.RING.salt)
        made = self.register.rekey(self._path(), sleutelbos=self.ring)
        self.register.close()
        self.register = made
        assert made.verify().length == rows + 1
        self.head = Head(0, "00" * 32)

    @invariant()
    def the_chain_holds(self) -> None:
        """
        The ledger verifies, from the head of the step before.
        """
        if hasattr(self, "register"):
            self.head = self.register.verify(expected=self.head)


@pytest.mark.parametrize("many", [25, pytest.param(500, marks=pytest.mark.long)])
def test_the_register_does_as_a_dictionary_does(many: int) -> None:
    """
    Every outcome of every step is the dictionary's.
    """
    run_state_machine_as_test(
        Book,
        settings=settings(
            max_examples=many,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
