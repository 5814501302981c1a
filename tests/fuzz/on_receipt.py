"""
A receipt in JSON: read and compared with a policy, or refused.
"""

from fuzz.oracle import asked

from eckid import Attribuutbeleid
from eckid.exchange import read_receipt, verify_receipt

_BELEID = [Attribuutbeleid.load(n) for n in ("leermiddelenketen", "smalle-set-2.3")]
_BELEID.append(Attribuutbeleid.load("edu-v-students-1.1"))


def once(data: bytes) -> None:
    """
    Read *data* as a receipt, and compare it with each of three policies.
    """
    with asked(data):
        receipt = read_receipt(data)
        for beleid in _BELEID:
            with asked(data):
                verify_receipt(receipt, beleid)
