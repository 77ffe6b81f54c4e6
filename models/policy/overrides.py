"""Overrides of a limit or a grade: validation, and the values in force.

Owns the section `[overrides]` of the policy, the check of an override, and how one and the model's own answer
make what is in force. The model's answer never changes; who set what is kept by the store. A stop (a
proceeding, a closure, a default, arrears too old) beats every override: none can be set under it, and one set
before is out of force while it lasts.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from models.policy.approval import approver_of, most_approved_eur
from models.policy.credit_case import case_of
from models.policy.grades import GRADES
from models.policy.limit.caps import WITHOUT_APPROVAL
from models.policy.limit.limit import recommend_limit
from models.policy.limit.stops import STOPS
from models.policy.sections.approval import APPROVERS
from models.policy.sections.overrides import ADMIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.policy.document import Policy
    from models.policy.sections.overrides import OverrideRules

KINDS = ("limit", "grade")


class StoredOverride(Protocol):
    """An override as stored."""

    @property
    def kind(self) -> str:
        """`limit` or `grade`."""

    @property
    def value(self) -> float | str:
        """Euros for a limit, a letter for a grade."""

    def in_force(self, on: dt.date) -> bool:
        """Return whether it is in force on a day."""

    def document(self) -> dict[str, Any]:
        """Return it as plain JSON values."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of an override by field; `field` is `customer_id` where none may be set at all."""

    field: str
    message: str


@dataclass(frozen=True)  # without slots orjson reads its fields three times as fast
class InForce:
    """The limit and the grade in force, and where each comes from.

    Parameters
    ----------
    limit_from, grade_from
        `model`, or `override`; `stop` where a stop beats an override.
    own_limit_eur, own_grade
        What the model says, whatever is in force.
    overrides
        The overrides in force, as JSON values.
    """

    limit_eur: float
    limit_from: str
    grade: str
    grade_from: str
    own_limit_eur: float
    own_grade: str
    overrides: tuple[Mapping[str, Any], ...]

    def document(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "limit_eur": self.limit_eur,
            "limit_from": self.limit_from,
            "grade": self.grade,
            "grade_from": self.grade_from,
            "own_limit_eur": self.own_limit_eur,
            "own_grade": self.own_grade,
            "overrides": [dict(one) for one in self.overrides],
        }


def override_faults(
    kind: str,
    value: float | str,
    reason: str,
    valid_until: dt.date,
    role: str,
    own: Mapping[str, Any],
    today: dt.date,
    policy: Policy,
) -> tuple[Fault, ...]:
    """Validate an override; return every fault, or nothing where it may be set.

    A limit that is set is approved: it lies within `largest_limit`, and where it is above the model's own,
    within the level of who sets it.

    Parameters
    ----------
    value
        Euros for a limit, a letter for a grade.
    role
        Of who sets it.
    own
        The model's answer, as its document: its limit with its terms, and its grade.
    """
    rules = policy.overrides
    faults = [*role_faults(role, rules), *_stop_faults(own)]
    if kind not in KINDS:
        faults.append(Fault("kind", f"is {kind!r}; {' and '.join(KINDS)} are known"))
    elif kind == "limit":
        faults += _limit_faults(value, own, role, policy)
    else:
        faults += _grade_faults(value, str(own["grade"]), rules)
    return (*faults, *reason_faults(reason, rules), *validity_faults(valid_until, today, rules))


def approved_limit_faults(
    value: float,
    reason: str,
    valid_until: dt.date,
    level: str,
    own: Mapping[str, Any],
    today: dt.date,
    policy: Policy,
) -> tuple[Fault, ...]:
    """Validate a limit that somebody approves on request; the bounds are those of an override.

    Parameters
    ----------
    level
        The role of `APPROVERS` whose level the approver has; the section `[overrides]` need not name it.
    own
        The model's answer, as its document.
    """
    rules = policy.overrides
    return (
        *_stop_faults(own),
        *_limit_faults(value, own, level, policy),
        *reason_faults(reason, rules),
        *validity_faults(valid_until, today, rules),
    )


def role_faults(role: str, rules: OverrideRules) -> list[Fault]:
    """Return the faults of a role that sets or withdraws an override."""
    allowed = (*rules.roles, ADMIN)
    if role in allowed:
        return []
    return [Fault("role", f"is {role}; overrides are set and withdrawn by {' or '.join(allowed)}")]


def reason_faults(reason: str, rules: OverrideRules) -> list[Fault]:
    """Return the faults of a reason."""
    length = len(" ".join(reason.split()))
    if length >= rules.shortest_reason:
        return []
    return [
        Fault(
            "reason",
            f"has {length} characters; give at least {rules.shortest_reason}, for who reads it later",
        )
    ]


def validity_faults(valid_until: dt.date, today: dt.date, rules: OverrideRules) -> list[Fault]:
    """Return the faults of the last day of an override."""
    last = today + dt.timedelta(days=rules.longest_days)
    if today <= valid_until <= last:
        return []
    return [Fault("valid_until", f"is {valid_until}; from {today} to {last} is allowed")]


def largest_limit(own_eur: float, rules: OverrideRules) -> float:
    """Return the largest limit that may be set where the model's own is `own_eur`.

    It is the least of `largest_multiple x max(own, base)` and `own + largest_increase`, and never less than
    the model's own.

    Examples
    --------
    >>> from models.policy.document import load_policy
    >>> rules = load_policy().overrides
    >>> [largest_limit(own, rules) for own in (0.0, 8_000.0, 80_000.0)]
    [10000.0, 16000.0, 130000.0]
    """
    by_multiple = rules.largest_multiple * max(own_eur, rules.base_eur)
    return max(min(by_multiple, own_eur + rules.largest_increase_eur), own_eur)


