"""
eckid policy: list, show, check and compare policies, and verify receipts.
"""

from functools import partial
from pathlib import Path

import click

from eckid import Attribuutbeleid, ExchangeError, Wie
from eckid._core.bounds import RECEIPT
from eckid.attributes import CATALOGUE, Kenmerk
from eckid.cli import opening, options, show, whom
from eckid.exchange.results.receipt import read_receipt, verify_receipt
from eckid.policy import Eis, Regel, Vorm

_EXAMPLE = """
\b
Examples:
  eckid policy diff smalle-set-2.2 smalle-set-2.3
  eckid policy show leermiddelenketen --lang nl
  eckid policy verify uitgever.csv.receipt.json --beleid leermiddelenketen
"""

_NAMED = click.argument("beleid", metavar="NAME|FILE", callback=whom.to_beleid)


@click.group(epilog=_EXAMPLE)
def policy() -> None:
    """
    List, show, check and compare policies, and verify receipts.

    A policy is a TOML file of rules, each with its source and its reason. Give a
    policy that comes with eckid by its name ("eckid policy list" shows them), and
    one of your own by its path.
    """


@policy.command("list")
def list_() -> int:
    """
    List the policies that come with eckid, with version, number of rules and status.
    """
    rows = [
        (beleid.naam, beleid.versie, str(len(beleid.regels)), beleid.status)
        for beleid in map(Attribuutbeleid.load, Attribuutbeleid.names())
    ]
    show.table("", ("policy", "version", "rules", "status"), rows)
    return 0


@policy.command("show")
@_NAMED
@options.LANG
def show_(beleid: Attribuutbeleid, lang: str) -> int:
    """
    Show each rule of a policy: attribuut, doelen, recipients, reason and source.
    """
    dutch = lang == "nl"
    show.say(f"{beleid.naam} {beleid.versie}: {beleid.status}")
    show.say(f"digest {beleid.digest}")
    if beleid.basis is not None:
        extends = show.word("extends", dutch=dutch)
        show.say(f"{extends} {beleid.basis.naam} {beleid.basis.versie}")
    for names in beleid.een_van:
        one_of = show.word("one of", dutch=dutch)
        show.say(f"{one_of}: {', '.join(names)}")
    if beleid.afwijking is not None:
        a = beleid.afwijking
        show.say(
            f"afwijking: {a.doel.value}, {a.verwerkersovereenkomst}, "
            f"{a.besloten_door}, tot {a.tot.isoformat()}: {a.motivering}"
        )
    heads = ("attribuut", "rule", "doelen", "ontvangers", "why", "source")
    columns = [show.word(head, dutch=dutch) for head in heads]
    rows = [
        (
            f"{regel.attribuut}{_whose(regel)}",
            _phrase(regel, dutch=dutch),
            " ".join(doel.value for doel in sorted(regel.doelen, key=str)),
            " ".join(soort.value for soort in sorted(regel.ontvangers, key=str)),
            regel.motivering if dutch else regel.motivation,
            f"{regel.grondslag} {regel.tekst}".rstrip(),
        )
        for regel in beleid.regels
    ]
    show.table("", columns, rows)
    return 0


@policy.command()
@click.argument("file", type=options.PATH)
def check(file: Path) -> int:
    """
    Say whether FILE is a policy. If not, say what is wrong, and on which line.
    """
    beleid = Attribuutbeleid.load_file(file)
    extends = "" if beleid.basis is None else f", extends {beleid.basis.naam}"
    show.say(f"{beleid.naam} {beleid.versie}: {len(beleid.regels)} rules{extends}")
    show.say(f"digest {beleid.digest}")
    return 0


@policy.command()
@click.argument("before", metavar="A", callback=whom.to_beleid)
@click.argument("after", metavar="B", callback=whom.to_beleid)
@options.LANG
def diff(before: Attribuutbeleid, after: Attribuutbeleid, lang: str) -> int:
    """
    Say for each attribuut how policy B differs from policy A, and why.
    """
    dutch = lang == "nl"
    rows = []
    for name, wie in _subjects(before, after):
        rules = [_rule_of(beleid, name, wie) for beleid in (before, after)]
        said = [_rules_phrase(found, dutch=dutch) for found in rules]
        if said[0] != said[1]:
            words = _change(*rules, dutch=dutch)
            rows.append((_subject(name, wie), *said, words, _why(rules, dutch=dutch)))
    if not rows:
        show.say(show.word("no difference", dutch=dutch))
        return 0
    tail = (show.word(head, dutch=dutch) for head in ("difference", "why"))
    show.table("", ("attribuut", before.naam, after.naam, *tail), rows)
    return 0


