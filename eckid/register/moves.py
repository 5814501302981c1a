"""
A register brought over: from an older form, to another ring, or back from a copy.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from eckid.errors import RegisterError
from eckid.keys import Sleutelbos
from eckid.register.facts import BOARD, Facts, Feit
from eckid.register.ledger import Head
from eckid.register.store import VERSION, Store, keys_of

# The names of links in one row: they are far from the 65,535 bytes of a row.
LINKS_A_ROW: Final = 500


class Hersteld(NamedTuple):
    """
    What was lost by going on with an older copy.

    Attributes:
        head: Where the ledger ends now.
        rows: How many rows of the ledger the copy lacks, as far as the key file or the
            head that was given tells.
        persons: How many persons the copy of the register lacks. Hash them again.
        unreadable: How many persons cannot be read. They were forgotten since; or the
            copy of the key file lacks their keys, and their links cannot be revoked.
        links: How many links are revoked, because it is not known any more whether
            the consents hold: all that went out before.
    """

    head: Head
    rows: int
    persons: int
    unreadable: int
    links: int


@contextmanager
def made(ring: Sleutelbos, head: Head | None) -> Iterator[Facts]:
    """
    Make a new register in memory, with its first row; it closes with the block.
    """
    with closing(Store.made()) as store:
        facts = Facts(store, ring)
        with store.writing():
            facts.begin(None if head is None else (head.length, head.mac))
        yield facts


def opened(path: Path, ring: Sleutelbos, *, older: bool = False) -> Facts:
    """
    Return the facts of the register at *path*; one of an older form is brought over.

    Args:
        path: The register.

        ring: Its ring.

        older: Whether one of the two files may be an older copy.

    Raises:
        eckid.errors.RegisterError: If it is not a whole register of this ring.
    """
    store = Store.opened(path)
    with ExitStack() as failing:
        failing.callback(store.close)
        facts = Facts(store, ring)
        facts.begun()
        versions = store.versions()
        if versions == (1, 1):
            _bring_over(facts, path)
        elif versions != (VERSION, VERSION):
            raise RegisterError(
                "register: expected both files in one form, got an older one beside a "
                "newer one; put back two of one moment"
            )
        elif not older:
            _of_one_moment(facts)
        failing.pop_all()
    return facts


def _of_one_moment(facts: Facts) -> None:
    with facts.store.reading():
        head, kept = facts.ledger.head(), facts.ledger.kept_head()
    if head != kept:
        which = "register" if kept and head.length < kept.length else "key file"
        raise RegisterError(
            "register: expected the two files of one moment, got an older or another "
            f"{which}; put the right file back, or accept this one with restore"
        )


def _bring_over(facts: Facts, path: Path) -> None:
    """
    Give a register of version 1 the form of version 2, all of it or nothing.

    A copy of both files is made first. In version 1 two registers under one ring had
    the same tags.
    """
    store = facts.store
    # Only outside a transaction; a register of version 1 may be in either mode.
    store.leave_wal()
    with store.writing():
        if store.versions() == (VERSION, VERSION):
            return  # Another process has done it meanwhile.
        head = facts.ledger.verify()
        copy = path.with_name(f"{path.name}.before-{head.length}")
        if not copy.exists():
            # Left by a process that died between the two.
            keys_of(copy).unlink(missing_ok=True)
            store.write_to(copy)
        store.grow()
        index_anew(facts)
        facts.ledger.keep_head(head)
        store.stamp()


def index_anew(facts: Facts) -> None:
    """
    Make all that finds a fact anew; call this inside `Store.writing`.
    """
    facts.store.run("DELETE FROM keys.tag")
    for handle, fact in facts.everyones():
        facts.index(handle, fact)


def rekeyed(old: Facts, path: Path, ring: Sleutelbos) -> None:
    """
    Write the facts of *old* under another ring, each person under a new data key.

    Rows of forgotten persons, which nobody can read, are left out.
    """
    with old.store.reading(), made(ring, old.ledger.verify()) as new:
        with new.store.writing():
            for handle in old.handles() - {BOARD}:
                new.put_key(handle)
            for handle, fact in old.everyones():
                kind = Feit(fact["feit"])
                told = {n: v for n, v in fact.items() if n not in {"feit", "seq"}}
                new.add(handle, kind, told)
        new.store.write_to(path)


def restored(facts: Facts, expected: Head | None) -> Hersteld:
    """
    Go on with an older copy of the register or of its key file.

    It notes in the ledger what is lost. Keys and tags without a fact are deleted, and
    so are keys of persons who were forgotten since the copy of the key file was made.
    """
    store = facts.store
    with store.writing():
        head = facts.ledger.verify()
        kept = facts.ledger.kept_head() or head
        longest = max((head, kept, expected or head), key=lambda one: one.length)
        used = {row[0] for row in store.many("SELECT DISTINCT handle FROM ledger")}
        forgotten = facts.of(BOARD, Feit.VERGETEN)
        # Rows of format 1 did not keep the handle; they count as they are.
        again = {fact["handle"] for fact in forgotten if "handle" in fact}
        unsaid = len([fact for fact in forgotten if "handle" not in fact])
        orphans = facts.handles() - used
        for handle in orphans | (again & facts.handles()):
            facts.drop(handle)
        unreadable = len(used - facts.handles() - again) - unsaid
        index_anew(facts)
        # The key file is not bound as the ledger is: what is no text is no link.
        links = [
            link
            for link in store.many("SELECT organisatie, jti, tot FROM keys.link")
            if all(isinstance(text, str) for text in link)
        ]
        known = {fact["jti"] for fact in facts.all(Feit.LINK)}
        lost = [link for link in links if link[1] not in known]
        lists = {
            oin: number
            for oin, number in store.many("SELECT organisatie, number FROM keys.list")
            if isinstance(oin, str) and isinstance(number, int)
        }
        fact = {"length": longest.length, "mac": longest.mac, "lists": lists}
        for first in range(0, max(len(lost), 1), LINKS_A_ROW):
            some = lost[first : first + LINKS_A_ROW]
            facts.add(BOARD, Feit.HERSTELD, {**fact, "links": some})
        return Hersteld(
            facts.ledger.head(),
            longest.length - head.length,
            len(orphans),
            max(unreadable, 0),
            len(links),
        )
