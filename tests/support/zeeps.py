"""
zeep, which knows only the WSDL, asking a service of SOAP.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import requests
from certificates import SCHOOL, Pair

ANONYMOUS: Final = "http://www.w3.org/2005/08/addressing/anonymous"


@contextmanager
def zeep_client(
    url: str,
    *,
    school: str = SCHOOL,
    pair: Pair | None = None,
    ca: str | None = None,
    trust_env: bool = False,
) -> Iterator[Any]:
    """
    Yield a client of zeep for the WSDL of *url*, with the headers that are wanted.

    Args:
        url: Where the calls go.

        school: The OIN in the header From.

        pair: The client certificate; None for plain HTTP.

        ca: The file of the root of the service.

        trust_env: Whether its session asks the environment, as it comes.
    """
    with warnings.catch_warnings():
        # What zeep imports is its own affair.
        warnings.simplefilter("ignore", DeprecationWarning)
        import zeep  # noqa: PLC0415  # as above
        from lxml import etree  # noqa: PLC0415
        from zeep.transports import Transport  # noqa: PLC0415
        from zeep.wsa import WsAddressingPlugin  # noqa: PLC0415
    session = requests.Session()
    # Or an environment's roots take the place of those that are given.
    session.trust_env = trust_env
    if pair is not None:
        session.cert = (str(pair.cert), str(pair.key))
        session.verify = str(ca)
    with session:
        made = zeep.Client(
            f"{url}?wsdl",
            plugins=[WsAddressingPlugin()],
            transport=Transport(session=session, timeout=20),  # type: ignore[no-untyped-call]
            settings=zeep.Settings(forbid_dtd=True),
        )
        sender = etree.fromstring(
            '<wsa:From xmlns:wsa="http://www.w3.org/2005/08/addressing"><wsa:Address>'
            f"{ANONYMOUS}?oin={school}</wsa:Address></wsa:From>"
        )
        made.set_default_soapheaders([sender])  # type: ignore[no-untyped-call]
        yield made
