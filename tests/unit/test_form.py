"""
The form of a namespace and a release, of which every identifier is made.
"""

import strategies as our
from hypothesis import given
from hypothesis import strategies as st

from eckid.keys import NAMESPACE, RELEASE


@given(release=our.releases)
def test_a_release_is_1_to_31_of_a_to_z_0_to_9_and_hyphen(release: str) -> None:
    """
    It begins with a letter or digit, and with neither sp nor pv.
    """
    assert RELEASE.fullmatch(release)
    for opening in ("sp", "pv", "-", "A", "_"):
        assert not RELEASE.fullmatch(opening + release)
    for ending in ("/", " ", "\n", "é", ".", "_", "A"):
        assert not RELEASE.fullmatch(release + ending)
    assert not RELEASE.fullmatch("")
    assert RELEASE.fullmatch("a" * 31)
    assert not RELEASE.fullmatch("a" * 32)


@given(namespace=our.namespaces)
def test_a_namespace_is_https_and_a_lower_case_host(namespace: str) -> None:
    """
    No port, path, user, query or trailing slash, and no other scheme.
    """
    assert NAMESPACE.fullmatch(namespace)
    host = namespace.removeprefix("https://")
    for other in (
        host,
        f"http://{host}",
        f"HTTPS://{host}",
        f"https://{host.upper()}",
        f"https://user@{host}",
        f"https://-{host}",
        f"https://{host}-",
        f"https://.{host}",
        f"https://{host}.",
        f"https://{host}..a",
        f"{namespace}/",
        f"{namespace}/path",
        f"{namespace}:443",
        f"{namespace}?q",
        f"{namespace}#f",
        f"{namespace}\n",
        f" {namespace}",
    ):
        assert not NAMESPACE.fullmatch(other)


@given(length=st.integers(1, 64))
def test_a_label_of_a_host_has_at_most_63_characters(length: int) -> None:
    """
    RFC 1035: 63 for a label, and 253 in all.
    """
    assert (NAMESPACE.fullmatch(f"https://{'a' * length}") is not None) is (
        length <= 63
    )


def test_a_host_has_at_most_253_characters() -> None:
    """
    The whole of the host is bounded, too.
    """
    longest = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])
    assert len(longest) == 253
    assert NAMESPACE.fullmatch(f"https://{longest}")
    assert not NAMESPACE.fullmatch(f"https://{longest}d")