def most_settable_eur(own: Mapping[str, Any], role: str, policy: Policy) -> float:
    """Return the largest limit that a role may set for a customer, in euros.

    Parameters
    ----------
    own
        The model's answer, as its document.
    """
    limit_eur = float(own["limit"]["limit_eur"])
    most = largest_limit(recommended_eur(own, policy), policy.overrides)
    if policy.unapproved_limit_eur is None or role not in {*policy.overrides.roles, *APPROVERS}:
        return most
    approved = most_approved_eur(role, policy) - _entity_open_eur(own)
    return min(most, max(approved, limit_eur))


def recommended_eur(own: Mapping[str, Any], policy: Policy) -> float:
    """Return the recommended limit, whether or not it needs approval."""
    if own["limit"].get("binding") != WITHOUT_APPROVAL:
        return float(own["limit"]["limit_eur"])
    return recommend_limit(case_of(own), policy.revised(approval={"unapproved_limit_eur": None})).limit_eur


def set_by_hand(in_force: Mapping[str, Any], policy: Policy) -> tuple[float | None, str | None]:
    """Return the overridden limit and grade that a decision takes; None where there is none.

    From a grade the limit follows with the order in it. Under a policy of an earlier version it was computed
    before, and the grade itself did not count.

    Parameters
    ----------
    in_force
        The document of what is in force.
    """
    if policy.unapproved_limit_eur is None:
        return (in_force["limit_eur"] if in_force["limit_from"] == "override" else None), None
    newest = {one["kind"]: one["value"] for one in in_force["overrides"]}
    limit_eur = newest.get("limit") if in_force["limit_from"] == "override" else None
    grade = in_force["grade"] if in_force["grade_from"] == "override" else None
    return None if limit_eur is None else float(limit_eur), grade


def effective(
    answer: Mapping[str, Any], overrides: Sequence[StoredOverride], on: dt.date, policy: Policy | None = None
) -> InForce:
    """Return the limit and the grade in force: the newest override of each kind, else the model's own.

    Parameters
    ----------
    answer
        An assessment's document.
    overrides
        The customer's, the oldest first; those out of force on the day are left out.
    policy
        Where it is given and a grade alone is set, the limit follows from that grade by the policy.
    """
    own_limit, own_grade = float(answer["limit"]["limit_eur"]), str(answer["grade"])
    standing = [one for one in overrides if one.in_force(on)]
    documents = tuple(one.document() for one in standing)
    if standing and stopped_by(answer):
        return InForce(own_limit, "stop", own_grade, "stop", own_limit, own_grade, documents)
    newest = {one.kind: one.value for one in standing}
    grade, limit_eur = newest.get("grade"), newest.get("limit")
    if limit_eur is None and grade is not None and policy is not None:
        limit_eur = recommend_limit(replace(case_of(answer), grade=str(grade)), policy).limit_eur
    return InForce(
        own_limit if limit_eur is None else float(limit_eur),
        "model" if limit_eur is None else "override",
        own_grade if grade is None else str(grade),
        "model" if grade is None else "override",
        own_limit,
        own_grade,
        documents,
    )


def stopped_by(answer: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """Return the stops that apply in an answer's limit."""
    return tuple(
        term for term in answer["limit"]["terms"] if term["name"] in STOPS and term["value_eur"] is not None
    )


def own_of(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the model's own values, to store with an override."""
    return {
        "limit_eur": answer["limit"]["limit_eur"],
        "grade": answer["grade"],
        "pd_12m": None if answer["pd_12m"] is None else answer["pd_12m"]["value"],
        "late_model": answer["p_late30"]["model_version"],
        "default_model": default_model_of(answer),
        "policy_hash": answer["policy_hash"],
        "as_of": answer["as_of"],
    }


def default_model_of(answer: Mapping[str, Any]) -> str:
    """Return the version of the default model; earlier answers stored it with the probability."""
    version = answer.get("default_model")
    return str(answer["pd_12m"]["model_version"] if version is None else version)


def _stop_faults(own: Mapping[str, Any]) -> list[Fault]:
    return [
        Fault(
            "customer_id", f"may have none, and no override lifts it: {term['label_en']} / {term['label_fr']}"
        )
        for term in stopped_by(own)
    ]


def _limit_faults(value: float | str, own: Mapping[str, Any], role: str, policy: Policy) -> list[Fault]:
    own_eur, most = recommended_eur(own, policy), most_settable_eur(own, role, policy)
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if is_number and 0 <= float(value) <= most:
        return []
    allowed = f"the model's own limit is {own_eur:,.2f} EUR, and from 0 to {most:,.2f} is allowed"
    if is_number and 0 <= float(value) <= largest_limit(own_eur, policy.overrides):
        approver = approver_of(float(value) + _entity_open_eur(own), policy)
        allowed += f" to the role {role}; the level of {approver.label_en} approves it, an admin enters it"
    return [Fault("value", f"is {value!r}; {allowed}")]


def _entity_open_eur(own: Mapping[str, Any]) -> float:
    """Return the exposure of the legal entity's other numbers; 0 in answers of earlier versions."""
    return float(own.get("case", {}).get("entity_open_eur", 0.0))


def _grade_faults(value: float | str, own: str, rules: OverrideRules) -> list[Fault]:
    best = GRADES[max(GRADES.index(own) - rules.largest_notches, 0)]
    allowed = GRADES[GRADES.index(best) :]
    if value in allowed:
        return []
    return [
        Fault("value", f"is {value!r}; the model's own grade is {own}, and {', '.join(allowed)} are allowed")
    ]
