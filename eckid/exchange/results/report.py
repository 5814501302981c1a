"""
What a run did, in numbers: for the board, its data protection officer, and parents.

A report holds counts, names of attributes, rules and reasons, and no value of a row.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from eckid._core.values import expect
from eckid.attributes import AnderIdReden
from eckid.errors import ExchangeError
from eckid.exchange.results.told import Told
from eckid.exchange.rows import Herstel, Ontvangen, Rij, Weigering, Weigerreden
from eckid.policy.decision import Reden
from eckid.policy.regel import Regel
from eckid.policy.vrijgave import Vrijgave

T = TypeVar("T")


class Part(NamedTuple):
    """
    Accepted rows that go on together, such as one part of a table.

    Attributes:
        rows: How many rows.
        what: The rows themselves.
    """

    rows: int
    what: Any

    def __repr__(self) -> str:
        return f"<Part {self.rows} rows>"


class Report:
    """
    The counts of one run.

    Wrap the rows that go in with `reading`, and the results with `writing`; both count
    while you iterate.

    Args:
        about: What the run was; it comes first in the JSON.

    Attributes:
        about: What the run was: policy, doel, recipient and so on.
        rows_in: How many rows were read.
        rows_out: How many rows were accepted.
        refused: How many rows were refused, by reason.
        mended: How many damaged numbers were repaired, by kind of damage.
        released: How often each attribute was released.
        withheld: How often each attribute was withheld, by reason.
        regels: The rule that released each attribute.
        ander_id_reden: How many persons went by another identifier than a ketenID, by
            reason.
        told: Headings that are unknown, and cells that cannot be read.
    """

    def __init__(self, about: Mapping[str, object]) -> None:
        self.about = dict(about)
        self.rows_in = 0
        self.rows_out = 0
        self.refused: Counter[Weigerreden] = Counter()
        self.mended: Counter[Herstel] = Counter()
        self.released: Counter[str] = Counter()
        self.withheld: dict[str, Counter[Reden]] = {}
        self.regels: dict[str, Regel] = {}
        self.ander_id_reden: Counter[AnderIdReden] = Counter()
        self.told = Told(self.about.get("sector"))

    def reading(self, rows: Iterable[T]) -> Iterator[T]:
        """
        Yield *rows*, and count them and their repaired numbers; tell what is unknown.
        """
        table = getattr(rows, "table", rows)
        self.told.said = getattr(table, "told", ())
        self.told.columns(getattr(table, "columns", ()))
        for row in rows:
            self.rows_in += 1
            if isinstance(row, Rij | Ontvangen):
                self.told.row(row)
            if isinstance(row, Rij) and row.herstel is not None:
                self.mended[row.herstel] += 1
            yield row

    def writing(self, results: Iterable[T | Weigering]) -> Iterator[T | Weigering]:
        """
        Yield *results*, and count what was accepted, released, withheld and refused.

        Raises:
            eckid.errors.ExchangeError: At the end, if the rows read are not the rows
                accepted plus the rows refused.
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
        Count what one release holds, and what it withholds.
        """
        self.released.update(expect("vrijgave", vrijgave, Vrijgave).released.keys())
        self.regels.update(vrijgave.regels)
        if vrijgave.ander_id_reden is not None:
            self.ander_id_reden[vrijgave.ander_id_reden] += 1
        for name, reden in vrijgave.withheld.items():
            self.withhold(name, reden, 1)

    def release(self, regel: Regel, times: int) -> None:
        """
        Count that *regel* released its attribute so many *times*.
        """
        if expect("times", times, int):
            expect("regel", regel, Regel)
            for naam in regel.namen:
                self.released[naam] += times
                self.regels[naam] = regel

    def withhold(self, name: str, reden: Reden, times: int) -> None:
        """
        Count that an attribute was withheld so many *times*, for one reason.
        """
        if expect("times", times, int):
            expect("name", name, str)
            expect("reden", reden, Reden)
            self.withheld.setdefault(name, Counter())[reden] += times

    def as_json(self) -> bytes:
        """
        Return the report as the bytes of a JSON file.
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
            "told": self.told.as_json(),
            # How many persons go without a ketenID, and why.
            "ander_id": {
                "count": self.ander_id_reden.total(),
                "redenen": {
                    reden.value: self.ander_id_reden[reden]
                    for reden in AnderIdReden
                    if reden in self.ander_id_reden
                },
            },
            # How often an attribute stayed at school because less was sent instead.
            "spared": {
                name: redenen[Reden.REPLACED]
                for name, redenen in self.withheld.items()
                if Reden.REPLACED in redenen
            },
            "attributen": attributen,
        }
        text = json.dumps(whole, ensure_ascii=False, indent=2)
        # JSON has an escape for what UTF-8 cannot hold, such as in a name in *about*.
        return text.encode("utf-8", "backslashreplace") + b"\n"


def _rule(regel: Regel | None) -> dict[str, str] | None:
    if regel is None:
        return None
    return {
        "bron": regel.bron,
        "zekerheid": regel.zekerheid,
        "motivering": regel.motivering,
        "motivation": regel.motivation,
    }
