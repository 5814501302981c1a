"""
Who asks the service: OINs, certificates, and TLS that nothing outside weakens.
"""

import json
import os
import ssl
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from certificates import OIN, SCHOOL, Authority, Pair, server_context
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from hostile import Server, element, soap
from leaking import leaks, told_in

from eckid.errors import RequestError
from eckid.service import SoapNummervoorziening, Toegang, school_oin
from eckid.service.access import oin_of

WORDS: Final = "correct horse battery staple"


class Files(NamedTuple):
    """
    What a board has: a root, another root, and the pairs that it may mix up.
    """

    folder: Path
    root: Authority
    other: Authority
    pair: Pair
    wrong: Pair
    locked: Path

    def given(self, **how: object) -> dict[str, Any]:
        """
        Return what `Toegang.load` takes.
        """
        right = {"cert": self.pair.cert, "key": self.pair.key, "ca": self.root.ca}
        return {**right, **how}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """
    Certificates, made once; one key is locked.
    """
    folder = tmp_path_factory.mktemp("access")
    root, other = Authority(folder), Authority(folder, "other")
    pair, wrong = root.client(), root.client("wrong")
    key = load_pem_private_key(pair.key.read_bytes(), None)
    locked = folder / "locked.key"
    locked.write_bytes(
        key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(WORDS.encode())
        )
    )
    (folder / "empty").write_bytes(b"")
    (folder / "text").write_text(f"{WORDS}\n")
    (folder / "large").write_bytes(b"x" * (64 * 2**10 + 1))
    return Files(folder, root, other, pair, wrong, locked)


@pytest.mark.parametrize(
    ("brin", "certificate", "oin"),
    [
        ("12TB", "00000003123456734567", "0000000700012TB34567"),
        # The sample of the qualification programme has this form too.
        ("99ZZ", "00000001234567899999", "0000000700099ZZ99999"),
        ("00AA", 20 * "0", "0000000700000AA00000"),
    ],
)
def test_the_oin_of_a_school(brin: str, certificate: str, oin: str) -> None:
    """
    Eleven digits, the BRIN, and the last five digits of the certificate's OIN.
    """
    assert school_oin(brin, certificate=certificate) == oin


@pytest.mark.parametrize(
    ("brin", "certificate"),
    [
        *(
            (brin, OIN)
            for brin in ("", "12tb", "12TB00", "1TB", "TB12", " 12TB", "12T1")
        ),
        *(("\u0661\u0662TB", OIN), ("12TB\n", OIN), ("12\u00c9B", OIN)),
        *(
            ("12TB", oin)
            for oin in ("", OIN[1:], f"{OIN}0", OIN[:-1] + "x", f"{OIN}\n")
        ),
        ("12TB", 20 * "\u0661"),
    ],
    ids=lambda text: ascii(text)[1:-1],
)
def test_another_form_gives_no_oin(brin: str, certificate: str) -> None:
    """
    A school has four signs, and a certificate twenty digits.
    """
    with pytest.raises(RequestError):
        school_oin(brin, certificate=certificate)


