"""
The rooms that are mutated, and the tests that must notice.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Room(NamedTuple):
    """
    Files of the library, and the tests that are run for a mutant of them.

    Attributes:
        files: The files or folders, below ``eckid``.
        tests: The tests, below ``tests``: files, or names in them.
    """

    files: tuple[str, ...]
    tests: tuple[str, ...]


# The last says that the tables on the pages are those of the library: sources too. It
# leaves alone the page that counts lines, which any mutant of a line may change.
_LAW: Final = (
    *("law/test_tables.py", "law/test_law.py", "law/test_scenarios.py"),
    "house/test_docs.py::test_what_is_drawn_is_as_the_tables_are[law]",
)

ROOMS: Final[Mapping[str, Room]] = {
    "boundary": Room(
        ("boundary.py",), ("unit/test_boundary.py", "unit/test_join.py", *_LAW)
    ),
    "enrolment": Room(
        ("enrolment.py", "keten.py"),
        ("unit/test_enrolment.py", "unit/test_keten.py", *_LAW),
    ),
    "guard": Room(
        ("exchange/lists/guard.py",),
        ("exchange/test_release.py", "exchange/test_roster.py", "scale/test_tables.py"),
    ),
    "policy": Room(
        ("policy", "attributes.py"),
        (
            *("unit/test_decision.py", "unit/test_vorm.py", "unit/test_policy.py"),
            *(
                "unit/test_beleid.py",
                "unit/test_bestemming.py",
                "unit/test_profiles.py",
            ),
            *("unit/test_guard.py", "unit/test_attributes.py", *_LAW),
        ),
    ),
    "succession": Room(
        ("succession",),
        (
            *("unit/test_succession.py", "unit/test_link.py", "unit/test_jwk.py"),
            *("unit/test_join.py", *_LAW),
        ),
    ),
    "register": Room(
        ("register",),
        (
            *("register/test_register.py", "register/test_register_edges.py"),
            *("compat/test_compat.py", "compat/test_migration.py"),
        ),
    ),
}
