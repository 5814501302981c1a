"""
``python -m eckid`` is the command ``eckid``.
"""

from eckid.cli import main

main()
