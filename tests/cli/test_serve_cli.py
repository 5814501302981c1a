"""
The stand-in on the command line; that it serves stands in `test_posix`.
"""

from collections.abc import Callable

import pytest
from commands import RING, Done


def test_a_stand_in_says_what_the_reference_clients_need(
    eckid: Callable[..., Done],
) -> None:
    """
    The URL, the OIN and the salt, by the names of their own files; and then it ends.
    """
    done = eckid("serve", "--demo", "--port", "8443", "--host", "::1")
    assert done.code == 0
    assert "endpoint.address = http://[::1]:8443/eck/ws/201703\n" in done.out
    assert "client.instanceOin = 0000000700012TB34567\n" in done.out
    assert "first_level.salt = rktYml0MIp9TC9u6Ny6uqw==\n" in done.out
    assert '<add key="instanceOIN" value="0000000700012TB34567" />' in done.out
    assert done.out.count("REHEARSAL") == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--host", "192.0.2.1"), 3, "expected 127.0.0.1 or ::1 for plain HTTP"),
        (("--host", "a.example"), 3, "expected an address"),
        (("--boards", "x"), 2, "expected all or none"),
        (("--behaviour", "x=1"), 3, "behaviour: expected a name"),
        (RING, 3, "expected a rehearsal ring"),
    ],
    ids=["elsewhere", "name", "half of tls", "behaviour", "ring"],
)
def test_a_stand_in_is_not_open_to_anybody(
    words: tuple[str, ...], code: int, said: str, eckid: Callable[..., Done]
) -> None:
    """
    Nor under a ring that may hold what is a pupil's; nothing is served then.
    """
    done = eckid("serve", "--port", "0", *words)
    assert done.code == code
    assert said in done.err
    assert done.out == ""
