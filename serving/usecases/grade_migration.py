"""Show how grades migrate over the published nights, and how the invoices of past quarters were paid.

Owns where they come from: the nights that are kept, and the published night's vintages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.portfolio.migration_report import HORIZON_MONTHS, migration_report
from serving.usecases.subjects import published_run

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from models.portfolio.migration_report import MigrationReport
    from serving.store import Run, Store


@dataclass(frozen=True, slots=True)
class GradeMigration:
    """Migration and vintages up to a run.

    Parameters
    ----------
    report
        None where an earlier version published every night.
    vintages
        Of `models.portfolio.vintages.Vintages.documents`; empty in a night of an earlier version.
    """

    run: Run
    report: MigrationReport | None
    vintages: Sequence[Mapping[str, Any]]

    def document(self) -> dict[str, Any]:
        """Return both as plain JSON values."""
        return {
            "run_id": self.run.run_id,
            "as_of": self.run.key.as_of.isoformat(),
            "migration": None if self.report is None else self.report.document(),
            "vintages": [dict(one) for one in self.vintages],
        }


def grade_migration(
    store: Store, run: Run | None = None, since: dt.date | None = None, horizon_months: int = HORIZON_MONTHS
) -> GradeMigration:
    """Return the migration up to a run, the published one where None.

    Raises
    ------
    NotPublishedError
        No run is published yet.
    MigrationPeriodError
        `since` is after the last night, or the horizon is not within its bounds.
    """
    found = published_run(store) if run is None else run
    nights = store.grade_nights(found.key.as_of)
    report = None
    if nights:
        report = migration_report(nights, store.grade_paths(found.key.as_of), since, horizon_months)
    portfolio = store.portfolio(found.run_id) or {}
    return GradeMigration(found, report, portfolio.get("vintages", ()))
