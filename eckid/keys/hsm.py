"""
Keys in an HSM or a smart card: a PKCS#11 token computes the MACs, and keeps its keys.

A key lies in the token under a label, as a secret of 64 bytes that is sensitive, cannot
be extracted and does nothing but sign, with CKM_SHA512_HMAC.
One message is one call: what `update` gets is kept until `finalize`.

A module serves one thread at a time: python-pkcs11 starts it without the locks that it
would need for more (C_Initialize of NULL). After a fork the child starts it anew, as
PKCS#11 wants. A session that is lost is opened once more.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar, final

from eckid._core.foreign import foreign
from eckid._core.hidden import Unpickled
from eckid._core.values import a_path, expect
from eckid.errors import SecretError
from eckid.keys.file import utf8
from eckid.keys.mac import Mac

T = TypeVar("T")

# Of each key, and of each HMAC-SHA-512.
_BYTES: Final = 64

# A login by another part of this process.
_ANOTHERS: Final = "another's"

_NO_HMAC: Final = (
    "token: expected one that takes HMAC keys of 64 bytes for CKM_SHA512_HMAC, got one "
    "that does not; see what its maker says of it"
)
# What the errors of python-pkcs11 mean, by their names; each is a code of PKCS#11.
_SAID: Final = {
    "PinIncorrect": "PIN: expected that of the token, got another; do not go on "
    "trying, for a token locks itself after some wrong ones",
    "PinInvalid": "PIN: expected that of the token, got one of another form",
    "PinLenRange": "PIN: expected that of the token, got one of another length",
    "PinExpired": "PIN: expected one that is valid, got one that has expired; change "
    "it with the tools of the token",
    "PinLocked": "PIN: expected a token that takes one, got one that is locked; its "
    "security officer can unlock it",
    "NoSuchToken": "token: expected one under this label, got none; see whether it is "
    "plugged in, and whether the module finds it",
    "MultipleTokensReturned": "token: expected one under this label, got more; give "
    "each a label of its own",
    "MechanismInvalid": _NO_HMAC,
    "KeySizeRange": _NO_HMAC,
    "FunctionNotSupported": _NO_HMAC,
}


class _Session:
    """
    What a token has open in one process: a session, and the keys that it found.
    """

    def __init__(self) -> None:
        self.session: Any = None
        self.keys: dict[str, Any] = {}
        # Its login is that of all sessions of the process, and ends with it.
        self.login: Any = None
        self.refused = False

    def close(self) -> None:
        """
        Close the session and the login, and forget the keys.
        """
        for each in (self.session, self.login):
            if each is not _ANOTHERS:
                _close(each)
        self.session, self.login, self.keys = None, None, {}


class _Module:
    """
    A module in one process.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self.started = False


# By path and process: a module is one of the whole process, whoever uses it.
_MODULES: Final[dict[str, dict[int, _Module]]] = {}


