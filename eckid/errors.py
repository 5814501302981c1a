"""
Every error that eckid raises.

* EckidError
    * IdentifierError, also a ValueError
        * NumberError         the text is not a valid PGN
        * PseudonymError      the text is not a valid HPgn, stampseudoniem or ketenID
    * SecretError, also a ValueError    a salt, key, ring, seal or passphrase
    * PolicyError, also a ValueError    a policy, or what was given to one
    * BoundaryError           a passage, joining, sector or day that the rules forbid
    * LinkError               a link, notice or substitution is not valid
    * RegisterError           the board's register
    * ServiceError
        * RequestError        the request was wrong, and was not sent
        * FaultError          the service refused
        * TransportError      no answer came back
    * ExchangeError           a file, as a whole

A wrong *type* is a TypeError, as everywhere in Python.

No message, argument, attribute, cause or context holds the value that was
refused: error reports travel further than the data they describe.
"""

from eckid._core.values import Gezegd


class NumberReason(Gezegd):
    """
    Why a text is not a valid PGN.
    """

    LENGTH = "length"
    DIGITS = "digits"
    SCRIPT = "script"
    SEPARATOR = "separator"
    DECIMAL = "decimal"
    RANGE = "range"
    ELFPROEF = "elfproef"


class PseudonymReason(Gezegd):
    """
    Why a text is not a valid HPgn, stampseudoniem or ketenID.

    Each reason is a mistake that occurs in practice.
    """

    EMPTY = "empty"
    SPACE = "space"
    NUMBER = "number"
    FORM = "form"
    PREFIX = "prefix"
    FORMER_HOST = "former-host"
    NAMESPACE = "namespace"
    RELEASE = "release"
    STAMPSEUDONIEM = "stampseudoniem"
    VOORLOPIG = "voorlopig"
    KETENID = "ketenid"
    CASE = "case"
    LENGTH = "length"
    HEX = "hex"


class LinkReason(Gezegd):
    """
    Why a link, a notice, a consent or a substitution is not valid.

    Before its signature is verified, a signed statement is refused only with one of the
    first three reasons.
    """

    FORM = "form"
    HEADER = "header"
    SIGNATURE = "signature"
    # The signature is valid, but the content is not.
    CLAIMS = "claims"
    KEY = "key"
    ORGANISATIE = "organisatie"
    DOEL = "doel"
    PERIOD = "period"
    # The revocation list is missing or wrong, or names the link.
    NO_LIST = "no-list"
    OTHER_LIST = "other-list"
    OLD_LIST = "old-list"
    STALE_LIST = "stale-list"
    REVOKED = "revoked"
    # The board may not sign this.
    CONSENT = "consent"
    KETENIDS = "ketenids"
    # Identifiers that succeed each other contradict.
    ITSELF = "itself"
    CYCLE = "cycle"
    TWO = "two"
    SUBSTITUTED = "substituted"
    WITHDRAWN = "withdrawn"


class EckidError(Exception):
    """
    Superclass of all eckid errors.

    Never raised directly.
    """

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class IdentifierError(EckidError, ValueError):
    """
    A text does not have the form of the identifier it was given for.
    """


class NumberError(IdentifierError):
    """
    A PGN has the wrong length, characters, range or elfproef.

    Attributes:
        reason: One of `NumberReason`, for programs.
    """

    def __init__(self, message: str, reason: NumberReason) -> None:
        super().__init__(message, reason)
        self.reason = reason


class PseudonymError(IdentifierError):
    """
    An HPgn, stampseudoniem or ketenID does not have its form.

    Attributes:
        reason: One of `PseudonymReason`, for programs.
    """

    def __init__(self, message: str, reason: PseudonymReason) -> None:
        super().__init__(message, reason)
        self.reason = reason


class SecretError(EckidError, ValueError):
    """
    A salt, key, ring, seal or passphrase cannot be used.
    """


class PolicyError(EckidError, ValueError):
    """
    A policy does not load, or was given what it cannot decide about.
    """


class BoundaryError(EckidError):
    """
    The rules of the law forbid a passage, a joining, a sector or a day.

    Attributes:
        rule: Name of the rule that refused, such as ``passage``; for logs and audits.
    """

    def __init__(self, message: str, rule: str) -> None:
        super().__init__(message, rule)
        self.rule = rule


class LinkError(EckidError):
    """
    A link across sectors, a notice, a consent or a substitution is not valid.

    Attributes:
        reason: One of `LinkReason`, for programs.
    """

    def __init__(self, message: str, reason: LinkReason) -> None:
        super().__init__(message, reason)
        self.reason = reason


class RegisterError(EckidError):
    """
    The board's register cannot do what was asked; the message says what to do.
    """


class ServiceError(EckidError):
    """
    Superclass of the errors in dealing with a Nummervoorziening.
    """


class RequestError(ServiceError):
    """
    The request was wrong, so nothing was sent.
    """


class FaultError(ServiceError):
    """
    The service answered with a refusal.

    Attributes:
        fault: The name of the fault, as the service gives it.
    """

    def __init__(self, message: str, fault: str) -> None:
        super().__init__(message, fault)
        self.fault = fault


class TransportError(ServiceError):
    """
    The service gave no answer.
    """


class ExchangeError(EckidError):
    """
    A file cannot be read or written as a whole.

    Attributes:
        line: The line in the file, counted from 1; None where it is not known.
        column: The column in the file, counted from 1; None where it is not known.
    """

    def __init__(
        self, message: str, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(message, line, column)
        self.line = line
        self.column = column
