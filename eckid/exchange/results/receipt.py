"""
The receipt of a release: what travels with it, to be held against the policy.

It says how many rows went, and nothing of what was withheld or refused. It shows
under which policy, not who sent it.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Final

from eckid._core.values import expect
from eckid._version import __version__
from eckid.errors import ExchangeError
from eckid.policy import Attribuutbeleid
from eckid.policy.bestemming import Beleid

_FIELDS: Final = {
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
# Where a register noted what went: its head, to be kept where it is not.
_NOTED: Final = {**_FIELDS, "register": str}
_BELEID: Final = ("naam", "versie", "digest", "scopes")


def make_receipt(
    beleid: Beleid,
    *,
    on: date,
    rows: int,
    about: Mapping[str, str],
    register: str | None = None,
) -> bytes:
    """
    Return a receipt as a file of JSON.

    Args:
        beleid: The policy under which was released.

        on: The day.

        rows: How many rows went.

        about: doel, ontvanger, keten, sector, release and rehearsal.

        register: The head of the register's ledger, where one noted what went;
            it tells how many rows that has.
    """
    receipt = {
        "eckid": __version__,
        "date": on.isoformat(),
        "beleid": {
            "naam": beleid.naam,
            "versie": beleid.versie,
            "digest": beleid.digest,
            "scopes": sorted(beleid.gekozen),
        },
        **about,
        "rows": rows,
    }
    if receipt.keys() != _FIELDS.keys():
        raise TypeError(f"receipt: expected {' '.join(_FIELDS)}, got others")
    if register is not None:
        receipt["register"] = expect("register", register, str)
    return json.dumps(receipt, ensure_ascii=False, indent=2).encode("utf-8") + b"\n"


def read_receipt(octets: bytes) -> Mapping[str, Any]:
    """
    Return what a receipt says.

    Raises:
        eckid.errors.ExchangeError: If it is none, to the letter.
    """
    raw: object = None
    with suppress(ValueError, RecursionError):  # of JSON or of UTF-8
        raw = json.loads(expect("receipt", octets, bytes))
    if not isinstance(raw, dict) or {k: type(v) for k, v in raw.items()} not in (
        _FIELDS,
        _NOTED,
    ):
        raise ExchangeError("receipt: expected a receipt of eckid, got another file")
    beleid = raw["beleid"]
    if tuple(beleid) != _BELEID or not isinstance(beleid["scopes"], list):
        raise ExchangeError("receipt: expected naam, versie, digest and scopes")
    return raw


def verify_receipt(receipt: Mapping[str, Any], beleid: Attribuutbeleid) -> None:
    """
    Raise unless *receipt* is of *beleid*, as it stands now.

    Raises:
        eckid.errors.ExchangeError: If the policy is another one.
    """
    said = expect("receipt", receipt, Mapping)["beleid"]  # type: ignore[type-abstract]
    here = beleid
    with suppress(ValueError):  # a scope that this policy does not have
        here = beleid.scoped(*map(str, said["scopes"]))
    for field, value in (
        ("naam", here.naam),
        ("versie", here.versie),
        ("digest", here.digest),
    ):
        if said[field] != value:
            raise ExchangeError(
                f"receipt: expected the {field} of {here.naam} {here.versie}, "
                "got another"
            )
