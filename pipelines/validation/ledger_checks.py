"""Entry points of the checks for commands and the nightly run: by day, with the rules in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.ledger.files import fingerprint
from models.ledger.ledger import as_known_on, last_event
from pipelines.validation.checks import check_ledger, check_run, require_sound
from pipelines.validation.comparison import figures_of
from pipelines.validation.loading import load_rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from models.ledger.ledger import Ledger
    from pipelines.validation.results import CheckReport


def check_folder(
    ledger: Ledger,
    folder: Path,
    as_of: dt.date | None = None,
    suites: Path | None = None,
    *,
    accept: bool = False,
    docs: Path | None = None,
) -> CheckReport:
    """Check a ledger as known on a day, compare it with the last run and store the run.

    A ledger without events has no day, and is not compared.

    Parameters
    ----------
    folder
        The ledger's folder.
    as_of
        The day of the last event if None.
    suites
        A folder of custom rules; the packaged ones if None.

    Raises
    ------
    LedgerError
        The rules or the runs cannot be read, or something cannot be written.
    """
    rules = load_rules(suites)
    known = ledger if as_of is None else as_known_on(ledger, as_of)
    if as_of is None and not figures_of(ledger).newest:
        return check_ledger(known, rules, docs=docs)
    return check_run(
        known,
        folder,
        as_of or last_event(ledger),
        fingerprint(known),
        rules,
        only_until=as_of is not None,
        accept=accept,
        docs=docs,
    )


def night_check(
    folder: Path, as_of: dt.date, suites: Path | None = None, *, only_until: bool
) -> Callable[[Ledger], CheckReport]:
    """Return the nightly check, which stores its run and raises where the ledger cannot be scored.

    Parameters
    ----------
    as_of
        The day of the nightly run, to which its ledger is restricted.
    only_until
        Ignore runs of later days, as the day was chosen explicitly.
    """
    rules = load_rules(suites)

    def run(known: Ledger) -> CheckReport:
        return check_run(known, folder, as_of, fingerprint(known), rules, only_until=only_until)

    return lambda known: require_sound(known, run)
