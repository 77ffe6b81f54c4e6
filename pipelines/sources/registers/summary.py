"""Result of a register import, in counts that add up."""

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
    """Fates of rows, counted while a file is read; see `RegisterSummary`."""

    read: int = 0
    kept: int = 0
    elsewhere: int = 0
    without_effect: int = 0


@dataclass(frozen=True, slots=True)
class RegisterSummary:
    """Result of a register import.

    Parameters
    ----------
    source
        The register.
    read, kept, elsewhere, without_effect, refused
        Rows read; rows entered into the ledger, about companies outside the portfolio, irrelevant to a
        ledger, and in quarantine. The last four add up to the first.
    found, not_found
        SIRENs of the portfolio that are in the register, and those that are not, sorted.
    ceased
        Those reported as ceased, sorted.
    new_proceedings
        Companies that a proceeding was entered about which the ledger did not know, sorted.
    unknown
        Unknown terms and their number of occurrences, for review.
    away
        Failed queries, and their reasons.
    currencies
        Currencies of the ledger, if amounts were entered.
    earlier
        Companies that an interrupted refresh had entered already; they are not among those read.
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
    earlier: int = 0

    @property
    def exit_code(self) -> int:
        """Exit code: 0 if no query failed and under 1 % of the relevant rows were refused, else 3."""
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
    """Summarise an import of proceedings.

    Parameters
    ----------
    about
        The companies reported.
    ledgers
        The ledger before and after.
    unknown
        Unknown terms and their number of occurrences.
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
    """Return the companies with a proceeding in `after` and not in `before`, sorted."""
    known = _proceedings(before)
    return tuple(sorted({siren for siren, *rest in _proceedings(after) if (siren, *rest) not in known}))


def _proceedings(ledger: Ledger) -> set[tuple[str, str, object]]:
    told = ledger.filings
    rows = told[told["kind"].isin(PROCEEDINGS) & told["siren"].notna() & told["withdrawn_on"].isna()]
    return set(zip(rows["siren"], rows["kind"], rows["judged_on"], strict=True))


def in_words(notices: Iterable[Notice]) -> dict[str, int]:
    """Count notices by their text, the most frequent first."""
    counted = Counter(one.detail or one.role for one in notices)
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
