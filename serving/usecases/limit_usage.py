"""Where customers of a list stand: the limit in force, its use, and who is over it.

Owns that a list tells of a limit and a grade what the page of a customer tells. What a person may decide is
`models.policy.overrides`'; overrides in force are few, so a list reads them once, and the answers of
their customers with one question more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.errors import CreditError
from models.policy.overrides import effective
from serving.store import CustomerQuery, ForcedFigures
from serving.usecases.subjects import published_run

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Mapping

    from models.policy.document import Policy
    from models.policy.overrides import InForce
    from serving.store import AlertRow, CustomerSummary, Override, Run, Store
    from serving.usecases.assessors import AssessorSource


@dataclass(frozen=True, slots=True)
class LimitUsage:
    """What a customer owes against the limit in force.

    Parameters
    ----------
    limit_eur, grade
        In force; a limit of 0 means prepayment.
    limit_from, grade_from
        `model`, or `override`; `stop` where a stop beats an override.
    own_limit_eur, own_grade
        What the model says, whatever is in force.
    open_eur
        What is owed; less than 0 where more was paid.
    """

    limit_eur: float
    limit_from: str
    grade: str
    grade_from: str
    own_limit_eur: float
    own_grade: str
    open_eur: float

    @property
    def use_share(self) -> float | None:
        """Return what is owed over the limit in force; None where that is 0."""
        return self.open_eur / self.limit_eur if self.limit_eur else None

    @property
    def over_eur(self) -> float:
        """Return what is owed beyond the limit in force, 0 within it."""
        return max(round(self.open_eur - self.limit_eur, 2), 0.0)

    def document(self) -> dict[str, Any]:
        """Return it as plain JSON values, as a line of a list tells them beside the model's own."""
        return {
            "limit_in_force_eur": self.limit_eur,
            "limit_from": self.limit_from,
            "grade_in_force": self.grade,
            "grade_from": self.grade_from,
            "use_share": self.use_share,
            "over_limit_eur": self.over_eur,
        }


@dataclass(frozen=True, slots=True)
class LimitsInForce:
    """The limits and grades in force of customers about whom a person decided something.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    assessors
        Where the assessor in use comes from; its policy counts.
    today
        Returns the day on which overrides are in force.
    """

    store: Callable[[], Store]
    assessors: AssessorSource
    today: Callable[[], dt.date]

    def __call__(self, run: Run, customer_ids: Collection[str] | None = None) -> Mapping[str, InForce]:
        """Return what is in force by customer; those without an override are left out.

        Parameters
        ----------
        run
            Whose answers are shown with it.
        customer_ids
            Those of the list; everybody without them.

        Raises
        ------
        StoreError
            The store is away.
        """
        return limits_in_force(self.store(), run.run_id, self.today(), self.policy, customer_ids)

    def policy(self) -> Policy | None:
        """Return the policy in force; None where no assessor can be had now."""
        try:
            return self.assessors.get().policy
        except CreditError:
            return None

    def version(self) -> tuple[object, ...]:
        """Return what a list depends on: the night, what persons recorded, the day, the policy in use.

        Raises
        ------
        NotPublishedError
            No run is published yet.
        StoreError
            The store is away.
        """
        store, assessor = self.store(), self.assessors.in_use()
        policy = None if assessor is None else assessor.policy.hash
        recorded = store.last_override_id(), store.newest_follow_up(), store.newest_action_id()
        return published_run(store).run_id, recorded, self.today(), policy


def limits_in_force(
    store: Store,
    run_id: int,
    today: dt.date,
    policy: Callable[[], Policy | None],
    customer_ids: Collection[str] | None = None,
) -> Mapping[str, InForce]:
    """Return what is in force by customer, as `LimitsInForce` does, for any run.

    Parameters
    ----------
    policy
        Returns the policy from which a limit follows where a person set a grade alone.
    """
    theirs: dict[str, list[Override]] = {}
    for one in store.overrides(on=today):
        if customer_ids is None or one.customer_id in customer_ids:
            theirs.setdefault(one.customer_id, []).append(one)
    if not theirs:
        return {}
    is_graded = any(one.kind == "grade" for found in theirs.values() for one in found)
    used = policy() if is_graded else None
    return {
        row.customer_id: effective(row.assessment, theirs[row.customer_id], today, used)
        for row in store.scored_of(run_id, list(theirs))
    }


def over_limit(store: Store, run_id: int, made: Mapping[str, InForce]) -> dict[str, Any]:
    """Return how many customers of a run are over the limit in force, and by how much, as JSON values.

    Parameters
    ----------
    made
        What persons decided, by customer.
    """
    _, sums = store.customer_list(CustomerQuery(is_over_limit=True), 1, 0, run_id, forced(made))
    return {"customers": sums.customers, "over_eur": sums.over_limit_eur}


def usage_of(
    customer_id: str, limit_eur: float, grade: str, open_eur: float, made: Mapping[str, InForce]
) -> LimitUsage:
    """Return where a customer stands.

    Parameters
    ----------
    limit_eur, grade
        The model's own.
    made
        What persons decided, by customer.
    """
    found = made.get(customer_id)
    if found is None:
        return LimitUsage(limit_eur, "model", grade, "model", limit_eur, grade, open_eur)
    return LimitUsage(
        found.limit_eur if found.limit_from == "override" else limit_eur,
        found.limit_from,
        found.grade if found.grade_from == "override" else grade,
        found.grade_from,
        limit_eur,
        grade,
        open_eur,
    )


def forced(made: Mapping[str, InForce]) -> ForcedFigures:
    """Return the limits and grades in force that are persons', as a list is filtered by them.

    Parameters
    ----------
    made
        What persons decided, by customer.
    """
    return ForcedFigures(
        {one: found.limit_eur for one, found in made.items() if found.limit_from == "override"},
        {one: found.grade for one, found in made.items() if found.grade_from == "override"},
    )


def usage_of_line(line: CustomerSummary, made: Mapping[str, InForce]) -> LimitUsage:
    """Return where the customer of a line of the store stands."""
    return usage_of(line.customer_id, line.limit_eur, line.grade, line.open_eur, made)


def usage_of_alert(row: AlertRow, made: Mapping[str, InForce]) -> LimitUsage:
    """Return where the customer of an alert stands after what changed."""
    return usage_of(row.customer_id, row.after["limit_eur"], row.after["grade"], row.open_eur, made)


def usage_of_exposure(line: Mapping[str, Any], made: Mapping[str, InForce]) -> LimitUsage:
    """Return where the customer of one of a published portfolio's largest exposures stands."""
    return usage_of(line["customer_id"], line["limit_eur"], line["grade"], line["open_eur"], made)


def top_of(portfolio: Mapping[str, Any] | None) -> list[str]:
    """Return the customers of a published portfolio's largest exposures; nobody where there is none."""
    return [] if portfolio is None else [line["customer_id"] for line in portfolio["top_exposures"]]
