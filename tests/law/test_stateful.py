"""
A board, its pupils and two recipients, step by step beside a plain model.

4,000 steps by default; `ECKID_STEPS=100000 pytest -s tests/law/test_stateful.py` does
more, and `ECKID_SEED` repeats a run.
"""

import os
import secrets
from datetime import date, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

import parties as our
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from eckid import (
    LEERMIDDELENKETEN,
    BoundaryError,
    Doel,
    Grond,
    HPgn,
    Inschrijving,
    KetenID,
    LinkError,
    Notices,
    Onderwijssoort,
    RevocationList,
    Sector,
    SectorLink,
    Sleutelbos,
    Substitution,
    Succession,
    Withdrawal,
    check_join,
    derive_ketenid,
    ketenids_on,
)
from eckid.errors import LinkReden
from eckid.succession import Reikwijdte, Substitutions, resting_on

_STEPS: Final = int(os.environ.get("ECKID_STEPS", "4000"))
_EACH: Final = 50
_DAY: Final = timedelta(days=1)
_DOELEN: Final = (Doel.GEBRUIK, Doel.TOETSEN)
_ORGS: Final = (our.A, our.B)
_SECTOR_OF: Final = {"bao": "po", "so": "po", "vso": "po", "vo": "vo", "mbo": "mbo"}

done = 0


class Node(NamedTuple):
    """
    What the model calls a ketenID: whose stampseudoniem, which sector, release.
    """

    number: int
    sector: str
    release: int


class Pupil:
    """
    What the model knows of a pupil: numbers with their days, and inschrijvingen.
    """

    def __init__(self, number: int) -> None:
        self.numbers: list[tuple[int, date]] = [(number, date.min)]
        self.places: list[tuple[str, date, date, bool, bool]] = []

    def origin(self, place: int, on: date) -> int | None:
        """
        Return the number whose stampseudoniem the one at *place* has, if any.
        """
        if place + 1 < len(self.numbers) and self.numbers[place + 1][1] <= on:
            return None
        while place and self.numbers[place][1] <= on:
            place -= 1
        return self.numbers[place][0]

    def sectors(self, on: date) -> set[str]:
        """
        Return where a ketenID holds.
        """
        return {
            _SECTOR_OF[soort]
            for soort, begin, einde, funded, confirmed in self.places
            if begin <= on <= einde and funded and confirmed and soort in _SECTOR_OF
        }


class Recipient:
    """
    What one recipient has: its notices and list, and beside them the model's.
    """

    def __init__(self) -> None:
        self.notices = Notices()
        self.revocations: RevocationList | None = None
        self.has: dict[Node, KetenID] = {}
        self.mail: list[tuple[str, str, Node, Node, date]] = []
        self.lists: list[tuple[int, str, date, set[str]]] = []
        self.following: dict[Node, tuple[Node, date]] = {}
        self.gone: dict[Node, date] = {}
        self.listed: tuple[int, date, set[str]] | None = None

    def current(self, node: Node, received: date) -> Node | None:
        """
        Return what the model says stands for the person now; None for nobody.
        """
        while True:
            if node in self.gone and received <= self.gone[node]:
                return None
            if node not in self.following:
                return node
            node, received = self.following[node]


@cache
def hpgn(n: int) -> HPgn:
    """
    Return the HPgn of the nth number.
    """
    return our.bsn(n)


def reason_of(call: Any, *what: Any, **how: Any) -> object:  # noqa: ANN401  # whatever it is
    """
    Return the reason or rule of a refusal, else what the call gave.
    """
    try:
        return call(*what, **how)
    except LinkError as error:
        return error.reason
    except BoundaryError as error:
        return error.rule.value


