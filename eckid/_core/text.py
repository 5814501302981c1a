"""
Text in a form to compare: what people read as the same is the same.
"""

import unicodedata


def folded(text: str) -> str:
    r"""
    Return a text with its Unicode form, case and spaces evened.

    >>> folded("  Zo\u0065\u0308  DE Vries") == folded("zo\u00eb de vries")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
