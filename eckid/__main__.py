"""
``python -m eckid`` runs the command ``eckid``.
"""

from eckid.cli import main

main()