class World(RuleBasedStateMachine):
    """
    Rules do the same to the library and to the model, and compare.
    """

    @initialize()
    def begin(self) -> None:
        """
        Start with two pupils in two sectors each, whom both recipients know.
        """
        self.on = our.TODAY
        self.ring: Sleutelbos = our.RING
        self.numbers = 0
        self.subs = Substitutions()
        self.pupils = [Pupil(self._number()), Pupil(self._number())]
        self.recipients = {org: Recipient() for org in _ORGS}
        self.links: list[dict[str, Any]] = []
        far = self.on + 900 * _DAY
        for pupil, soorten in zip(
            self.pupils, (("vso", "vo"), ("vo", "mbo")), strict=True
        ):
            pupil.places = [(soort, self.on, far, True, True) for soort in soorten]
        for org in _ORGS:
            self.list_is_made(org, 40)
            self.list_arrives(0, org, org)
            for pick in range(2):
                self.pupil_is_released(pick, org)

    def _number(self) -> int:
        self.numbers += 1
        return self.numbers - 1

    def _ketenid(self, node: Node) -> KetenID:
        return derive_ketenid(
            our.stam(hpgn(node.number)),
            keten=LEERMIDDELENKETEN,
            sector=Sector(node.sector),
            sleutelbos=self.ring,
            release=self.ring.releases[node.release],
        )

    def _pupil(self, pick: int) -> Pupil:
        return self.pupils[pick % len(self.pupils)]

    def teardown(self) -> None:
        """
        Leave the count of steps to the test.
        """

    @rule()
    @precondition(lambda self: len(self.pupils) < 5)
    def pupil_comes(self) -> None:
        """
        A pupil with a number of their own.
        """
        self.pupils.append(Pupil(self._number()))

    @rule(days=st.integers(1, 25))
    def time_passes(self, days: int) -> None:
        """
        Some days go by.
        """
        self.on += days * _DAY

    @rule(pick=st.integers(0, 9), wait=st.sampled_from([0, 0, 10, 45]))
    @precondition(lambda self: self.numbers < 40)
    def number_is_substituted(self, pick: int, wait: int) -> None:
        """
        A pupil's latest number gets a next one, now or later.
        """
        pupil = self._pupil(pick)
        old, new, per = pupil.numbers[-1][0], self._number(), self.on + wait * _DAY
        more = Substitution(hpgn(old), hpgn(new), per)
        self.subs = Substitutions([more, *self.subs])
        pupil.numbers.append((new, per))

    @rule(pick=st.integers(0, 9), back=st.integers(0, 3), kind=st.sampled_from("sct"))
    def contradiction_is_tried(self, pick: int, back: int, kind: str) -> None:
        """
        A second old number, a circle or a second day: refused, and nothing changes.
        """
        pupil = self._pupil(pick)
        if len(pupil.numbers) < 2:
            return
        place = 1 + back % (len(pupil.numbers) - 1)
        (new, per), old = pupil.numbers[place], pupil.numbers[place - 1][0]
        if kind == "s":
            wrong = Substitution(hpgn(99), hpgn(new), per)
        elif kind == "c":
            wrong = Substitution(
                hpgn(pupil.numbers[-1][0]), hpgn(self._first(pupil)), per
            )
        else:
            wrong = Substitution(hpgn(old), hpgn(new), per + _DAY)
        expected = LinkReden.CYCLE if kind == "c" else LinkReden.TWO
        assert reason_of(Substitutions, [*self.subs, wrong]) is expected

    def _first(self, pupil: Pupil) -> int:
        return pupil.numbers[0][0]

    @rule(
        pick=st.integers(0, 9),
        soort=st.sampled_from([*_SECTOR_OF, "hbo"]),
        start=st.integers(-60, 60),
        length=st.integers(0, 400),
        funded=st.booleans(),
        confirmed=st.sampled_from([True, True, False]),
    )
    def pupil_is_enrolled(
        self,
        pick: int,
        soort: str,
        start: int,
        length: int,
        *,
        funded: bool,
        confirmed: bool,
    ) -> None:
        """
        A pupil comes to a place, funded or not.
        """
        begin = self.on + start * _DAY
        place = (soort, begin, begin + length * _DAY, funded, confirmed)
        pupil = self._pupil(pick)
        pupil.places = [*pupil.places[-3:], place]

    @rule(pick=st.integers(0, 9), org=st.sampled_from(_ORGS))
    def pupil_is_released(self, pick: int, org: Any) -> None:  # noqa: ANN401
        """
        A recipient gets the ketenID of each sector in which one holds, and no other.
        """
        pupil, recipient = self._pupil(pick), self.recipients[org]
        outcomes = ketenids_on(
            [
                Inschrijving(Onderwijssoort(soort), "99XX", begin, einde, funded, ok)
                for soort, begin, einde, funded, ok in pupil.places
            ],
            on=self.on,
        )
        sectors = {
            u.sector.value for u in outcomes if u.grond is Grond.KETENID and u.sector
        }
        assert sectors == pupil.sectors(self.on)
        for outcome in outcomes:
            stand_in = outcome.ander_id_reden is not None
            assert not (stand_in and outcome.grond is Grond.KETENID)
        for place in range(len(pupil.numbers)):
            number = hpgn(pupil.numbers[place][0])
            origin = pupil.origin(place, self.on)
            got = reason_of(self.subs.origin, number, on=self.on)
            if origin is None:
                assert got is LinkReden.SUBSTITUTED
                continue
            assert got == hpgn(origin)
            for sector in sectors:
                node = Node(origin, sector, len(self.ring.releases) - 1)
                ketenid = self._ketenid(node)
                assert recipient.has.setdefault(node, ketenid) == ketenid

    @rule()
    @precondition(lambda self: len(self.ring.releases) < 5)
    def ring_is_rotated(self) -> None:
        """
        Every recipient is sent a notice for each ketenID that it has.
        """
        last = len(self.ring.releases) - 1
        self.ring = self.ring.rotate(f"r{last + 1}")
        for org, recipient in self.recipients.items():
            for node in [n for n in recipient.has if n.release == last]:
                if node in recipient.gone or any(
                    kind == "w" and oud == node for kind, _, oud, _, _ in recipient.mail
                ):
                    continue
                following = node._replace(release=last + 1)
                ketenid = self._ketenid(following)
                token = Succession.issue(
                    recipient.has[node],
                    ketenid,
                    organisatie=org,
                    issued=self.on,
                    sleutelbos=self.ring,
                )
                recipient.has[following] = ketenid
                recipient.mail.append(("s", token, node, following, self.on))

    @rule(pick=st.integers(0, 99), org=st.sampled_from(_ORGS))
    def ketenid_is_withdrawn(self, pick: int, org: Any) -> None:  # noqa: ANN401
        """
        A ketenID of the newest release turns out to be of another person.
        """
        recipient = self.recipients[org]
        newest = len(self.ring.releases) - 1
        nodes = [n for n in recipient.has if n.release == newest]
        if not nodes:
            return
        node = nodes[pick % len(nodes)]
        token = Withdrawal.issue(
            recipient.has[node],
            organisatie=org,
            issued=self.on,
            sleutelbos=self.ring,
        )
        recipient.mail.append(("w", token, node, node, self.on))

    @rule(
        pick=st.integers(0, 999), org=st.sampled_from(_ORGS), to=st.sampled_from(_ORGS)
    )
    def mail_arrives(self, pick: int, org: Any, to: Any) -> None:  # noqa: ANN401
        """
        Any notice that was sent, in any order, again, or to the wrong one.
        """
        mail = self.recipients[org].mail
        if not mail:
            return
        kind, token, oud, nieuw, issued = mail[pick % len(mail)]
        recipient = self.recipients[to]
        verify = Succession.verify if kind == "s" else Withdrawal.verify
        notice: Any = reason_of(
            verify, token, organisatie=to, on=self.on, keys=our.KEYS
        )
        if to != org:
            assert notice is LinkReden.ORGANISATIE
            return
        applied: Any = reason_of(recipient.notices.applying, notice)
        contradicts = (
            oud in recipient.gone if kind == "s" else oud in recipient.following
        )
        if contradicts:
            assert applied is LinkReden.WITHDRAWN
            return
        recipient.notices = applied
        if kind == "s":
            recipient.following[oud] = nieuw, issued
        else:
            recipient.gone[oud] = max(issued, recipient.gone.get(oud, issued))

    @rule(
        picks=st.tuples(st.integers(0, 99), st.integers(0, 99)),
        org=st.sampled_from(_ORGS),
        gone=st.booleans(),
    )
    def neighbour_speaks(self, picks: tuple[int, int], org: Any, *, gone: bool) -> None:  # noqa: ANN401
        """
        Another board, trusted too, speaks of ketenIDs that ours sent: nothing changes.
        """
        recipient = self.recipients[org]
        known = list(recipient.has.values())
        a, b = (known[pick % len(known)] for pick in picks)
        how = {"organisatie": org, "issued": self.on, "sleutelbos": our.NEIGHBOURS}
        notice = (
            our.withdrawal(a, **how) if gone else reason_of(our.succession, a, b, **how)
        )
        if isinstance(notice, LinkReden):
            return
        applied = reason_of(recipient.notices.applying, notice)
        if isinstance(applied, Notices):
            recipient.notices = applied

    @rule(
        pick=st.integers(0, 99),
        ago=st.integers(0, 90),
        org=st.sampled_from(_ORGS),
    )
    def recipient_asks(self, pick: int, ago: int, org: Any) -> None:  # noqa: ANN401
        """
        What now stands for a person is what the model says.
        """
        recipient = self.recipients[org]
        nodes = list(recipient.has)
        if not nodes:
            return
        node, received = nodes[pick % len(nodes)], self.on - ago * _DAY
        expected = recipient.current(node, received)
        got = reason_of(
            recipient.notices.current,
            recipient.has[node],
            received=received,
            van={our.BOARD},
        )
        if expected is None:
            assert got is LinkReden.WITHDRAWN
        else:
            assert got == recipient.has[expected]

    @rule(
        picks=st.tuples(st.integers(0, 99), st.integers(0, 99)),
        org=st.sampled_from(_ORGS),
        doel=st.sampled_from(_DOELEN),
        wait=st.sampled_from([0, 0, 0, 9]),
        length=st.integers(0, 200),
    )
    def link_is_made(
        self,
        picks: tuple[int, int],
        org: Any,  # noqa: ANN401
        doel: Doel,
        wait: int,
        length: int,
    ) -> None:
        """
        Of two of a recipient's ketenIDs; across sectors it is made, else refused.
        """
        nodes = list(self.recipients[org].has)
        if not nodes or len(self.links) > 20:
            return
        a = nodes[picks[0] % len(nodes)]
        # Mostly the same pupil's.
        others = [n for n in nodes if n.number == a.number] if picks[1] % 4 else nodes
        b = others[picks[1] % len(others)]
        vanaf = self.on + wait * _DAY
        consent = our.consent(op=self.on)
        made = reason_of(
            SectorLink.issue,
            self.recipients[org].has[a],
            self.recipients[org].has[b],
            voor=Reikwijdte(
                organisatie=org, doel=doel, vanaf=vanaf, tot=vanaf + length * _DAY
            ),
            toestemming=consent,
            issued=self.on,
            sleutelbos=self.ring,
        )
        if a.sector == b.sector:
            assert made is LinkReden.KETENIDS
            return
        assert isinstance(made, SectorLink)
        self.links.append(
            {
                "link": made,
                "org": org,
                "doel": doel,
                "days": (vanaf, vanaf + length * _DAY),
                "nodes": {a, b},
                "consent": consent,
                "withdrawn": False,
            }
        )

    @rule(pick=st.integers(0, 99), told=st.booleans())
    def consent_is_withdrawn(self, pick: int, *, told: bool) -> None:
        """
        The next list of the recipient names the link, and may come at once.
        """
        if not self.links:
            return
        each = self.links[pick % len(self.links)]
        each["withdrawn"] = True
        if told:
            self.list_is_made(each["org"], 30)
            self.list_arrives(0, each["org"], each["org"])

    @rule(org=st.sampled_from(_ORGS), days=st.integers(0, 60))
    def list_is_made(self, org: Any, days: int) -> None:  # noqa: ANN401
        """
        The next revocation list for a recipient.
        """
        recipient = self.recipients[org]
        withdrawn = [each["consent"] for each in self.links if each["withdrawn"]]
        theirs = [each["link"] for each in self.links if each["org"] == org]
        jtis = set(resting_on(theirs, withdrawn))
        expected = {
            each["link"].jti
            for each in self.links
            if each["withdrawn"] and each["org"] == org
        }
        assert jtis == expected
        number, until = len(recipient.lists) + 1, self.on + days * _DAY
        token = RevocationList.issue(
            jtis,
            organisatie=org,
            number=number,
            issued=self.on,
            next_update=until,
            sleutelbos=self.ring,
        )
        recipient.lists.append((number, token, until, jtis))

    @rule(
        pick=st.integers(0, 99), org=st.sampled_from(_ORGS), to=st.sampled_from(_ORGS)
    )
    def list_arrives(self, pick: int, org: Any, to: Any) -> None:  # noqa: ANN401
        """
        Any list that was made; an older one than the last, or another's, is refused.
        """
        lists = self.recipients[org].lists
        if not lists:
            return
        number, token, until, jtis = lists[-1 - pick % len(lists)]
        recipient = self.recipients[to]
        seen = None if recipient.revocations is None else recipient.revocations.gezien
        last_number = 0 if recipient.listed is None else recipient.listed[0]
        got = reason_of(
            RevocationList.verify,
            token,
            organisatie=to,
            on=self.on,
            keys=our.KEYS,
            last_seen=seen,
        )
        if to != org:
            assert got is LinkReden.ORGANISATIE
        elif number < last_number:
            assert got is LinkReden.OLD_LIST
        else:
            assert isinstance(got, RevocationList)
            recipient.revocations, recipient.listed = got, (number, until, jtis)

    @rule(
        pick=st.integers(0, 99),
        other=st.sampled_from([0, 0, 0, 1]),
        doel=st.none() | st.sampled_from(_DOELEN),
        others=st.none() | st.tuples(st.integers(0, 99), st.integers(0, 99)),
        later=st.sampled_from([0, 0, 0, 7]),
    )
    def link_is_used(
        self,
        pick: int,
        other: int,
        doel: Doel | None,
        others: tuple[int, int] | None,
        later: int,
    ) -> None:
        """
        It verifies, and joins, exactly where the model says.
        """
        if not self.links:
            return
        each = self.links[pick % len(self.links)]
        org = _ORGS[_ORGS.index(each["org"]) - other]
        doel = doel or each["doel"]
        recipient = self.recipients[org]
        got = reason_of(
            SectorLink.verify,
            each["link"].token,
            organisatie=org,
            doel=doel,
            on=self.on,
            keys=our.KEYS,
            revocations=recipient.revocations,
        )
        expected = self._refusal(each, org, doel)
        if expected is not None:
            assert got is expected
            return
        nodes = list(recipient.has)
        pair = (
            [*each["nodes"]]
            if others is None
            else [nodes[n % len(nodes)] for n in others]
        )
        a, b = pair
        assert recipient.listed is not None
        on = self.on + later * _DAY
        if a == b:
            rule = None
        elif a.sector == b.sector:
            rule = "other-person"
        elif {a, b} != each["nodes"]:
            rule = "other-link"
        elif on > each["days"][1]:
            rule = "period"
        else:
            rule = "stale" if on > recipient.listed[1] else None
        joined = reason_of(
            check_join,
            recipient.has[a],
            recipient.has[b],
            link=got,
            van=our.van(recipient.has[a], recipient.has[b]),
            organisatie=org,
            doel=doel,
            on=on,
        )
        assert joined == rule

    def _refusal(self, each: dict[str, Any], org: Any, doel: Doel) -> LinkReden | None:  # noqa: ANN401
        """
        Return why the model says that a link does not verify.
        """
        listed = self.recipients[org].listed
        if each["org"] != org:
            return LinkReden.ORGANISATIE
        if each["doel"] is not doel:
            return LinkReden.DOEL
        if not each["days"][0] <= self.on <= each["days"][1]:
            return LinkReden.PERIOD
        if listed is None:
            return LinkReden.NO_LIST
        if self.on > listed[1]:
            return LinkReden.STALE_LIST
        return LinkReden.REVOKED if each["link"].jti in listed[2] else None

    @invariant()
    def ketenids_are_nodes(self) -> None:
        """
        One URI is one person, sector and release, at both recipients.
        """
        global done  # noqa: PLW0603  # hypothesis makes the machines
        done += 1
        known: dict[str, Node] = {}
        for recipient in getattr(self, "recipients", {}).values():
            for node, ketenid in recipient.has.items():
                assert known.setdefault(ketenid.uri, node) == node
        nodes = set(known.values())
        assert len(nodes) == len(known)


def test_the_library_does_as_a_plain_model_does() -> None:
    """
    Every outcome of every step is the model's; the seed is printed.
    """
    global done  # noqa: PLW0603  # as above
    number = int(os.environ.get("ECKID_SEED", str(secrets.randbelow(2**32))))
    print(f"ECKID_SEED={number} ECKID_STEPS={_STEPS}")  # noqa: T201  # to repeat it
    done = 0
    run_state_machine_as_test(
        seed(number)(World),
        settings=settings(
            # Some end early: half as many again is enough.
            max_examples=-(-_STEPS * 15 // (10 * _EACH)),
            stateful_step_count=_EACH,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"{done} steps")  # noqa: T201  # as above
    assert done >= _STEPS
