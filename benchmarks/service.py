"""
What does a call of our client cost beside zeep's, and what does the stand-in bear?

The stand-in and a bare server of the standard library run in processes of their own,
and are asked in turns. A call's cost is the processor time of the one who asks.
"""

import gc
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from lxml import etree
from measure import gate, ratio

from eckid import HPgn
from eckid._core.bounds import ANSWERS
from eckid.service import Batch, SoapNummervoorziening
from eckid.service.answers import read_answer
from eckid.service.messages import (
    RETRIEVE,
    STAMPSEUDONIEM,
    SUBMIT_STAMPSEUDONIEMEN,
    envelope,
    items,
)
from eckid.service.standin import soap

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/support"))
from certificates import SCHOOL
from standins import connect, post
from standins import read_answer as read_http
from zeeps import zeep_client

CALLS = 100
ITEMS = 10_000
NAME = "uuid:1"
HPGN = HPgn.parse(64 * "a")
STAM = f"https://ketenid.nl/sppilot/{128 * '0'}"
BATCH = {n: HPgn(n.to_bytes(32, "big"), HPGN.scheme) for n in range(ITEMS)}
FOR_ZEEP = [{"index": n, "hPgn": one.expose()} for n, one in BATCH.items()]
ANSWER = soap.answer(
    RETRIEVE, items("success", "value", ((n, STAM) for n in BATCH)), message_id=NAME
)

STANDIN = """\
import sys, time
from eckid.service.standin import Standin
with Standin() as at:
    print(at.url, flush=True)
    for _ in sys.stdin:
        print(time.process_time(), flush=True)
"""
BARE = """\
import sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Echo(BaseHTTPRequestHandler):
    disable_nagle_algorithm = True
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
at = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
threading.Thread(target=at.serve_forever, daemon=True).start()
print(f"http://127.0.0.1:{at.server_port}/eck/ws/201703", flush=True)
for _ in sys.stdin:
    print(time.process_time(), flush=True)
"""


@contextmanager
def process(code: str) -> Iterator[tuple[str, Callable[[], float]]]:
    """
    Yield where a server is, and what gives the processor time that it has taken.
    """
    with subprocess.Popen(  # noqa: S603  # our own
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        asked, said = child.stdin, child.stdout
        if asked is None or said is None:
            raise AssertionError

        def took() -> float:
            asked.write("\n")
            asked.flush()
            return float(said.readline())

        yield said.readline().strip(), took
        asked.close()


def seconds(act: Callable[[], object], rounds: int = 5) -> float:
    """
    Return the least processor time that something takes.
    """
    found = []
    for _ in range(rounds):
        begin = time.process_time()
        act()
        found.append(time.process_time() - begin)
    return min(found)


def client_beside_zeep(url: str) -> None:
    """
    Compare a call, a batch that is sent, and one that is read.
    """
    ours = SoapNummervoorziening(url, oin=SCHOOL, release="pilot")
    # As it comes.
    with zeep_client(url, trust_env=True) as zeep:

        def our_calls() -> None:
            for _ in range(CALLS):
                ours.stampseudoniem(HPGN)

        def zeep_calls() -> None:
            for _ in range(CALLS):
                zeep.service.retrieveStampseudonym(hpgn=HPGN.expose())

        def we_write() -> None:
            listed = ((n, one.expose()) for n, one in BATCH.items())
            content = items("hpgnList", "hPgn", listed)
            envelope(
                SUBMIT_STAMPSEUDONIEMEN, content, to=url, oin=SCHOOL, message_id=NAME
            )

        def zeep_writes() -> None:
            message = zeep.create_message(
                zeep.service, "submitStampseudonymBatch", hpgnList=FOR_ZEEP
            )
            etree.tostring(message)

        def we_read() -> None:
            said = read_answer([ANSWER], ANSWERS, operation=RETRIEVE, message_id=NAME)
            ours._uitslag(said, Batch("1"))  # noqa: SLF001  # what is read

        response = requests.Response()
        response.status_code = 200
        response.headers["Content-Type"] = "text/xml; charset=utf-8"
        response._content = ANSWER  # noqa: SLF001  # as it comes in
        binding = zeep.service._binding  # noqa: SLF001  # as above

        def zeep_reads() -> None:
            binding.process_reply(zeep, binding.get("retrieveBatch"), response)

        clock = time.process_time
        # What zeep made before is not looked through again at our cost.
        gc.collect()
        gc.freeze()
        gate(
            "a call, times as cheap as zeep's",
            ratio(zeep_calls, our_calls, rounds=9, clock=clock),
            least=4.0,
        )
        print(f"  milliseconds a call, ours: {1000 * seconds(our_calls) / CALLS:.2f}")
        print(f"  milliseconds a call, zeep: {1000 * seconds(zeep_calls) / CALLS:.2f}")
        gate(
            f"a batch of {ITEMS} written, times as cheap as zeep's",
            ratio(zeep_writes, we_write, rounds=5, clock=clock),
            least=10.0,
        )
        print(f"  milliseconds to write it, ours: {1000 * seconds(we_write):.1f}")
        gate(
            f"a batch of {ITEMS} read, times as cheap as zeep's",
            ratio(zeep_reads, we_read, rounds=5, clock=clock),
            least=0.8,
        )
        print(f"  milliseconds to read it, ours: {1000 * seconds(we_read):.1f}")
    ours.close()


def standin_beside_bare(url: str, took: Callable[[], float]) -> None:
    """
    Compare the processor time of the stand-in with that of a server that only echoes.
    """
    body = envelope(
        STAMPSEUDONIEM,
        f"<hpgn>{HPGN.expose()}</hpgn>",
        to=url,
        oin=SCHOOL,
        message_id=NAME,
    )
    request = post(body)
    with (
        process(BARE) as (bare, bare_took),
        connect(url) as ours,
        connect(bare) as other,
    ):

        def costs(sock: object, clock: Callable[[], float]) -> float:
            begin = clock()
            for _ in range(10 * CALLS):
                sock.sendall(request)  # type: ignore[attr-defined]  # a socket
                read_http(sock)  # type: ignore[arg-type]  # as above
            return clock() - begin

        rounds = [(costs(ours, took), costs(other, bare_took)) for _ in range(5)]
    figure = sorted(one / two for one, two in rounds)[2]
    gate("a call to the stand-in, times a bare echo", figure, most=8.0)
    rate = 10 * CALLS / min(one for one, _ in rounds)
    print(f"  calls a second that one core answers: {rate:.0f}")


if __name__ == "__main__":
    with process(STANDIN) as (where, its_time):
        client_beside_zeep(where)
        standin_beside_bare(where, its_time)
