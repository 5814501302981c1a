"""
What pytest needs to know of the machine.
"""

import os

from hypothesis import HealthCheck, settings

# No test is judged on time: a shared core may stand still for a second.
settings.register_profile(
    "eckid", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("eckid")

# Signals and limits that Windows does not have.
collect_ignore = ["cli/test_posix.py"] if os.name == "nt" else []
