"""
The client and forks, which Windows does not have.
"""

import os
import warnings
from typing import Final

import pytest
from hostile import Server, element, soap

from eckid import HPgn, Stampseudoniem
from eckid.service import SoapNummervoorziening, Tijden

OIN: Final = "0000000700012TB34567"
ONCE: Final = Tijden(connect=20, answer=20, tries=1)
HPGN: Final = HPgn.parse("1f2e3d4c5b6a7988" * 4)
STAM: Final = Stampseudoniem.parse(f"https://ketenid.nl/sp201703/{'0a1b2c3d' * 16}")
ANSWER: Final = element(
    "retrieveStampseudonymResponse", f"<stampseudonym>{STAM.expose()}</stampseudonym>"
)


@pytest.mark.parametrize("held", [False, True], ids=["idle", "in-a-call"])
def test_a_fork_opens_a_connection_of_its_own(held: bool) -> None:  # noqa: FBT001
    """
    It does not speak on its parent's, and is not stopped by a call that the parent has.
    """
    with Server(soap(ANSWER)).running() as server:
        client = SoapNummervoorziening(server.url, oin=OIN, tijden=ONCE)
        assert client.stampseudoniem(HPGN) == STAM
        if held:
            client._transport._lock.acquire()
        with warnings.catch_warnings():
            # Newer Pythons warn of a fork beside threads; the child only asks.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:  # pragma: no cover  # coverage ends with the process
            code = 1
            try:
                code = 0 if client.stampseudoniem(HPGN) == STAM else 1
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert server.connections == 2
        if held:
            client._transport._lock.release()
        assert client.stampseudoniem(HPGN) == STAM
        assert server.connections == 2
        client.close()
