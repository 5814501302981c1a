"""
Spoilt lists: `eckid check` names what is wrong and what to do, as its page shows.
"""

import re
from pathlib import Path
from typing import Final

import pytest
from spoilt import SPOILT, spoil

from eckid.cli.app import run

_PAGE: Final = Path(__file__).parents[2] / "docs/reference/class-lists.md"
_ROW: Final = re.compile(
    r"^\| `([a-z0-9-]+\.[a-z]+)` \| [^|]+ \| `([^`|]+)` \|$", re.MULTILINE
)
_SAID: Final = dict(_ROW.findall(_PAGE.read_text("utf-8")))


def test_the_page_has_a_row_for_each_spoilt_list() -> None:
    """
    No message is shown that no list gives, and none is kept back.
    """
    assert list(_SAID) == list(SPOILT)
    assert len(SPOILT) >= 40


@pytest.mark.parametrize("name", SPOILT)
def test_check_says_what_is_wrong_and_what_to_do(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    A list that is refused, or of which a row is, is never said to be fine.
    """
    spoil(tmp_path)
    code = run(["check", str(tmp_path / name)])
    out, err = capfd.readouterr()
    assert _SAID[name] in out + err
    assert (code == 3) is bool(err)
    assert ("to do: correct the refused rows" in out) is (code == 1)
    assert code or "told" in out
    # The page and the message are read by others than the school.
    assert not any(number in out + err for number in ("111222333", "123456782"))
