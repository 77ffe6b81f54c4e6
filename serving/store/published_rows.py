"""Frozen rows published by a nightly run besides the scores: alerts, worklist, a customer's file.

Owns the shapes only; they know no SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from serving.store.dossiers import Dossier

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from serving.store.record_rows import Override
    from serving.store.rows import CustomerSummary, InvoiceRow, StoredCustomer


@dataclass(frozen=True, slots=True)
class AlertRow:
    """Change of a customer since the previous run, and its cause.

    Parameters
    ----------
    severity
        `high`, `medium` or `low`.
    cause
        Main cause of the change: `data`, `model` or `policy`.
    kinds
        Kinds of changes, of `models.portfolio.changes.KINDS`.
    before, after
        The figures compared, as JSON values.
    effects
        By figure, the parts that data, model and policy have in its change; they sum to the whole.
    separable
        Whether the causes could be separated; else the whole counts as data.
    events
        `models.portfolio.change_events.ChangeEvent.document()` of what happened since the previous run, the
        most telling first; empty in alerts of an earlier version.
    because_fr, because_en
        The events as a sentence; empty in alerts of an earlier version.
    """

    customer_id: str
    name: str | None
    severity: str
    cause: str
    kinds: tuple[str, ...]
    open_eur: float
    sentence_fr: str
    sentence_en: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    effects: Mapping[str, Mapping[str, float]]
    separable: bool = True
    events: tuple[Mapping[str, Any], ...] = ()
    because_fr: str = ""
    because_en: str = ""


@dataclass(frozen=True, slots=True)
class CustomerEvidence:
    """Open invoices and history of a customer in one run; both empty where the run lacks it."""

    invoices: tuple[InvoiceRow, ...] = ()
    dossier: Dossier = field(default_factory=Dossier)


@dataclass(frozen=True, slots=True)
class WorklistRow:
    """A customer on the worklist.

    Parameters
    ----------
    place
        Its rank by the euros that a call can still save, from 1.
    tone
        The proposed step, of `models.portfolio.worklist.PROPOSALS`.
    line
        `models.portfolio.worklist.WorklistLine.document()`.
    """

    place: int
    customer_id: str
    name: str | None
    tone: str
    at_risk_eur: float
    overdue_eur: float
    line: Mapping[str, Any]

    @property
    def saveable_eur(self) -> float:
        """Euros that a call can still save; in runs of an earlier version, those at risk."""
        return float(self.line.get("saveable_eur", self.at_risk_eur))


@dataclass(frozen=True, slots=True)
class WorklistSelection:
    """Which lines of a worklist are read, and which come first.

    Parameters
    ----------
    tones
        The proposals wanted; all where None.
    assignee
        Customers of this user only.
    parked, broken
        Places of the lines that wait for their day, and of those that come first.
    is_parked
        The lines that wait, in place of the others.
    """

    tones: tuple[str, ...] | None = None
    assignee: str | None = None
    parked: frozenset[int] = frozenset()
    broken: frozenset[int] = frozenset()
    is_parked: bool = False


EVERY_LINE = WorklistSelection()


@dataclass(frozen=True, slots=True)
class WorklistEntry:
    """A worklist entry with its customer's summary, read in one transaction."""

    row: WorklistRow
    summary: CustomerSummary


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """Result of one stored run for a customer."""

    run_id: int
    as_of: date
    pd_12m: float | None
    p_late30: float
    grade: str
    limit_eur: float
    open_eur: float
    overdue_eur: float
    on_account_eur: float = 0.0
    proceeding: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CustomerFile:
    """All stored data on a customer, read in one transaction.

    Parameters
    ----------
    context
        Context published with the run.
    last_override_id
        The newest entry of the overrides' history, for any customer; 0 without any.
    """

    stored: StoredCustomer
    context: Mapping[str, Any]
    invoices: tuple[InvoiceRow, ...]
    history: tuple[HistoryPoint, ...]
    dossier: Dossier
    overrides: tuple[Override, ...] = ()
    alert: AlertRow | None = None
    to_chase: WorklistRow | None = None
    last_override_id: int = field(default=0)
