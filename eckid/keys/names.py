"""
The names that a ring may bear: its namespace, and its releases.
"""

import re
from typing import Final

from eckid._core.values import expect
from eckid.errors import SecretError

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# A ketenID begins with its namespace: https, and a host of at most 253 characters.
NAMESPACE: Final = re.compile(
    rf"https://(?=[^/]{{1,253}}(?:/|\Z)){_LABEL}(?:\.{_LABEL})*"
)
# The release follows. It does not begin with sp or pv, because these open the release
# of a stampseudoniem and of a provisional identifier.
RELEASE: Final = re.compile(r"(?!sp|pv)[a-z0-9][a-z0-9-]{0,30}")

_PILOT: Final = ("https://ketenid.nl", "pilot")
# The national service issues identifiers under these hosts, or did so before.
_NATIONAL: Final = ("ketenid.nl", "school.id", "id.school")


def check_names(namespace: str, releases: tuple[str, ...]) -> None:
    """
    Raise unless a ring may bear these names.

    Raises:
        eckid.errors.SecretError: If a name has another form, or is the national
            service's.
    """
    for release in releases:
        if not RELEASE.fullmatch(expect("release", release, str)):
            raise SecretError(
                "release: expected 1 to 31 of a-z, 0-9 and -, beginning with "
                "a letter or digit and not with sp or pv"
            )
    if not NAMESPACE.fullmatch(expect("namespace", namespace, str)):
        raise SecretError("namespace: expected https:// and a lower-case host")
    host = namespace.removeprefix("https://")
    national = any(host == h or host.endswith(f".{h}") for h in _NATIONAL)
    if national and not is_rehearsal(namespace, releases):
        raise SecretError(
            "namespace: expected one of your own, got the national service's"
        )


def is_rehearsal(namespace: str, releases: tuple[str, ...]) -> bool:
    """
    Return whether these are the names of a rehearsal ring, for the pilot service.
    """
    return (namespace, *releases) == _PILOT
