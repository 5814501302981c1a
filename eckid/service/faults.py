"""
What to do after a fault of the service, as a table.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Never

from eckid.errors import Doe, FaultError, FaultReden

# The names stood in excerpts of the service's wiki (developers.wiki.kennisnet.nl); that
# they stand in `faultactor` is inferred. What to do is ours. A fault of another name
# may mean anything, so the caller stops.
DOE: Final[Mapping[FaultReden, Doe]] = MappingProxyType(
    {
        FaultReden.NOT_FINISHED: Doe.WAIT,
        FaultReden.TEMPORARY_BLOCKED: Doe.WAIT,
        FaultReden.ALREADY_RETRIEVED: Doe.ANEW,
        FaultReden.REMOVED: Doe.ANEW,
        FaultReden.DAILY_LIMIT: Doe.STOP,
        FaultReden.NOT_ALLOWED: Doe.STOP,
        FaultReden.INVALID_HPGN: Doe.MEND,
        FaultReden.BLOCKED_HPGN: Doe.MEND,
        FaultReden.INVALID_CHAIN: Doe.MEND,
        FaultReden.INVALID_SECTOR: Doe.MEND,
        FaultReden.UNKNOWN: Doe.STOP,
        FaultReden.ANSWER: Doe.STOP,
    }
)
_NAMES: Final = {
    reden.value: reden
    for reden in FaultReden
    if reden not in {FaultReden.UNKNOWN, FaultReden.ANSWER}
}


def fault_named(name: str) -> FaultReden:
    """
    Return the fault of a name on the wire; UNKNOWN for a name of no row.
    """
    return _NAMES.get(name.strip(), FaultReden.UNKNOWN)


def fault(reden: FaultReden) -> FaultError:
    """
    Return the error of a fault: it says what to do, and nothing that the service said.
    """
    doe = DOE[reden]
    return FaultError(f"service: {reden.en}; {doe.en}", reden, doe)


def answer_fault(expected: str) -> FaultError:
    """
    Return the error of an answer that is not as the service specifies it.

    Args:
        expected: What was expected and what came, in measures only.
    """
    doe = DOE[FaultReden.ANSWER]
    return FaultError(f"service: {expected}; {doe.en}", FaultReden.ANSWER, doe)


def not_as_specified(expected: str) -> Never:
    """
    Raise the error that `answer_fault` gives.

    Raises:
        eckid.errors.FaultError: Always.
    """
    raise answer_fault(expected)