@final
class Token(Unpickled):
    """
    A PKCS#11 token, which holds keys of rings and computes with them.

    Nothing is opened before the token is first used. Threads may share it, and so may
    forked processes.

    Args:
        module: The PKCS#11 library of the token's maker. It is loaded into the process:
            take it from no one else.

        label: The label of the token.

        pin: The PIN of its user.

    Raises:
        eckid.errors.SecretError: If the PIN is empty, or UTF-8 cannot hold a text.

    >>> Token("/usr/lib/softhsm/libsofthsm2.so", label="school", pin="1234")
    <Token, PIN hidden>
    """

    __slots__ = ("_label", "_module", "_pin", "_sessions")

    def __init__(self, module: str | Path, *, label: str, pin: str) -> None:
        self._module = str(a_path("module", module))
        utf8("module", self._module)
        if not utf8("PIN", expect("PIN", pin, str)):
            raise SecretError("PIN: expected one, got nothing")
        utf8("label", expect("label", label, str))
        self._label, self._pin = label, pin
        self._sessions: dict[int, _Session] = {}

    def __repr__(self) -> str:
        return "<Token, PIN hidden>"

    def mac(self, key: str) -> Mac:
        """
        Return an HMAC-SHA-512 state under the key of a label.

        The token is not asked before `finalize`, which raises what `sign` raises.

        Args:
            key: The label of the key.
        """
        return _TokenMac(self, expect("key", key, str), b"")

    def sign(self, key: str, message: bytes) -> bytes:
        """
        Return the HMAC-SHA-512 of a message, which the token computes.

        Args:
            key: The label of the key.

            message: The bytes.

        Returns:
            Its 64 bytes.

        Raises:
            eckid.errors.SecretError: If the token, or a key of that label that can
                never leave it, is not there; the PIN is another; or the token failed,
                also in a new session.
        """

        def signed(open_: _Session) -> bytes:
            found = open_.keys.get(key)
            if found is None:
                found = open_.keys[key] = self._found(open_.session, key)
            mac = found.sign(message, mechanism=_pkcs11().Mechanism.SHA512_HMAC)
            if len(mac) != _BYTES:
                raise SecretError(_NO_HMAC)
            return bytes(mac)

        return self._asked(signed)

    def put(self, key: str, octets: bytes) -> None:
        """
        Put a key in the token, unless one of that label is there.

        What is there stays as it is, and whoever puts a key asks afterwards whether
        it gives what was expected.

        Args:
            key: The label of the key.

            octets: Its 64 bytes.

        Raises:
            eckid.errors.SecretError: As `sign`, or if the token takes no such key.
        """
        value = {_pkcs11().Attribute.VALUE: expect("octets", octets, bytes)}
        self._write(
            key,
            lambda session: session.create_object({**self._form(key), **value}),
            taken=lambda: None,
        )

    def make(self, key: str) -> None:
        """
        Let the token draw a key, which then exists nowhere else.

        Args:
            key: The label of the key.

        Raises:
            eckid.errors.SecretError: As `sign`, or if a key of that label is there, or
                the token makes no such key.
        """

        def taken() -> None:
            raise SecretError(
                "token: expected no key under the label of the new one, got one; take "
                "another release, or remove the key with the tools of the token"
            )

        kind = _pkcs11().KeyType.GENERIC_SECRET
        self._write(
            key,
            lambda session: session.generate_key(
                kind, 8 * _BYTES, store=True, template=self._form(key)
            ),
            taken=taken,
        )

    def _write(
        self, key: str, write: Callable[[Any], object], *, taken: Callable[[], None]
    ) -> None:
        def written(_: _Session) -> None:
            # Logged in, as the session is that was opened before it.
            session = self._token().open(rw=True)
            try:
                if list(session.get_objects(self._named(key))):
                    taken()
                else:
                    write(session)
            finally:
                _close(session)

        self._asked(written)

    def _named(self, key: str) -> dict[Any, Any]:
        of = _pkcs11()
        return {
            of.Attribute.CLASS: of.ObjectClass.SECRET_KEY,
            of.Attribute.LABEL: key,
        }

    def _form(self, key: str) -> dict[Any, Any]:
        """
        Return what a key is in the token: it signs, and nothing gets it out.
        """
        of = _pkcs11()
        no = ("EXTRACTABLE", "MODIFIABLE", "VERIFY", "ENCRYPT", "DECRYPT")
        yes = ("TOKEN", "PRIVATE", "SENSITIVE", "SIGN")
        return {
            **self._named(key),
            of.Attribute.KEY_TYPE: of.KeyType.GENERIC_SECRET,
            **{of.Attribute[name]: True for name in yes},
            **{of.Attribute[name]: False for name in (*no, "WRAP", "UNWRAP", "DERIVE")},
        }

    def _found(self, session: Any, key: str) -> Any:  # noqa: ANN401  # of python-pkcs11
        of = _pkcs11().Attribute
        found = list(session.get_objects(self._named(key)))
        if len(found) != 1:
            raise SecretError(
                f"token: expected one key under the label {key}, got {len(found)}; is "
                "it the token that this ring was imported to?"
            )
        if found[0][of.EXTRACTABLE] or not found[0][of.SENSITIVE]:
            raise SecretError(
                f"token: expected under the label {key} a key that is sensitive and "
                "cannot be extracted, got another"
            )
        return found[0]

    def _asked(self, ask: Callable[[_Session], T]) -> T:
        """
        Return what *ask* returns, alone in this module.

        An old session may have been lost, or logged out; a new one decides.
        """
        of = _pkcs11()
        here = self._sessions.setdefault(os.getpid(), _Session())
        with _module(self._module).lock:
            if here.session is not None:
                with suppress(of.PKCS11Error, SecretError):
                    return ask(here)
                here.close()
            with foreign(_said, of.PKCS11Error):
                self._open(here)
                return ask(here)

    def _open(self, here: _Session) -> None:
        if here.refused:  # each try brings the token nearer to its lock
            raise SecretError(_SAID["PinIncorrect"])
        of, token = _pkcs11(), self._token()
        try:
            here.login = here.login or token.open(user_pin=self._pin)
        except of.UserAlreadyLoggedIn:
            here.login = _ANOTHERS
        except of.PinIncorrect:
            here.refused = True
            raise
        here.session = token.open()

    def _token(self) -> Any:  # noqa: ANN401  # of python-pkcs11
        return _started(self._module).get_token(token_label=self._label)


