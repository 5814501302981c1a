"""
From a file that was received to what the next may see: less, and never a number.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from eckid._core.values import expect
from eckid.boundary import Partij, Soort, check_passage
from eckid.doel import Doel, Ontvanger, Wie
from eckid.exchange.rows import Ontvangen, RijReden, Weigering
from eckid.policy import Attribuutbeleid
from eckid.policy.vrijgave import Vrijgave, Waarde


def pass_on(
    source: Iterable[Ontvangen | Weigering],
    *,
    beleid: Attribuutbeleid,
    doel: Doel,
    ontvanger: Ontvanger,
    rol: str | None = None,
    on: date | None = None,
    misfit: Callable[[Vrijgave], str | None] | None = None,
) -> Iterator[Vrijgave | Weigering]:
    """
    Turn the rows of a received file into what another recipient may see.

    The ketenIDs are those of the file: no ring and no hash is needed. They may
    pass from one recipient to another only within one keten and sector, where
    the board's agreements allow; that is for who passes them on to know.

    Args:
        source: The rows, such as `Received.ketenids` gives; refusals pass
            through.

        beleid: The policy.

        doel: What the release is for.

        ontvanger: The kind of recipient.

        rol: As for `Attribuutbeleid.release`.

        on: As for `Attribuutbeleid.release`.

        misfit: As for `release_list`.

    Returns:
        For each row, in order, a `Vrijgave` or a `Weigering`.

    Raises:
        eckid.errors.BoundaryError: If the table has no row for the passage.
    """
    check_passage(Soort.KETENID, van=Partij.ONTVANGER, naar=Partij.ONTVANGER)
    expect("beleid", beleid, Attribuutbeleid)
    rows: list[dict[str, Waarde]] = []
    plans = {
        wie: beleid.release_many(
            iter(rows.pop, None),
            doel=doel,
            ontvanger=ontvanger,
            rol=rol,
            wie=wie,
            on=on,
        )
        for wie in Wie
    }

    def release(found: Ontvangen) -> Vrijgave | Weigering:
        rows.append({**found.attributen, "eckid": found.ketenid})
        vrijgave = next(plans[found.wie])
        place = found.record, found.line, None
        if vrijgave.missing:
            return Weigering(*place, RijReden.MANDATORY, vrijgave.missing[0])
        wrong = None if misfit is None else misfit(vrijgave)
        return vrijgave if wrong is None else Weigering(*place, RijReden.FORMAT, wrong)

    return (
        row if isinstance(row, Weigering) else release(expect("row", row, Ontvangen))
        for row in source
    )
