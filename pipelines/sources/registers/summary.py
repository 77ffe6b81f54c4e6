"""What reading a register did, in counts that add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.ledger.tables import PROCEEDINGS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from models.ledger.ledger import Ledger
    from pipelines.sources.registers.files import Refused
    from serving.registers.notices import Notice

ACCEPTABLE_SHARE = 0.01


@dataclass(slots=True)
class RegisterTally:
    """Where rows went, counted while a file is read; see `RegisterSummary`."""

    read: int = 0
    kept: int = 0
    elsewhere: int = 0
    without_effect: int = 0


@dataclass(frozen=True, slots=True)
class RegisterSummary:
    """What reading a register did.

    Parameters
    ----------
    source
        The register.
    read, kept, elsewhere, without_effect, refused
        Rows read; those that reached the ledger, are about companies outside the portfolio, say nothing that
        a ledger holds, and lie in quarantine. The last four add up to the first.
    found, not_found
        SIRENs of the portfolio that the register holds, and those it does not, sorted.
    ceased
        Those that it says have ceased, sorted.
    new_proceedings
        Companies that a proceeding was entered about which the ledger did not know, sorted.
    unknown
        What was not understood, in its own words, and how often: a person must look.
    away
        What could not be asked, and why.
    currencies
        What the ledger counts in now, where amounts were entered.
    """

    source: str
    read: int = 0
    kept: int = 0
    elsewhere: int = 0
    without_effect: int = 0
    refused: int = 0
    quarantine_files: tuple[Path, ...] = ()
    found: int = 0
    not_found: tuple[str, ...] = ()
    ceased: tuple[str, ...] = ()
    new_proceedings: tuple[str, ...] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)
    away: Mapping[str, str] = field(default_factory=dict)
    currencies: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 where all was asked and under 1 % of what concerns the portfolio was refused, else 3."""
        concerned = max(self.read - self.elsewhere, 1)
        return 3 if self.away or (self.refused and self.refused >= ACCEPTABLE_SHARE * concerned) else 0


def entered(
    source: str,
    tally: RegisterTally,
    refused: Refused,
    about: Collection[str],
    ledgers: tuple[Ledger, Ledger],
    unknown: Mapping[str, int],
) -> RegisterSummary:
    """Sum up what files told of proceedings.

    Parameters
    ----------
    about
        The companies told of.
    ledgers
        The ledger before and after.
    unknown
        What was not understood, and how often.
    """
    return RegisterSummary(
        source=source,
        read=tally.read,
        kept=tally.kept,
        elsewhere=tally.elsewhere,
        without_effect=tally.without_effect,
        refused=refused.rows,
        quarantine_files=refused.files,
        found=len(set(about)),
        new_proceedings=new_proceedings(*ledgers),
        unknown=unknown,
    )


def new_proceedings(before: Ledger, after: Ledger) -> tuple[str, ...]:
    """Return the companies with a proceeding in `after` that `before` does not hold, sorted."""
    known = _proceedings(before)
    return tuple(sorted({siren for siren, *rest in _proceedings(after) if (siren, *rest) not in known}))


def _proceedings(ledger: Ledger) -> set[tuple[str, str, object]]:
    told = ledger.filings
    rows = told[told["kind"].isin(PROCEEDINGS) & told["siren"].notna() & told["withdrawn_on"].isna()]
    return set(zip(rows["siren"], rows["kind"], rows["judged_on"], strict=True))


def in_words(notices: Iterable[Notice]) -> dict[str, int]:
    """Count notices by their own words, the commonest first."""
    counted = Counter(one.detail or one.role for one in notices)
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
