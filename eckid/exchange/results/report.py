"""
What a release did, in numbers: for the board, the functionaris, the parent.

It holds counts, names of attributes, rules and reasons, and no value of a row.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from eckid.attributes import AnderId
from eckid.errors import ExchangeError
from eckid.exchange.rows import Herstel, Rij, Weigergrond, Weigering
from eckid.policy.decision import Reden
from eckid.policy.regel import Regel
from eckid.policy.vrijgave import Vrijgave

T = TypeVar("T")


class Part(NamedTuple):
    """
    Rows that went on together: so many, and what they are.
    """

    rows: int
    what: Any

    def __repr__(self) -> str:
        return f"<Part {self.rows} rows>"


class Report:
    """
    The count of one run.

    Wrap what goes in with `reading` and what comes out with `writing`.

    Attributes:
        about: What the run was: policy, doel, recipient and so on.
        rows_in: Rows read.
        rows_out: Rows that went on.
        refused: Rows refused, per reason.
        mended: Numbers that a spreadsheet had damaged, per damage.
        released: Per attribute, how often it was released.
        withheld: Per attribute and reason, how often it was withheld.
        regels: The rule under which each attribute was released.
        ander_id: Who went by another identifier than a ketenID, per reason.
    """

    def __init__(self, about: Mapping[str, object]) -> None:
        self.about = dict(about)
        self.rows_in = 0
        self.rows_out = 0
        self.refused: Counter[Weigergrond] = Counter()
        self.mended: Counter[Herstel] = Counter()
        self.released: Counter[str] = Counter()
        self.withheld: dict[str, Counter[Reden]] = {}
        self.regels: dict[str, Regel] = {}
        self.ander_id: Counter[AnderId] = Counter()

    def reading(self, rows: Iterable[T]) -> Iterator[T]:
        """
        Count *rows* as they pass.
        """
        for row in rows:
            self.rows_in += 1
            if isinstance(row, Rij) and row.herstel is not None:
                self.mended[row.herstel] += 1
            yield row

    def writing(self, results: Iterable[T | Weigering]) -> Iterator[T | Weigering]:
        """
        Count *results* as they pass.

        Raises:
            eckid.errors.ExchangeError: At the end, if a row was lost.
        """
        for result in results:
            if isinstance(result, Weigering):
                self.refused[result.reden] += 1
            else:
                self.rows_out += result.rows if isinstance(result, Part) else 1
            if isinstance(result, Vrijgave):
                self.count(result)
            yield result
        if self.rows_in != self.rows_out + self.refused.total():
            raise ExchangeError(
                f"expected {self.rows_in} rows to come out or be refused, "
                f"got {self.rows_out + self.refused.total()}"
            )

    def count(self, vrijgave: Vrijgave) -> None:
        """
        Count what goes of one row, and what is withheld.
        """
        self.released.update(vrijgave.released.keys())
        self.regels.update(vrijgave.regels)
        if vrijgave.ander_id is not None:
            self.ander_id[vrijgave.ander_id] += 1
        for name, reden in vrijgave.withheld.items():
            self.withhold(name, reden, 1)

    def release(self, regel: Regel, times: int) -> None:
        """
        Count that a rule released its attribute *times*.
        """
        if times:
            self.released[regel.naam] += times
            self.regels[regel.naam] = regel

    def withhold(self, name: str, reden: Reden, times: int) -> None:
        """
        Count that an attribute was withheld *times*.
        """
        if times:
            self.withheld.setdefault(name, Counter())[reden] += times

    def as_json(self) -> bytes:
        """
        Return the report as a file of JSON.
        """
        attributen = {
            name: {
                "released": self.released[name],
                "withheld": {
                    reden.value: {"count": n, "nl": reden.nl, "en": reden.en}
                    for reden, n in self.withheld.get(name, {}).items()
                },
                "regel": _rule(self.regels.get(name)),
            }
            for name in [*self.released, *sorted(self.withheld)]
        }
        whole = {
            **self.about,
            "rows": {
                "in": self.rows_in,
                "out": self.rows_out,
                "refused": self.refused.total(),
                "mended": self.mended.total(),
            },
            "refused": {
                reden.value: {"count": n, "meaning": reden.en}
                for reden, n in self.refused.items()
            },
            "mended": {
                herstel.name.lower(): {"count": n, "meaning": herstel.value}
                for herstel, n in self.mended.items()
            },
            # The size of the shadow system: who has no ketenID, and why.
            "ander_id": {
                "count": self.ander_id.total(),
                "redenen": {
                    reden.value: self.ander_id[reden]
                    for reden in AnderId
                    if reden in self.ander_id
                },
            },
            # What stayed at the school because less went in its place.
            "spared": {
                name: redenen[Reden.REPLACED]
                for name, redenen in self.withheld.items()
                if Reden.REPLACED in redenen
            },
            "attributen": attributen,
        }
        return json.dumps(whole, ensure_ascii=False, indent=2).encode("utf-8") + b"\n"


def _rule(regel: Regel | None) -> dict[str, str] | None:
    if regel is None:
        return None
    return {
        "bron": regel.bron,
        "zekerheid": regel.zekerheid,
        "motivering": regel.motivering,
        "motivation": regel.motivation,
    }
