"""
eckid serve: a stand-in for the Nummervoorziening, to rehearse with.
"""

import ssl
from base64 import b64encode
from pathlib import Path
from threading import Event
from typing import Final

import click

from eckid import Sleutelbos
from eckid.cli import opening, options, show, stopping
from eckid.service.standin import Besturen, Gedrag, Standin, server_context
from eckid.service.standin.answering import PATH
from eckid.service.standin.ring import TEST_SALT

# A school that is in no list: any OIN of this form will do over plain HTTP.
_OIN: Final = "0000000700012TB34567"
# The names are those of the two clients' own files, on github.com/kennisnet:
# config.properties (ConfigurationImpl.java), and App.config (EckIDServiceUtil.cs).
_JAVA: Final = """\
Nummervoorziening-JavaReferenceImplementation, in config.properties:

endpoint.address = {url}
client.instanceOin = {oin}
first_level.salt = {salt}

It opens its key store (certificate.KeyStorePath) over plain HTTP too.
"""
_NET: Final = """\
Nummervoorziening-DotNetReferenceImplementation, in App.config:

<add key="instanceOIN" value="{oin}" />       in appSettings
address="{url}"
                                              in system.serviceModel, client, endpoint

Its transport there is httpsTransport with requireClientCertificate, so it wants TLS:
eckid serve with --tls-cert, --tls-key, --client-ca and --boards. Its salt
({salt}) stands in SCrypter/Constants.cs already.
"""


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8017,
    show_default=True,
    help="The port; 0 takes one that is free.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="The address of this machine to listen on; another than 127.0.0.1 or ::1 "
    "needs TLS.",
)
@click.option(
    "--ring",
    type=opening.FILE,
    help="The sealed file of a rehearsal ring with the public test salt; by default a "
    "public one, under which every stand-in gives the same answers.",
)
@options.PASSPHRASE
@click.option("--tls-cert", type=opening.FILE, help="The server's certificate, as PEM.")
@click.option("--tls-key", type=opening.FILE, help="Its key, as PEM.")
@click.option(
    "--client-ca",
    type=opening.FILE,
    help="The root that the certificates of clients stand under, as PEM.",
)
@click.option(
    "--boards",
    type=opening.FILE,
    help="The boards that may ask, as TOML: a table [besturen] with the OINs of the "
    "schools by that of the certificate.",
)
@click.option(
    "--behaviour",
    "behaviours",
    multiple=True,
    metavar="[OIN:]NAME=VALUE",
    help="What to rehearse, such as not-finished=30; may be repeated. With an OIN it "
    "is for that school alone.",
)
@click.option(
    "--demo",
    is_flag=True,
    help="Print what to put in the configuration of the reference clients, and end.",
)
def serve(
    port: int,
    host: str,
    ring: Path | None,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    tls_cert: Path | None,
    tls_key: Path | None,
    client_ca: Path | None,
    boards: Path | None,
    behaviours: tuple[str, ...],
    demo: bool,
) -> int:
    """
    Be the Nummervoorziening for a rehearsal. REHEARSAL only.

    It answers the nine operations of the service under a ring of rehearsals. Pupils'
    numbers have no business here: give it numbers that are nobody's.

    Over plain HTTP only programs on this machine reach it, and any school may ask.
    Elsewhere it wants TLS with client certificates, and a list of boards.

    It prints a line for each call on standard error, without any value. Ctrl-C ends it.
    """
    gedrag = Gedrag.read(behaviours)
    context, besturen = _access(tls_cert, tls_key, client_ca, boards)
    if demo:
        scheme = "http" if context is None else "https"
        url = f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}{PATH}"
        salt = b64encode(TEST_SALT).decode("ascii")
        for text in (_JAVA, _NET):
            show.say(f"REHEARSAL. {text.format(url=url, oin=_OIN, salt=salt)}")
        return 0
    sleutelbos = _ring(ring, passphrase_env, passphrase_file)
    with Standin(
        sleutelbos,
        host=host,
        port=port,
        context=context,
        besturen=besturen,
        gedrag=gedrag,
        log=show.warn,
    ) as standin:
        show.say("REHEARSAL. A stand-in for the Nummervoorziening; no pupils' numbers.")
        show.say(f"  calls   {standin.url}")
        show.say(f"  WSDL    {standin.url}?wsdl")
        show.say("Ctrl-C ends it.")
        try:
            # In parts, for not every system interrupts a wait.
            ended = Event()
            while not ended.wait(1):
                stopping.check()
        except KeyboardInterrupt:
            show.say("REHEARSAL ended")
    return 0


def _ring(ring: Path | None, env: str | None, file: Path | None) -> Sleutelbos | None:
    if ring is None:
        return None
    return opening.open_ring(ring, opening.passphrase(env, file), None)


def _access(
    cert: Path | None, key: Path | None, client_ca: Path | None, boards: Path | None
) -> tuple[ssl.SSLContext | None, Besturen | None]:
    if cert is None and key is None and client_ca is None and boards is None:
        return None, None
    if cert is None or key is None or client_ca is None or boards is None:
        raise click.UsageError(
            "--tls-cert, --tls-key, --client-ca, --boards: expected all or none"
        )
    context = server_context(cert=cert, key=key, client_ca=client_ca)
    return context, Besturen.load(boards)