def certificate(*numbers: str) -> bytes:
    """
    Return a certificate with some serialNumbers in its subject.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, WORDS),
            *(x509.NameAttribute(NameOID.SERIAL_NUMBER, one) for one in numbers),
        ]
    )
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today)
        .not_valid_after(today + timedelta(days=1))
        .sign(key, SHA256())
    )
    return made.public_bytes(Encoding.PEM)


def test_the_oin_of_a_certificate() -> None:
    """
    It is the one serialNumber of its subject.
    """
    assert oin_of(certificate(OIN)) == OIN
    # What lies between it and its root may stand behind it.
    assert oin_of(certificate(OIN) + certificate()) == OIN


@pytest.mark.parametrize(
    "numbers",
    [(), (OIN, OIN), (OIN[1:],), (f"{OIN}0",), ("NTRNL-12345678",)],
    ids=["none", "two", "short", "long", "other"],
)
def test_a_certificate_without_one_oin_is_refused(numbers: tuple[str, ...]) -> None:
    """
    The error says how many there were, and not which.
    """
    with pytest.raises(RequestError, match=f"got {len(numbers)} of another form") as at:
        oin_of(certificate(*numbers))
    assert (
        leaks(told_in(at.value), (OIN[1:].encode(), b"12345678", WORDS.encode())) == []
    )


@pytest.mark.parametrize("octets", [b"", b"x", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_what_is_no_certificate_has_no_oin(octets: bytes) -> None:
    """
    Whatever the library of certificates says of it.
    """
    with pytest.raises(
        RequestError, match=r"expected one as PEM, got other bytes"
    ) as at:
        oin_of(octets)
    assert at.value.__context__ is None


def test_a_board_loads_its_tls(files: Files) -> None:
    """
    Only the roots that are given are trusted, and a service is checked.
    """
    toegang = Toegang.load(**files.given())
    assert toegang.oin == OIN
    assert [one["subject"] for one in toegang.context.get_ca_certs()] == [
        ((("commonName", "root"),),)
    ]
    assert toegang.context.verify_mode is ssl.CERT_REQUIRED
    assert toegang.context.check_hostname
    assert toegang.context.minimum_version is ssl.TLSVersion.TLSv1_2
    texts: dict[str, Any] = {name: str(path) for name, path in files.given().items()}
    assert Toegang.load(**texts).oin == OIN
    assert Toegang.load(**files.given(key=files.locked, password=WORDS)).oin == OIN


@pytest.mark.parametrize("password", [None, "", "wrong", 1024 * "x", "x\ud83d", "a\0b"])
def test_a_locked_key_is_never_asked_for(files: Files, password: str | None) -> None:
    """
    Without the right password it is an error, also where a terminal could be asked.
    """
    with pytest.raises(RequestError, match=r"the right password") as caught:
        Toegang.load(**files.given(key=files.locked, password=password))
    assert leaks(told_in(caught.value), (WORDS.encode(), b"wrong", b"xxxx")) == []
    assert caught.value.__context__ is None


BROKEN: Final[Mapping[str, Callable[[Files], dict[str, Any]]]] = {
    "key-of-another-pair": lambda f: {"key": f.wrong.key},
    "key-is-a-certificate": lambda f: {"key": f.pair.cert},
    "key-is-text": lambda f: {"key": f.folder / "text"},
    "key-is-empty": lambda f: {"key": f.folder / "empty"},
    "cert-is-a-key": lambda f: {"cert": f.pair.key},
    "cert-is-text": lambda f: {"cert": f.folder / "text"},
    "cert-is-empty": lambda f: {"cert": f.folder / "empty"},
    "cert-without-oin": lambda f: {"cert": f.root.ca},
    "ca-is-a-key": lambda f: {"ca": f.pair.key},
    "ca-is-text": lambda f: {"ca": f.folder / "text"},
    "ca-is-empty": lambda f: {"ca": f.folder / "empty"},
    "cert-is-large": lambda f: {"cert": f.folder / "large"},
    "key-is-large": lambda f: {"key": f.folder / "large"},
    "ca-is-large": lambda f: {"ca": f.folder / "large"},
}


@pytest.mark.parametrize("name", BROKEN)
def test_files_that_do_not_belong_together_are_refused(files: Files, name: str) -> None:
    """
    In our words, and with nothing of what the files hold.
    """
    with pytest.raises(RequestError) as caught:
        Toegang.load(**files.given(**BROKEN[name](files)))
    hidden = WORDS.encode(), files.pair.key.read_bytes().splitlines()[1]
    assert leaks(told_in(caught.value), hidden) == []
    assert caught.value.__context__ is None


@pytest.mark.parametrize("name", ["cert", "key", "ca"])
def test_a_file_that_is_not_there_is_an_error_of_the_system(
    files: Files, name: str
) -> None:
    """
    As everywhere in Python.
    """
    with pytest.raises(FileNotFoundError):
        Toegang.load(**files.given(**{name: files.folder / "none"}))
    with pytest.raises(OSError, match=r"directory|denied"):
        Toegang.load(**files.given(**{name: files.folder}))


def context(**how: object) -> ssl.SSLContext:
    """
    Return the TLS of a client, with some of its settings changed.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    with warnings.catch_warnings():
        # Of the settings that are too old.
        warnings.simplefilter("ignore", DeprecationWarning)
        for name, value in how.items():
            setattr(made, name, value)
    return made


