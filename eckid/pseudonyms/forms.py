"""
The form of ketenIDs and stampseudoniemen, and their near misses.

One exact pattern accepts. A table of mistakes that occur in practice says what is wrong
with any other text.
"""

import re
from typing import Final

from eckid._core.values import expect
from eckid.errors import PseudonymError, PseudonymReden
from eckid.keys import NAMESPACE, RELEASE

# The national service, and a ring without a namespace of its own: its host is a name
# that no host may have (RFC 2606).
KNOWN_NAMESPACES: Final = ("https://ketenid.nl", "https://eckid.invalid")


def _uri(mark: str) -> str:
    space, release = NAMESPACE.pattern, RELEASE.pattern
    return rf"(?P<namespace>{space})/{mark}(?P<release>{release})/"


KETENID: Final = re.compile(_uri("") + r"(?P<hex>[0-9a-f]{128})")
STAM: Final = re.compile(_uri("sp") + r"(?P<hex>[0-9a-f]{128})")
VOORLOPIG: Final = re.compile(_uri("pv") + r"(?P<hex>[0-9a-f]{128})")

_ANY = r"(?is)\s*(?:https?://)?[^/\s]+/"
# Texts that occur where a URI should be, the worst first; the last row takes all. A
# pattern is compiled when it is first needed: most texts are right, and eckid is
# imported sooner.
_WILD: Final = (
    (r"", PseudonymReden.EMPTY, "expected a URI, got nothing"),
    # The longest URI has 424 characters; the rows below are slow on much longer text.
    (r"(?s).{513,}", PseudonymReden.FORM, "expected a URI, got {n} characters"),
    (
        _ANY + r"sp[^/]*/.*",
        PseudonymReden.STAMPSEUDONIEM,
        "expected one, got a stampseudoniem, which may not leave the school",
    ),
    (
        _ANY + r"pv[^/]*/.*",
        PseudonymReden.VOORLOPIG,
        "expected one, got a provisional identifier",
    ),
    (
        r"(?is)https?://(?:school\.id|id\.school)/.*",
        PseudonymReden.FORMER_HOST,
        "expected a current host, got a former one, whose values differ",
    ),
    (
        _uri("") + r"[0-9a-f]{128}",
        PseudonymReden.KETENID,
        "expected one, got a ketenID",
    ),
    (
        _uri("(?:sp|pv)?") + r"[0-9a-f]{128}",
        PseudonymReden.NAMESPACE,
        "expected a namespace that is known or was named, got another",
    ),
    (
        r"(?s)\s.*|.*\s",
        PseudonymReden.SPACE,
        "expected no space around it, got {n} characters with space",
    ),
    (r"\d+", PseudonymReden.NUMBER, "expected a URI, got a number of {n} digits"),
    (
        r"(?i)(?:http://)?(?:[^/]+\.[^/]+/[^/]+/)?[0-9a-f]{128}",
        PseudonymReden.PREFIX,
        "expected it to begin with https:// and a host",
    ),
    (
        r"(?i)" + _uri("(?:sp|pv)?") + r"[0-9a-f]{128}",
        PseudonymReden.CASE,
        "expected lower case only",
    ),
    (
        _uri("(?:sp|pv)?") + r"[0-9a-f]*",
        PseudonymReden.LENGTH,
        "expected 128 hex digits at its end, got {n} characters in all",
    ),
    (
        r"(?s)" + _uri("(?:sp|pv)?") + r".*",
        PseudonymReden.HEX,
        "expected lower-case hex after the release",
    ),
    (
        r"(?s)https://[^/]+/.*",
        PseudonymReden.RELEASE,
        "expected a release of a-z, 0-9 and - after the host",
    ),
    (r"(?s).*", PseudonymReden.FORM, "expected a URI, got {n} characters"),
)


def match_uri(
    kind: re.Pattern[str],
    text: str,
    name: str,
    own: PseudonymReden,
    namespace: str | None,
) -> re.Match[str]:
    """
    Return the match of *text* with one kind of URI.

    Args:
        kind: The pattern of that kind.

        text: The text.

        name: What the kind is called in an error.

        own: The reason that stands for this kind itself, which is never given.

        namespace: The one that the URI must have; None allows `KNOWN_NAMESPACES`.

    Raises:
        eckid.errors.PseudonymError: If *text* does not match; its `reason` is the first
            in the table that fits.
    """
    expect("namespace", namespace, str, type(None))
    known = KNOWN_NAMESPACES if namespace is None else (namespace,)
    found = kind.fullmatch(expect(name, text, str))
    if found is not None and found["namespace"] in known:
        return found
    message, reason = next(
        (message, reason)
        for pattern, reason, message in _WILD
        if reason is not own and re.fullmatch(pattern, text)
    )
    raise PseudonymError(f"{name}: {message.format(n=len(text))}", reason)
