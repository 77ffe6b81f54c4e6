"""Registers on this machine for a server that looks companies up in them."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from serving.usecases.register_lookup import Lookups
from tests.serving.registers.local_server import LocalServer, Reply, said, serving, settings_for
from tests.serving.registers.samples import ONE, a_judgment, a_ratio_row, found_company, search_answer

RECEIVERSHIP = "Jugement d'ouverture d'une procédure de redressement judiciaire"


def registers(
    company: dict[str, object] | None = None,
    notices: tuple[dict[str, object], ...] = (),
    years: tuple[dict[str, object], ...] = (),
) -> Callable[[str], Reply]:
    """Answer by path: the company search, the notices, the ratios."""

    def reply(path: str) -> Reply:
        if path.startswith("/search"):
            return said(search_answer(*([] if company is None else [company])))
        return said({"results": list(notices if "annonces-commerciales" in path else years)})

    return reply


def sound(siren: str = ONE, **more: object) -> Callable[[str], Reply]:
    """Registers that know a company in good standing, with two years of accounts."""
    years = (a_ratio_row("2023-12-31", siren, chiffre_d_affaires=1_100_000), a_ratio_row("2024-12-31", siren))
    return registers(found_company(siren, **more), (), years)


def insolvent(siren: str = ONE) -> Callable[[str], Reply]:
    """The same company under a receivership."""
    return registers(
        found_company(siren), (a_judgment(1, RECEIVERSHIP, "2026-01-05", "2026-01-08", siren),), ()
    )


@contextmanager
def asked(
    by_path: Callable[[str], Reply], folder: Path, *, online: bool = True, patience_s: float = 5.0
) -> Iterator[tuple[Lookups, LocalServer]]:
    """Look up in registers of this machine, answers kept in a folder, within the block."""
    with serving(by_path=by_path) as server:
        lookups = Lookups(settings_for(server.url, folder), online=online, patience_s=patience_s)
        try:
            yield lookups, server
        finally:
            lookups.close()


def today() -> dt.date:
    """Return the day on which answers are fetched."""
    return dt.datetime.now(dt.UTC).date()
