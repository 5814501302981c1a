"""
The options that name the national service, and the source that they become.
"""

import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

from eckid import Keten, Sector, Sleutelbos
from eckid._core.bounds import WORDS
from eckid._core.foreign import foreign
from eckid.cli import opening, show, stopping
from eckid.cli.options import PATH, Option, becoming
from eckid.errors import RequestError
from eckid.exchange import Bron, Ringbron
from eckid.service import (
    Dienstbron,
    Grenzen,
    SoapNummervoorziening,
    Tijden,
    Toegang,
    aanvragen_at,
)

_RELEASES: Final = ("201703", "pilot")
_FILES: Final = ("cert", "key", "ca", "key_password_file")
_TEXTS: Final = ("service", "oin", *_FILES, "service_release")
_NUMBERS: Final = ("batch", "per_day")
_TIMES: Final = tuple(field.name for field in fields(Tijden))


class Dienst(NamedTuple):
    """
    The service that the options name, and how much may be asked of it.
    """

    dienst: SoapNummervoorziening
    tijden: Tijden
    batch: int | None
    per_day: int | None

    @property
    def rehearsal(self) -> bool:
        """
        Whether its ketenIDs are those of the pilot service, or look so.
        """
        return self.dienst.release == "pilot"

    @contextmanager
    def bron(
        self,
        journal: Path,
        sleutelbos: Sleutelbos,
        **where: Any,  # noqa: ANN401  # keten and sector
    ) -> Iterator[Dienstbron]:
        """
        Open the journal of batches for the block, and give the source.
        """
        if self.batch is None or self.per_day is None:
            raise click.UsageError(
                "--batch, --per-day: expected both, for the limits of the service are "
                "not public: your agreement or its helpdesk says them"
            )
        with aanvragen_at(journal, sleutelbos=sleutelbos) as aanvragen:
            yield Dienstbron(
                self.dienst,
                **where,
                grenzen=Grenzen(batch=self.batch, per_day=self.per_day),
                tijden=self.tijden,
                aanvragen=aanvragen,
                wait=waiting,
                tell=_asking,
            )


@contextmanager
def source(
    dienst: Dienst | None,
    sleutelbos: Sleutelbos,
    keten: Keten | None = None,
    sector: Sector | None = None,
    *,
    journal: Path,
    release: str | None = None,
) -> Iterator[Bron]:
    """
    Give the source of pseudonyms for the block: the ring, or the service.
    """
    if dienst is None:
        yield Ringbron(sleutelbos, keten=keten, sector=sector, release=release)
        return
    with dienst.bron(journal, sleutelbos, keten=keten, sector=sector) as bron:
        yield bron


def _asking(many: int) -> None:
    show.warn(f"asking the service: a batch of {many}")


def waiting(seconds: float) -> None:
    """
    Wait for the service, and say so.
    """
    show.warn(f"the service has not finished: waiting {seconds:g} seconds")
    time.sleep(seconds)
    stopping.check()


def _dienst(service_config: Path | None, **given: Any) -> Dienst | None:  # noqa: ANN401  # the options
    said = {} if service_config is None else _read(service_config)
    given["oin"] = given.pop("school")
    said |= {name: value for name, value in given.items() if value is not None}
    if not said:
        return None
    meta = click.get_current_context().meta
    # They count as read, so that no command writes over them.
    meta.update({f"eckid.{n}": Path(said[n]) for n in _FILES if n in said})
    for name in ("service", "oin"):
        if name not in said:
            raise click.UsageError(f"--{name}: the service needs it")
    tijden = Tijden(**{name: said[name] for name in _TIMES if name in said})
    dienst = SoapNummervoorziening(
        said["service"],
        oin=said["oin"],
        toegang=_toegang(said),
        release=said.get("service_release", _RELEASES[0]),
        tijden=tijden,
    )
    click.get_current_context().call_on_close(dienst.close)
    return Dienst(dienst, tijden, said.get("batch"), said.get("per_day"))


def _toegang(said: Mapping[str, Any]) -> Toegang | None:
    found = {name: Path(said[name]) for name in ("cert", "key", "ca") if name in said}
    if not found:
        return None
    if len(found) < 3:
        raise click.UsageError("--cert, --key, --ca: expected all three")
    words = said.get("key_password_file")
    password = None
    if words is not None:
        password = opening.passphrase(None, Path(words))
    return Toegang.load(**found, password=password)


def _read(path: Path) -> dict[str, Any]:
    """
    Return what the file of a connection says, by the names of the options.

    Its paths are relative to the folder that it stands in.

    Raises:
        eckid.errors.ExchangeError: If it is too long.
        eckid.errors.RequestError: If it is not TOML, or says something else.
    """
    octets = opening.octets_in(path, WORDS)
    ours = RequestError(f"{path.name}: expected TOML in UTF-8, got other text")
    with foreign(ours, ValueError, RecursionError):
        found = tomllib.loads(octets.decode("utf-8"))
    said: dict[str, Any] = {}
    for key, value in found.items():
        name = key.replace("-", "_")
        kinds: tuple[type, ...] = (str,) if name in _TEXTS else (int,)
        kinds = (int, float) if name in _TIMES else kinds
        if name not in {*_TEXTS, *_NUMBERS, *_TIMES} or type(value) not in kinds:
            raise RequestError(
                f"{path.name}: expected the names of the options of a service, each "
                "with a text or a number; got another name or value"
            )
        said[name] = str(path.parent / value) if name in _FILES else value
    return said


def _file(name: str, help: str) -> Option:
    return click.option(name, type=PATH, help=help)


_CONNECTION: Final[dict[str, Option]] = {
    "service": click.option(
        "--service", metavar="URL", help="The national service, or a stand-in for it."
    ),
    # Another option of a release is called oin inside.
    "school": click.option(
        "--oin", "school", metavar="OIN", help="The OIN of the school: 20 characters."
    ),
    "cert": _file("--cert", "The client certificate for the service, as PEM."),
    "key": _file("--key", "The private key of that certificate, as PEM."),
    "ca": _file("--ca", "The root that the service's own certificate stands under."),
    "key_password_file": _file(
        "--key-password-file", "The file that holds the password of the private key."
    ),
    "service_release": click.option(
        "--service-release",
        type=click.Choice(_RELEASES),
        help="The release of the ketenIDs of the service; by default 201703.",
    ),
    "service_config": _file(
        "--service-config", "A TOML file with these options, without the hyphens."
    ),
}
_LIMITS: Final[dict[str, Option]] = {
    "batch": click.option(
        "--batch",
        type=click.IntRange(min=1),
        help="How many persons go in one batch; the service's limit is not public.",
    ),
    "per_day": click.option(
        "--per-day",
        type=click.IntRange(min=1),
        help="How many batches may go on one day; the limit is not public either.",
    ),
}


def _needed(**given: Any) -> Dienst:  # noqa: ANN401  # as `_dienst` takes it
    made = _dienst(**given)
    if made is None:
        raise click.UsageError("--service, --service-config: expected one")
    return made


DIENST: Final = becoming("dienst", _needed, **_CONNECTION)
DIENST_OR_NONE: Final = becoming("dienst", _dienst, **_CONNECTION, **_LIMITS)
CONNECTION_OR_NONE: Final = becoming("dienst", _dienst, **_CONNECTION)
