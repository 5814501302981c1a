"""
The page of the stand-in: a client that only follows it gets what it shows.
"""

import re
from pathlib import Path
from typing import Final

import pytest
from certificates import SCHOOL
from standins import ask, post, running

from eckid.service.messages import OPERATIONS, envelope
from eckid.service.standin import Gedrag

PAGE: Final = Path(__file__).parents[2] / "docs/reference/stand-in.md"
TEXT: Final = PAGE.read_text("utf-8")
_EXAMPLE: Final = re.compile(
    r"^### (\w+)\n.*?```xml\n(.*?)\n```\n\n```xml\n(.*?)\n```", re.DOTALL | re.MULTILINE
)


def _flat(text: str) -> str:
    return re.sub(r"\n *", "", text)


def test_each_operation_answers_as_the_page_shows() -> None:
    """
    In the order of the page, all nine; … stands for what differs each time.
    """
    examples = _EXAMPLE.findall(TEXT)
    assert [name for name, _, _ in examples] == list(OPERATIONS)
    batch: list[str] = []
    with running() as at:
        for name, asked, answered in examples:
            shown = _flat(asked)
            if "<batchIdentifier>…<" in shown:
                shown = shown.replace("…", batch[0])
            empty = envelope(
                OPERATIONS[name], "", to=at.url, oin=SCHOOL, message_id="uuid:1"
            ).decode()
            first, last = empty.index("<soap:Body>") + 11, empty.index("</soap:Body>")
            found = ask(at.url, post(f"{empty[:first]}{shown}{empty[last:]}".encode()))
            said = found.body.decode()
            body = said[said.index("<soap:Body>") + 11 : said.index("</soap:Body>")]
            form = re.escape(_flat(answered)).replace("…", "[^<]+")
            assert re.fullmatch(form, body), name
            batch += re.findall("<batchIdentifier>(.*?)<", body)


def test_the_message_of_the_page_is_answered() -> None:
    """
    The whole envelope, as it stands there.
    """
    (message,) = re.findall(r"```xml\n(<soap:Envelope.*?)\n```", TEXT, re.DOTALL)
    with running() as at:
        assert ask(at.url, post(message.encode())).status == 200


@pytest.mark.parametrize("name", Gedrag.__slots__)
def test_each_behaviour_is_on_the_page(name: str) -> None:
    """
    By the name that the command line takes.
    """
    assert re.search(rf"^\|.*`{name.replace('_', '-')}`.* \|", TEXT, re.MULTILINE)
