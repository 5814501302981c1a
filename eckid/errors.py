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
    * ExchangeError           a file, as a whole
    * ServiceError            the national service, or the way to it
        * RequestError        ours: the service does not take what was about to be sent
        * FaultError          theirs: a fault, or an answer that is not as specified
        * TransportError      the way there: connection, TLS, HTTP

A wrong *type* is a TypeError, as everywhere in Python.

No message, argument, attribute, cause or context holds the value that was
refused: error reports travel further than the data they describe.
"""

from eckid._core.values import Gezegd


class NumberReden(Gezegd):
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


class PseudonymReden(Gezegd):
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


class LinkReden(Gezegd):
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
    CHANGED_LIST = "changed-list"
    STALE_LIST = "stale-list"
    REVOKED = "revoked"
    # The signer may not speak for this, or two that may do not agree.
    OTHER_HOUDER = "other-houder"
    HOUDERS = "houders"
    # The board may not sign this.
    CONSENT = "consent"
    KETENIDS = "ketenids"
    # Identifiers that succeed each other contradict.
    ITSELF = "itself"
    CYCLE = "cycle"
    TWO = "two"
    SUBSTITUTED = "substituted"
    WITHDRAWN = "withdrawn"


class BoundaryReden(Gezegd):
    """
    The rule of the boundary that refused.
    """

    PASSAGE = "passage"
    NO_HO = "no-ho"
    NO_SECTOR = "no-sector"
    PERIOD = "period"
    OTHER_PERSON = "other-person"
    NO_LINK = "no-link"
    OTHER_KETEN = "other-keten"
    UNKNOWN = "unknown"
    OTHER_LINK = "other-link"
    OTHER_HOUDER = "other-houder"
    OTHER_ORGANISATIE = "other-organisatie"
    OTHER_DOEL = "other-doel"
    STALE = "stale"


class FaultReden(Gezegd):
    """
    Why the national service did not answer, by the name that stands in its fault.
    """

    NOT_FINISHED = "NotFinishedException"
    TEMPORARY_BLOCKED = "TemporaryBlockedException"
    ALREADY_RETRIEVED = "ContentAlreadyRetrievedException"
    REMOVED = "ContentRemovedException"
    DAILY_LIMIT = "LimitDailyBatchSubmissionsExceededException"
    NOT_ALLOWED = "NotAllowedCallerException"
    INVALID_HPGN = "InvalidHPgnException"
    BLOCKED_HPGN = "BlockedHPgnException"
    INVALID_CHAIN = "InvalidChainIdException"
    INVALID_SECTOR = "InvalidSectorIdException"
    # A fault of another name.
    UNKNOWN = "unknown"
    # No fault, but no answer as specified either.
    ANSWER = "answer"


class Doe(Gezegd):
    """
    What the caller of the service does after a fault.
    """

    WAIT = "wait"
    ANEW = "anew"
    STOP = "stop"
    MEND = "mend"


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
        reason: One of `NumberReden`, for programs.
    """

    def __init__(self, message: str, reason: NumberReden) -> None:
        super().__init__(message, reason)
        self.reason = reason


class PseudonymError(IdentifierError):
    """
    What was given for an HPgn, stampseudoniem or ketenID does not have its form.

    Attributes:
        reason: One of `PseudonymReden`, for programs.
    """

    def __init__(self, message: str, reason: PseudonymReden) -> None:
        super().__init__(message, reason)
        self.reason = reason


class SecretError(EckidError, ValueError):
    """
    A salt, key, ring, seal or passphrase cannot be used.
    """


class PolicyError(EckidError, ValueError):
    """
    A policy cannot be loaded, or was given what it cannot decide on.
    """


class BoundaryError(EckidError):
    """
    The rules of the law forbid a passage, a joining, a sector or a day.

    Attributes:
        rule: The rule that refused, one of `BoundaryReden`; for logs and audits.
    """

    def __init__(self, message: str, rule: BoundaryReden) -> None:
        super().__init__(message, rule)
        self.rule = rule


class LinkError(EckidError):
    """
    A link across sectors, a notice, a consent or a substitution is not valid.

    Attributes:
        reason: One of `LinkReden`, for programs.
    """

    def __init__(self, message: str, reason: LinkReden) -> None:
        super().__init__(message, reason)
        self.reason = reason


class RegisterError(EckidError):
    """
    The board's register cannot do what was asked; the message says what to do.
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


class ServiceError(EckidError):
    """
    The national service did not do what was asked.

    Never raised directly.
    """


class RequestError(ServiceError, ValueError):
    """
    The service does not take what was about to be sent; nothing was sent.
    """


class FaultError(ServiceError):
    """
    The service answered with a fault, or with an answer that is not as specified.

    Attributes:
        fault: The fault, one of `FaultReden`; for programs.
        doe: What to do then, one of `Doe`.
    """

    def __init__(self, message: str, fault: FaultReden, doe: Doe) -> None:
        super().__init__(message, fault, doe)
        self.fault = fault
        self.doe = doe


class TransportError(ServiceError):
    """
    The way to the service failed: the connection, TLS, HTTP, or the time for it.

    Attributes:
        sent: Whether anything of the request may have arrived.
        passing: Whether another try may succeed with nothing changed.
    """

    # By place too, as a pickle and a copy give them.
    def __init__(self, message: str, sent: bool, passing: bool = True) -> None:  # noqa: FBT001, FBT002
        super().__init__(message, sent, passing)
        self.sent = sent
        self.passing = passing