@policy.command()
@click.argument("receipt", type=options.PATH)
@click.option(
    "--beleid",
    metavar="NAME|FILE",
    callback=whom.to_beleid,
    help="The policy to compare with; by default the shipped one of that name.",
)
def verify(receipt: Path, beleid: Attribuutbeleid | None) -> int:
    """
    Check that RECEIPT names a policy that is still the same here.

    A receipt shows under which policy a file was released. It does not show who
    sent it: a receipt is not signed.
    """
    said = read_receipt(opening.octets_in(receipt, RECEIPT))
    if beleid is None:
        name = str(said["beleid"]["naam"])
        if name not in Attribuutbeleid.names():
            raise ExchangeError("receipt: expected --beleid FILE for its policy")
        beleid = Attribuutbeleid.load(name)
    verify_receipt(said, beleid)
    show.say(
        f"{said['rows']} rows on {said['date']}, for {said['doel']} to "
        f"{said['ontvanger']}, under {beleid.naam} {beleid.versie} as it stands here"
    )
    if said.get("made", said["date"]) != said["date"]:
        show.say(f"The run was on {said['made']}, not on the day that was asked about.")
    show.say("This shows which policy, not who sent it.")
    return 0


def _subjects(before: Attribuutbeleid, after: Attribuutbeleid) -> list[tuple[str, Wie]]:
    named = [(r.attribuut, w) for b in (before, after) for r in b.regels for w in Wie]
    # Pupils first, in the order of the policies.
    return sorted(dict.fromkeys(named), key=lambda n: n[1] is Wie.LEERKRACHT)


def _subject(name: str, wie: Wie) -> str:
    return name if wie is Wie.LEERLING else f"{name} (leerkracht)"


def _rule_of(beleid: Attribuutbeleid, name: str, wie: Wie) -> list[Regel]:
    return [r for r in beleid.regels if r.attribuut == name and wie in r.wie]


def _rules_phrase(regels: list[Regel], *, dutch: bool) -> str:
    told = "; ".join(_phrase(regel, dutch=dutch) for regel in regels)
    return told or show.word("no rule", dutch=dutch)


def _phrase(regel: Regel, *, dutch: bool) -> str:
    word = partial(show.word, dutch=dutch)
    said = [_said(regel.eis, dutch=dutch)]
    if regel.vorm is not Vorm.ZELF:
        said.append(_said(regel.vorm, dutch=dutch))
    elif regel.als:
        said.append(f"{word('as')} {regel.als}")
    if regel.met:
        said.append(f"{word('with')} {' '.join(sorted(regel.met))}")
    if regel.zonder:
        said.append(f"{word('without')} {' '.join(sorted(regel.zonder))}")
    if regel.rollen is not None:
        said.append(f"rollen {' '.join(sorted(regel.rollen))}")
    if regel.scope is not None:
        said.append(f"scope {regel.scope}")
    return ", ".join(said)


def _whose(regel: Regel) -> str:
    return "" if len(regel.wie) == len(Wie) else f" ({next(iter(regel.wie)).value})"


def _change(before: list[Regel], after: list[Regel], *, dutch: bool) -> str:
    gave, gives = (any(map(_gives, rules)) for rules in (before, after))
    asked, asks = (any(r.eis is Eis.MANDATORY for r in b) for b in (before, after))
    table = (
        (gave and not gives, "is no longer given"),
        (gives and not gave, "is given now"),
        (asked and not asks, "is no longer demanded"),
        (asks and not asked, "is demanded now"),
        (True, "is ruled otherwise"),
    )
    return show.word(next(words for holds, words in table if holds), dutch=dutch)


def _gives(regel: Regel) -> bool:
    # A policy may demand an attribute that counts as a PGN; it is never released.
    pgn = CATALOGUE[regel.attribuut].kenmerk is Kenmerk.PGN
    return regel.eis is not Eis.FORBIDDEN and not pgn


def _why(rules: list[list[Regel]], *, dutch: bool) -> str:
    # The reason in the later policy; if that has no rule, the earlier one's.
    regel = [*rules[0], *rules[1]][-1]
    return regel.motivering if dutch else regel.motivation


def _said(one: Eis | Vorm, *, dutch: bool) -> str:
    return one.nl if dutch else one.en
