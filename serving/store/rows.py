"""Frozen rows written to and read from the store.

Owns the shapes only; they know no SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal

from serving.store.dossiers import Dossier

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from models.features.state_schema import StateVector

Action = Literal["requested", "promoted", "refused", "rolled_back"]
ACTIONS: tuple[Action, ...] = ("requested", "promoted", "refused", "rolled_back")
CHANGES: tuple[Action, ...] = ("promoted", "rolled_back")
"""Actions that change the champion."""


@dataclass(frozen=True, slots=True)
class RunKey:
    """Identity of a nightly run: day, models, policy, data, and the schema of its states.

    Parameters
    ----------
    state_schema
        The hash of the schema of its states.
    """

    as_of: dt.date
    late_model: str
    default_model: str
    policy_hash: str
    data_hash: str
    state_schema: str


@dataclass(frozen=True, slots=True)
class Run:
    """One scoring of the whole portfolio.

    Parameters
    ----------
    complete
        Whether it was published once; it then takes no more partitions.
    published
        Whether it is the published run. A complete run replaced by another is published again by
        `Store.publish`, without computation.
    context
        Context published with it, as JSON values; None until it is complete.
    """

    run_id: int
    key: RunKey
    started_at: dt.datetime
    published_at: dt.datetime | None
    complete: bool
    published: bool
    context: dict[str, Any] | None


@dataclass(frozen=True, slots=True, eq=False)
class CustomerRow:
    """Result of a run for one customer.

    Parameters
    ----------
    party
        `models.assessment.party.Party` as plain JSON values.
    state
        The customer's state, in the run's schema; its numbers are restored bit for bit.
    assessment
        `Assessment.figures()`, or `Assessment.document()` in runs of an earlier version; floats are restored
        exactly.
    pd_12m, p_late30
        Probabilities in [0, 1]; the one of default is 1 during a proceeding, and is then not shown.
    open_eur, overdue_eur
        Exposure; open amount of invoices past their due date, disputed or not.
    proceeding
        The open insolvency proceeding: safeguard, receivership or liquidation; None where there is none.
    sector
        The NAF division, such as `43`; None where it is unknown, and in runs of an earlier version.
    review_on
        The day by which somebody looks at the customer again; None in runs of an earlier version.
    expected_loss_eur
        Expected loss of 12 months; None in runs of an earlier version.
    dossier
        The customer's past; it is written, and read by `Store.customer_file` only.
    on_account_eur
        Payments and credit notes not matched with any open invoice, below 0; derived from the exposure and
        the open invoices.
    announced_grade
        The grade that alerts compare, of `models.policy.bands.announced_grade`; None in runs of an earlier
        version.
    region, insurer
        Of `models.ledger.regions` and `models.ledger.insurers`; None where unknown, and in runs of an earlier
        version. They and the party's group are written, and read by `Store.positions` only.
    in_default
        Whether its legal entity is in default, by a proceeding, by long arrears or by a write-off. It is
        written, and read by `Store.grade_paths` only.
    """

    customer_id: str
    name: str | None
    siren: str | None
    party: Mapping[str, Any]
    state: StateVector
    assessment: Mapping[str, Any]
    pd_12m: float
    p_late30: float
    grade: str
    limit_eur: float
    open_eur: float
    overdue_eur: float
    proceeding: str | None = None
    sector: str | None = None
    review_on: dt.date | None = None
    expected_loss_eur: float | None = None
    dossier: Dossier = field(default_factory=Dossier)
    on_account_eur: float = 0.0
    announced_grade: str | None = None
    region: str | None = None
    insurer: str | None = None
    in_default: bool = False

    def summary(self) -> CustomerSummary:
        """Return its line of a list."""
        return summary_of({field.name: getattr(self, field.name) for field in fields(CustomerSummary)})


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """Result of a run for one open invoice: amounts in euros, days late as a distribution.

    Parameters
    ----------
    days_overdue
        Days past the due date, days in dispute not counted; 0 or less where it is not due.
    disputed
        Whether it is in dispute now. Both are None in runs that an earlier version wrote.
    """

    invoice_id: str
    customer_id: str
    issued_on: dt.date
    due_on: dt.date
    amount_eur: float
    open_eur: float
    p_late30: float
    days_late_p10: float
    days_late_p50: float
    days_late_p90: float
    days_overdue: int | None = None
    disputed: bool | None = None


@dataclass(frozen=True, slots=True)
class CustomerSummary:
    """One line of a list of customers; the amount on account explains an overdue amount above the exposure.

    Parameters
    ----------
    pd_12m
        None during an insolvency proceeding: an event that occurred has no probability.
    proceeding
        The open insolvency proceeding: safeguard, receivership or liquidation; None where there is none.
    sector
        The NAF division, such as `43`; None where it is unknown, and in runs of an earlier version.
    review_on
        The day by which somebody looks at the customer again; None in runs of an earlier version.
    expected_loss_eur
        Expected loss of 12 months; None in runs of an earlier version.
    """

    customer_id: str
    name: str | None
    siren: str | None
    pd_12m: float | None
    p_late30: float
    grade: str
    limit_eur: float
    open_eur: float
    overdue_eur: float
    on_account_eur: float = 0.0
    proceeding: str | None = None
    sector: str | None = None
    review_on: dt.date | None = None
    expected_loss_eur: float | None = None


def summary_of(columns: Mapping[str, Any]) -> CustomerSummary:
    """Build a line of a list from its stored columns."""
    return CustomerSummary(**{**columns, "pd_12m": None if columns["proceeding"] else columns["pd_12m"]})


@dataclass(frozen=True, slots=True, eq=False)
class StoredCustomer:
    """A customer in the published run, with the run and its day."""

    run_id: int
    as_of: dt.date
    row: CustomerRow


@dataclass(frozen=True, slots=True)
class PromotionEntry:
    """A change of a model version's status.

    Parameters
    ----------
    version, model_version
        The version's number in the registry and its hash: after `promoted` and `rolled_back` the one that
        answers from then on.
    who, second
        Who did it, and who completed it where two persons are needed.
    previous
        The version that answered before, None where none did.
    verdict
        The gate's verdict, as JSON values.
    """

    target: str
    version: int
    model_version: str
    action: Action
    who: str
    reason: str = ""
    second: str | None = None
    previous: int | None = None
    verdict: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion(PromotionEntry):
    """An entry of the history."""

    promotion_id: int
    at: dt.datetime
