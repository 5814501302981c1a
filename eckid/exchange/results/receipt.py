"""
The receipt of a release: it may travel along, to be compared with the policy.

It says how many rows were released, and nothing about what was withheld or refused.
It is not signed: it shows which policy was used, not who sent it.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Final

from eckid._core.bounds import RECEIPT
from eckid._core.canon import digest, renamed
from eckid._core.foreign import foreign
from eckid._core.values import a_day, expect
from eckid._version import __version__
from eckid.attributes import FORMER
from eckid.errors import ExchangeError, PolicyError
from eckid.policy import Attribuutbeleid
from eckid.policy.bestemming import Beleid
from eckid.policy.vorm import day

# The form of a receipt. The first had no version and no day of the run; it is read.
VERSION: Final = 2
_FIRST: Final = {
    "eckid": str,
    "date": str,
    "beleid": dict,
    "doel": str,
    "ontvanger": str,
    "keten": str,
    "sector": str,
    "release": str,
    "rehearsal": str,
    "rows": int,
}
_FIELDS: Final = {**_FIRST, "version": int, "made": str}
# With a register, the receipt also holds the head of its ledger.
_FORMS: Final = tuple(
    {**fields, **noted}
    for fields in (_FIRST, _FIELDS)
    for noted in ({}, {"register": str})
)
_BELEID: Final = ("naam", "versie", "digest", "scopes")


def make_receipt(
    beleid: Beleid,
    *,
    on: date,
    rows: int,
    about: Mapping[str, str],
    register: str | None = None,
    made: date | None = None,
) -> bytes:
    """
    Return the receipt of a release, as the bytes of a JSON file.

    Args:
        beleid: The policy that was used, with its scopes chosen.

        on: The day of the release: the day that the policy was asked about.

        rows: How many rows were released.

        about: The texts doel, ontvanger, keten, sector, release and rehearsal, by
            those names.

        register: The head of the register's ledger, if a register noted the release.
            It reveals how many rows the ledger has.

        made: The day of the run; None is today. It may be another day than *on*.

    Raises:
        TypeError: If *about* has other names.
    """
    if not hasattr(beleid, "gekozen"):
        raise TypeError(f"beleid: expected a policy, got {type(beleid).__name__}")
    receipt = {
        "eckid": __version__,
        "version": VERSION,
        "date": a_day("on", on).isoformat(),
        "made": a_day("made", made or date.today()).isoformat(),  # noqa: DTZ011  # the user's own day
        "beleid": {
            "naam": beleid.naam,
            "versie": beleid.versie,
            "digest": beleid.digest,
            "scopes": sorted(beleid.gekozen),
        },
        **about,
        "rows": expect("rows", rows, int),
    }
    if receipt.keys() != _FIELDS.keys():
        raise TypeError(f"receipt: expected {' '.join(_FIELDS)}, got others")
    if register is not None:
        receipt["register"] = expect("register", register, str)
    text = json.dumps(receipt, ensure_ascii=False, indent=2)
    # JSON has an escape for what UTF-8 cannot hold.
    return text.encode("utf-8", "backslashreplace") + b"\n"


def read_receipt(octets: bytes) -> Mapping[str, Any]:
    """
    Read a receipt.

    Args:
        octets: The bytes of the file.

    Returns:
        The fields of the receipt, as `make_receipt` wrote them. One of the first form
        lacks `version` and `made`.

    Raises:
        eckid.errors.ExchangeError: If the bytes are not exactly such a receipt.
    """
    raw: object = None
    if len(expect("receipt", octets, bytes)) > RECEIPT.most:
        raise ExchangeError(RECEIPT.beyond(len(octets)))
    with suppress(ValueError, RecursionError):  # bad JSON or UTF-8
        raw = json.loads(octets)
    if (
        not isinstance(raw, dict)
        or {k: type(v) for k, v in raw.items()} not in _FORMS
        or raw.get("version", VERSION) != VERSION
    ):
        raise ExchangeError(
            f"receipt: expected a receipt of eckid up to version {VERSION}, got "
            "another file"
        )
    beleid = raw["beleid"]
    if (
        tuple(beleid) != _BELEID
        or not isinstance(beleid["scopes"], list)
        or not all(isinstance(scope, str) for scope in beleid["scopes"])
    ):
        raise ExchangeError("receipt: expected naam, versie, digest and scopes")
    if not all(day(raw[name]) for name in ("date", "made") if name in raw):
        raise ExchangeError("receipt: expected days as 2026-11-24, got other texts")
    return raw


def verify_receipt(receipt: Mapping[str, Any], beleid: Attribuutbeleid) -> None:
    """
    Check that a receipt names this policy, in the form that it has now.

    Args:
        receipt: What `read_receipt` returned.

        beleid: The policy to compare with. The scopes of the receipt are applied;
            where it has none, the policy without any scope chosen.

    Raises:
        eckid.errors.ExchangeError: If the name, version or digest differs, the policy
            lacks a scope, or the run was after the last day of its afwijking.
    """
    said = expect("receipt", receipt, Mapping).get("beleid")  # type: ignore[type-abstract]
    expect("beleid", beleid, Attribuutbeleid)
    if not isinstance(said, Mapping) or said.keys() != set(_BELEID):
        raise ExchangeError("receipt: expected naam, versie, digest and scopes")
    lacks = ExchangeError(
        f"receipt: expected scopes of {beleid.naam} {beleid.versie}, got another"
    )
    with foreign(lacks, PolicyError, TypeError):
        here = beleid.scoped(*said["scopes"])
    for field, values in (
        ("naam", (here.naam,)),
        ("versie", (here.versie,)),
        ("digest", (here.digest, _former(here))),
    ):
        if said[field] not in values:
            raise ExchangeError(
                f"receipt: expected the {field} of {here.naam} {here.versie}, "
                "got another"
            )
    # After this day the policy releases nothing, whatever day was asked about.
    last = None if here.afwijking is None else here.afwijking.tot.isoformat()
    if last is not None and receipt.get("made", last) > last:
        raise ExchangeError(
            f"receipt: expected a run up to {last}, the last day of the afwijking, "
            "got a later one"
        )


def _former(beleid: Attribuutbeleid) -> str:
    """
    Return the digest that a policy had while attributes had their former names.

    A receipt of then holds it, and the file of that policy is read under the names of
    today.
    """
    names = {now: former for former, now in FORMER.items()}
    return digest(renamed(beleid.as_dict(), names))
