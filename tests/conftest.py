"""
What pytest needs to know of the machine.
"""

import os

# Signals and limits that Windows does not have.
collect_ignore = ["test_posix.py"] if os.name == "nt" else []