def ciphers(text: str) -> ssl.SSLContext:
    """
    Return the TLS of a client with some ciphers.
    """
    made = context()
    made.set_ciphers(text)
    return made


def of_both() -> ssl.SSLContext:
    """
    Return TLS of a client or a server, as Python called it before.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        made = ssl.SSLContext(ssl.PROTOCOL_TLS)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.verify_mode, made.check_hostname = ssl.CERT_REQUIRED, True
    return made


def of_a_server() -> ssl.SSLContext:
    """
    Return TLS of a server that checks its clients.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.verify_mode, made.check_hostname = ssl.CERT_REQUIRED, True
    return made


WEAK: Final[Mapping[str, Callable[[], ssl.SSLContext]]] = {
    "no-host": lambda: context(check_hostname=False),
    "no-certificate": lambda: context(check_hostname=False, verify_mode=ssl.CERT_NONE),
    "certificate-optional": lambda: context(verify_mode=ssl.CERT_OPTIONAL),
    "tls-1.0": lambda: context(minimum_version=ssl.TLSVersion.TLSv1),
    "tls-1.1": lambda: context(minimum_version=ssl.TLSVersion.TLSv1_1),
    # What it gives back is a number under all of them.
    "tls-as-it-comes": lambda: context(
        minimum_version=ssl.TLSVersion.MINIMUM_SUPPORTED
    ),
    "of-both": of_both,
    "of-a-server": of_a_server,
    "anonymous": lambda: ciphers("ADH:@SECLEVEL=0"),
    "anonymous-beside-others": lambda: ciphers("ALL:aNULL:@SECLEVEL=0"),
    "in-the-clear": lambda: ciphers("ALL:eNULL:@SECLEVEL=0"),
    "security-level-0": lambda: ciphers("DEFAULT:@SECLEVEL=0"),
    "unverified": ssl._create_unverified_context,
}


@pytest.mark.parametrize("name", WEAK)
def test_tls_that_checks_less_is_refused(name: str) -> None:
    """
    There is no switch that weakens it.
    """
    with pytest.raises(RequestError, match=r"^context: expected "):
        Toegang(WEAK[name](), OIN)


@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3", "MAXIMUM_SUPPORTED"])
def test_tls_that_asks_more_is_taken(version: str) -> None:
    """
    From TLS 1.2 on; the newest that OpenSSL has is one of these.
    """
    made = context(minimum_version=ssl.TLSVersion[version])
    assert made.minimum_version >= ssl.TLSVersion.TLSv1_2
    Toegang(made, OIN)
    Toegang(ssl.create_default_context(), OIN)