class _TokenMac(Unpickled):
    __slots__ = ("_key", "_seen", "_token")

    def __init__(self, token: Token, key: str, seen: bytes) -> None:
        self._token, self._key, self._seen = token, key, seen

    def __repr__(self) -> str:
        return "<Mac hidden>"

    def copy(self) -> "_TokenMac":
        return _TokenMac(self._token, self._key, self._seen)

    def update(self, data: bytes, /) -> None:
        self._seen += data

    def finalize(self) -> bytes:
        return self._token.sign(self._key, self._seen)


def _close(session: Any) -> None:  # noqa: ANN401  # of python-pkcs11
    # It may be the one that was lost.
    with suppress(_pkcs11().PKCS11Error):
        session.close()


def _said(error: BaseException) -> SecretError:
    """
    Return our error for one of python-pkcs11, of which only the name is used.
    """
    name = type(error).__name__
    return SecretError(
        _SAID.get(name)
        or f"token: expected an answer, got {name}; look in its log, and ask again"
    )


def _pkcs11() -> Any:  # noqa: ANN401  # a module
    """
    Return the module of python-pkcs11.

    Raises:
        eckid.errors.SecretError: If it is not installed; the message names the extra.
    """
    try:
        import pkcs11._pkcs11  # noqa: PLC0415  # only a ring in a token needs it
    except ImportError:
        pass
    else:
        return pkcs11
    raise SecretError("keys in a token need: pip install 'eckid[hsm]'")


def _module(path: str) -> _Module:
    return _MODULES.setdefault(path, {}).setdefault(os.getpid(), _Module())


def _started(path: str) -> Any:  # noqa: ANN401  # of python-pkcs11
    """
    Return the library of a module, started in this process.

    Raises:
        eckid.errors.SecretError: If it does not load or start.
    """
    of, here = _pkcs11(), _module(path)
    refusal = SecretError(
        "module: expected a PKCS#11 library that loads and starts, got none; give the "
        "file (.so, .dll or .dylib) that the token's maker says"
    )
    with foreign(refusal, of.PKCS11Error):
        library = of.lib(path)
        if not here.started and len(_MODULES[path]) > 1:
            # Before the fork it was the parent's.
            with suppress(of.PKCS11Error):
                library.finalize()
            library = of.lib(path)
        here.started = True
        return library
