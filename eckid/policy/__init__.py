"""
The attribute policy: rules as data, what they release of a person, and why.

No policy, no rule or no fitting rule: then nothing is released.
"""

from eckid.policy.beleid import Attribuutbeleid
from eckid.policy.bestemming import Bestemming
from eckid.policy.decision import Oordeel, Reden
from eckid.policy.regel import Afwijking, Eis, Regel, Vorm
from eckid.policy.vrijgave import Vrijgave, Waarde

__all__ = [
    "Afwijking",
    "Attribuutbeleid",
    "Bestemming",
    "Eis",
    "Oordeel",
    "Reden",
    "Regel",
    "Vorm",
    "Vrijgave",
    "Waarde",
]