def test_tls_that_writes_its_keys_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Python's own context does so where the environment says it.
    """
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    made = ssl.create_default_context()
    with pytest.raises(RequestError, match=r"^context: expected one that writes"):
        Toegang(made, OIN)


@pytest.mark.parametrize("oin", ["", OIN[1:], SCHOOL, f"{OIN}\n"], ids=ascii)
def test_the_oin_of_tls_has_its_form(oin: str) -> None:
    """
    20 digits.
    """
    with pytest.raises(RequestError, match=r"^oin: expected 20 digits"):
        Toegang(context(), oin)


def test_a_school_goes_with_its_own_certificate(files: Files) -> None:
    """
    The last five digits of both OINs are the same.
    """
    toegang = Toegang.load(**files.given())
    assert files.pair.cert.name not in repr(toegang)
    SoapNummervoorziening("https://service.example", oin=SCHOOL, toegang=toegang)
    with pytest.raises(RequestError, match=r"^oin: expected the last five digits"):
        SoapNummervoorziening(
            "https://service.example", oin=f"{SCHOOL[:-5]}00000", toegang=toegang
        )


@pytest.mark.parametrize(
    ("given", "host", "port"),
    [
        ("service.example", "service.example", 443),
        ("SERVICE.example:8443", "service.example", 8443),
        ("a-b.c1.example", "a-b.c1.example", 443),
        ("localhost", "localhost", 443),
        ("192.0.2.1", "192.0.2.1", 443),
        ("[2001:db8::1]", "2001:db8::1", 443),
        ("xn--bcher-kva.example", "xn--bcher-kva.example", 443),
    ],
)
def test_a_host_is_a_name_or_an_address(
    files: Files, given: str, host: str, port: int
) -> None:
    """
    In the one spelling of each; it is asked just there, over TLS.
    """
    toegang = Toegang.load(**files.given())
    client = SoapNummervoorziening(f"https://{given}/eck", oin=SCHOOL, toegang=toegang)
    asked = client._transport._connection
    assert isinstance(asked, HTTPSConnection)
    assert (asked.host, asked.port) == (host, port)
    assert repr(client) == f"<SoapNummervoorziening {host}>"


@pytest.mark.parametrize(
    "host",
    [
        *("127.1", "0x7f.1", "0x7f000001", "2130706433", "192.0.2.01", "192.0.2.256"),
        *("service.example.", ".service.example", "service..example", "-a.example"),
        *("a-.example", "a_b.example", f"{64 * 'a'}.example", f"{'a.' * 130}example"),
        *("b\u00fccher.example", "service\u3002example", "[2001:DB8:0::1]", "[::1%lo]"),
        *("[192.0.2.1]", "service.1", "[v1.a]", "*", "a,b"),
    ],
    ids=ascii,
)
def test_another_spelling_of_a_host_is_refused(files: Files, host: str) -> None:
    """
    Two programs may read it as two hosts.
    """
    toegang = Toegang.load(**files.given())
    with pytest.raises(RequestError, match=r"^url: expected "):
        SoapNummervoorziening(f"https://{host}/eck", oin=SCHOOL, toegang=toegang)


def test_tls_and_http_are_not_mixed(files: Files) -> None:
    """
    TLS wants a certificate, and what has one does not go in the clear.
    """
    toegang = Toegang.load(**files.given())
    for url, given in (
        ("https://localhost", None),
        ("http://localhost", toegang),
    ):
        with pytest.raises(RequestError, match=r"^toegang: expected a certificate"):
            SoapNummervoorziening(url, oin=SCHOOL, toegang=given)


_CHILD: Final = """
import json, sys
from pathlib import Path
from eckid.errors import TransportError
from eckid.service import SoapNummervoorziening, Tijden, Toegang

url, oin, *paths = json.loads(sys.stdin.read())
cert, key, ca = map(Path, paths)
client = SoapNummervoorziening(
    url, oin=oin, toegang=Toegang.load(cert=cert, key=key, ca=ca),
    tijden=Tijden(connect=20, answer=20, tries=1),
)
try:
    print(client.ping().version)
except TransportError as error:
    print("sent" if error.sent else "unsent")
client.close()
"""


def test_the_environment_has_no_say(files: Files, tmp_path: Path) -> None:
    """
    Neither in which way a call goes, nor in whom it trusts, nor in what is written.
    """
    keys = tmp_path / "keys.log"
    nowhere = "http://127.0.0.1:1"
    proxies = ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY")
    # The other root, which would make the other server a trusted one.
    roots = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    folder = tmp_path / "roots"
    folder.mkdir()
    (folder / "other.pem").write_bytes(files.other.ca.read_bytes())
    environment = {
        **os.environ,
        **dict.fromkeys(proxies, nowhere),
        **dict.fromkeys(roots, str(files.other.ca)),
        "SSL_CERT_DIR": str(folder),
        "SSLKEYLOGFILE": str(keys),
        "NO_PROXY": "",
    }
    pong = element(
        "pingResponse",
        "<available>true</available><applicationVersion>2.0.7</applicationVersion>"
        "<systemTime>2026-11-27T20:00:00Z</systemTime>",
    )
    for root, said in ((files.root, "2.0.7"), (files.other, "unsent")):
        tls = server_context(root.server(), files.root.ca)
        with Server(soap(pong), context=tls).running() as server:
            given = [server.url, SCHOOL, *map(str, files.given().values())]
            done = subprocess.run(
                [sys.executable, "-c", _CHILD],
                input=json.dumps(given),
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
        assert done.stdout.split() == [said]
    assert not keys.exists()
