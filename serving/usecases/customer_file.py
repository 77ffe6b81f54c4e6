"""A customer's whole file as one document: what the store knows, with what is in force on a day.

Owns putting it together; reading it in one transaction is the store's.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from models.assessment.assessment import CreditRequest, CustomerState, completed, is_figures
from models.assessment.party import Party
from models.assessment.related_exposure import other_numbers
from models.errors import CreditError
from models.ledger.outside_scores import scales
from models.policy.credit_case import case_of
from models.policy.decision.available_credit import available_credit
from models.policy.overrides import effective, set_by_hand
from models.portfolio.aging import OpenItem, aged_balance
from models.portfolio.worklist import STAGE_OF
from serving.usecases.subjects import unknown_customer

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from models.policy.document import Policy
    from models.policy.overrides import InForce
    from models.portfolio.collection_actions import CollectionAction
    from serving.store import AlertRow, CustomerFile, OutsideScore, Store, WorklistRow
    from serving.usecases.assessors import AssessorSource, CreditAssessor
    from serving.usecases.old_versions import OldVersions

LATEST_ACTIONS = 5
"""Actions that a customer's page shows."""


@dataclass(frozen=True, slots=True)
class CustomerFiles:
    """A customer's file, what is in force today, and what would improve the answer.

    Where the models cannot be asked now, what the night published is shown all the same.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    assessors
        Where the assessor in use comes from.
    versions
        Finds the models and the policy of the night.
    today
        Returns the day on which overrides are in force.
    """

    store: Callable[[], Store]
    assessors: AssessorSource
    versions: OldVersions
    today: Callable[[], dt.date]

    def find(self, customer_id: str) -> CustomerFile:
        """Return a customer's file, with the reasons of its assessment and the terms of its limit.

        A night stores figures; reasons and terms follow from the state, the models and the policy, and are
        computed when they are read. There are none where a model or the policy of the night is gone.

        Raises
        ------
        UnknownCustomerError
            The portfolio does not hold the customer.
        """
        found = find_file(self.store(), customer_id)
        stored, own = found.stored, found.stored.row.assessment
        if not is_figures(own):
            return found
        row = replace(stored.row, assessment=completed(own, self._again(found)))
        return replace(found, stored=replace(stored, row=row))

    def _again(self, found: CustomerFile) -> dict[str, Any] | None:
        """Compute the night's assessment again; None where that is impossible."""
        stored, row = found.stored, found.stored.row
        late, default = row.assessment["p_late30"]["model_version"], row.assessment["default_model"]
        state = CustomerState.of_run(row.party, stored.as_of, row.state, row.open_eur, found.context)
        try:
            assessor = self.versions.assessor(late, default, row.assessment["policy_hash"])
            return None if assessor is None else assessor.assess(state, CreditRequest()).document()
        except CreditError:
            return None

    def in_force(self, found: CustomerFile) -> dict[str, Any]:
        """Return the limit and the grade in force with the models' own, as JSON values.

        Where no assessor can be had now, a grade that was set leaves the limit as it is.
        """
        assessor = self.assessor()
        policy = None if assessor is None else assessor.policy
        return effective(found.stored.row.assessment, found.overrides, self.today(), policy).document()

    def changes(self, found: CustomerFile) -> list[dict[str, Any]] | None:
        """Return the few changes that would improve the answer; None where no assessor can be had now."""
        assessor = self.assessor()
        return None if assessor is None else counterfactuals_of(found, assessor, self.today())

    def available(self, found: CustomerFile, in_force: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return what the customer may order now; None where no assessor can be had now.

        Parameters
        ----------
        in_force
            As `in_force` returns it.
        """
        assessor = self.assessor()
        if assessor is None:
            return None
        return available_document(found.stored.row.assessment, in_force, assessor.policy)

    def actions(self, customer_id: str) -> tuple[CollectionAction, ...]:
        """Return the latest actions about the customer's debts, the newest first."""
        return self.store().actions(customer_id, LATEST_ACTIONS, 0).items

    def assessor(self) -> CreditAssessor | None:
        """Return the assessor in use; None where none can be had now."""
        try:
            return self.assessors.get()
        except CreditError:
            return None


def find_file(store: Store, customer_id: str) -> CustomerFile:
    """Return a customer's file as published: its assessment may lack reasons and limit terms.

    Raises
    ------
    UnknownCustomerError
        The portfolio does not hold it.
    """
    found = store.customer_file(customer_id)
    if found is None:
        raise unknown_customer(customer_id)
    return found


def available_document(
    assessment: Mapping[str, Any], in_force: Mapping[str, Any], policy: Policy
) -> dict[str, Any] | None:
    """Return what may be ordered now by an assessment's document; None where an early version wrote it.

    Parameters
    ----------
    in_force
        The document of the limit and the grade in force.
    """
    try:
        case = case_of(assessment)
    except CreditError:
        return None
    approved_eur, _ = set_by_hand(in_force, policy)
    default = assessment["pd_12m"]
    return available_credit(
        replace(case, grade=in_force["grade"]),
        policy,
        in_force["limit_eur"],
        approved_eur=approved_eur,
        confidence=None if default is None else default["confidence"],
    ).document()


def counterfactuals_of(found: CustomerFile, assessor: CreditAssessor, today: dt.date) -> list[dict[str, Any]]:
    """Ask the models and the policy what would move the answer, an analyst's limit counted in."""
    from models.assessment.counterfactuals import counterfactuals  # noqa: PLC0415  # pandas and the features are heavy

    row, stored = found.stored.row, found.stored
    state = CustomerState.of_run(row.party, stored.as_of, row.state, row.open_eur, found.context)
    counts = effective(row.assessment, found.overrides, today, assessor.policy)
    limit = counts.limit_eur if counts.limit_from == "override" else None
    return [one.document() for one in counterfactuals(assessor, state, CreditRequest(), override_eur=limit)]


def file_document(
    found: CustomerFile,
    today: dt.date,
    policy: Policy,
    counterfactuals: Sequence[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return the file as values that JSON knows, dates as dates.

    Parameters
    ----------
    today
        On which overrides are in force.
    policy
        By which overrides count.
    counterfactuals
        Where they were asked for.
    """
    stored = found.stored
    counts = effective(stored.row.assessment, found.overrides, today, policy)
    return {
        "as_of": stored.as_of,
        "run_id": stored.run_id,
        "summary": asdict(stored.row.summary()),
        "assessment": stored.row.assessment,
        "in_force": counts.document(),
        "available": available_document(stored.row.assessment, counts.document(), policy),
        "exposure": exposure_document(found, counts),
        "entity": entity_document(found),
        "aged_balance": aged_document(found),
        "invoices": [asdict(invoice) for invoice in found.invoices],
        "history": [asdict(point) for point in found.history],
        "paid": [asdict(invoice) for invoice in found.dossier.paid],
        "filings": [asdict(event) for event in found.dossier.filings],
        "signals": [asdict(event) for event in found.dossier.signals],
        "outside_scores": [outside_document(one) for one in found.dossier.outside],
        "overrides": [override.document() for override in found.overrides],
        "change": None if found.alert is None else alert_document(found.alert),
        "to_chase": None if found.to_chase is None else worklist_document(found.to_chase),
        "counterfactuals": counterfactuals,
    }


def exposure_document(found: CustomerFile, counts: InForce) -> dict[str, float | None]:
    """Return what the customer owes against the limit in force."""
    row, limit = found.stored.row, counts.limit_eur
    return {
        "open_eur": row.open_eur,
        "overdue_eur": row.overdue_eur,
        "on_account_eur": row.on_account_eur,
        "limit_eur": limit,
        "available_eur": max(round(limit - max(row.open_eur, 0.0), 2), 0.0),
        "limit_use": row.open_eur / limit if limit else None,
    }


def entity_document(found: CustomerFile) -> dict[str, Any] | None:
    """Return the other customer numbers of the legal entity and what all owe; None where it has no other."""
    row = found.stored.row
    others = other_numbers(Party.from_document(row.party), found.context)
    if not others:
        return None
    owed = [row.open_eur, *(one.open_eur for one in others)]
    return {
        "open_eur": round(sum(max(eur, 0.0) for eur in owed), 2),
        # What has happened has no probability.
        "others": [{**one.document(), **({"pd_12m": None} if one.in_default else {})} for one in others],
    }


def aged_document(found: CustomerFile) -> dict[str, float]:
    """Return the customer's aged balance; what no invoice has taken makes it up to what is owed."""
    items = [
        OpenItem(i.customer_id, i.due_on, round(i.open_eur * 100), bool(i.disputed)) for i in found.invoices
    ]
    on_account = round(found.stored.row.open_eur * 100) - sum(item.open_cents for item in items)
    return aged_balance(items, found.stored.as_of, on_account).document()


def outside_document(one: OutsideScore) -> dict[str, Any]:
    """Return what somebody else says of a customer, with the ends of its scale."""
    scale = scales()[one.scale]
    safety = scale.safety(one.score)
    return {
        **asdict(one),
        "label_fr": scale.label_fr,
        "label_en": scale.label_en,
        "worst": scale.worst,
        "best": scale.best,
        "safety": None if safety is None else round(safety, 4),
    }


def alert_document(row: AlertRow) -> dict[str, Any]:
    """Return an alert as plain JSON values."""
    return asdict(row)


def worklist_document(row: WorklistRow) -> dict[str, Any]:
    """Return a line of the worklist as plain JSON values, with its place."""
    derived = {"stage": STAGE_OF[row.tone], "saveable_eur": row.saveable_eur}
    return {"place": row.place, **derived, **row.line}
