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
# With a register, the receipt also holds the head of its ledger.
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
    Return the receipt of a release, as the bytes of a JSON file.

    Args:
        beleid: The policy that was used, with its scopes chosen.

        on: The day of the release.

        rows: How many rows were released.

        about: The texts doel, ontvanger, keten, sector, release and rehearsal, by
            those names.

        register: The head of the register's ledger, if a register noted the release.
            It reveals how many rows the ledger has.

    Raises:
        TypeError: If *about* has other names.
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
        "rows": expect("rows", rows, int),
    }
    if receipt.keys() != _FIELDS.keys():
        raise TypeError(f"receipt: expected {' '.join(_FIELDS)}, got others")
    if register is not None:
        receipt["register"] = expect("register", register, str)
    return json.dumps(receipt, ensure_ascii=False, indent=2).encode("utf-8") + b"\n"


def read_receipt(octets: bytes) -> Mapping[str, Any]:
    """
    Read a receipt.

    Args:
        octets: The bytes of the file.

    Returns:
        The fields of the receipt, as `make_receipt` wrote them.

    Raises:
        eckid.errors.ExchangeError: If the bytes are not exactly such a receipt.
    """
    raw: object = None
    with suppress(ValueError, RecursionError):  # bad JSON or UTF-8
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
    Check that a receipt names this policy, in the form that it has now.

    Args:
        receipt: What `read_receipt` returned.

        beleid: The policy to compare with. The scopes of the receipt are applied.

    Raises:
        eckid.errors.ExchangeError: If the name, version or digest differs.
    """
    said = expect("receipt", receipt, Mapping)["beleid"]  # type: ignore[type-abstract]
    here = beleid
    with suppress(ValueError):  # a scope that the policy lacks
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
