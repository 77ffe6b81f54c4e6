"""Alerts: changes since the previous nightly run, with their cause: data, models or policy.

Owns the intermediate figures between two runs. The previous run is read from the store. Its cases under the
current policy give the policy's part of a change; its states under the current models give the models' part;
the rest is the data's. `models.portfolio.changes` attributes and words them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from models.assessment.assessment import CreditRequest, CustomerState
from models.errors import CreditError
from models.policy.bands import announced_grade, graded
from models.policy.credit_case import case_of
from models.policy.limit.limit import recommend_limit
from models.policy.sections.alerts import SEVERITIES
from models.portfolio.change_words import sentence
from models.portfolio.changes import (
    ChangeKind,
    ComparedFigures,
    Effect,
    cause_of,
    effects_of,
    figures_of,
    kinds_of,
    severity_of,
)
from serving.store import AlertRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.assessment.assessor import Assessor
    from models.policy.credit_case import CreditCase
    from models.policy.document import Policy
    from serving.store import CustomerRow, Run


@dataclass(frozen=True, slots=True)
class Pair:
    """One customer in two runs; `case` is None where the previous run stored none."""

    before: CustomerRow
    after: CustomerRow
    old: ComparedFigures
    new: ComparedFigures
    case: CreditCase | None


def alerts_of(
    before: Sequence[CustomerRow], after: Sequence[CustomerRow], run_before: Run, assessor: Assessor
) -> list[AlertRow]:
    """Return an alert for every customer of both runs whose change is large enough to report.

    Parameters
    ----------
    before
        Customers of `run_before`.
    after
        Customers of the current run, scored by `assessor`.

    Raises
    ------
    CreditError
        An assessment of the current run has no case.
    """
    policy, known = assessor.policy, {row.customer_id: row for row in before}
    pairs = [_pair(known[row.customer_id], row, policy) for row in after if row.customer_id in known]
    changed = [pair for pair in pairs if _kinds(pair, policy)]
    return [
        _alert(pair, effects, separable=effects is not None, policy=policy)
        for pair, effects in zip(changed, parts(changed, run_before, assessor), strict=True)
    ]


def announced(
    rows: Sequence[CustomerRow], before: Sequence[CustomerRow], policy: Policy
) -> list[CustomerRow]:
    """Return customers of the current run with the grades that alerts compare, of `announced_grade`."""
    known = {row.customer_id: row.announced_grade or row.grade for row in before}
    return [
        replace(
            row,
            announced_grade=announced_grade(
                known.get(row.customer_id), row.grade, case_of(row.assessment).pd_12m, policy
            ),
        )
        for row in rows
    ]


def ranked(alerts: Sequence[AlertRow]) -> list[AlertRow]:
    """Sort alerts by severity, then exposure, then customer id."""
    return sorted(
        alerts,
        key=lambda row: (SEVERITIES.index(row.severity), -row.open_eur, row.customer_id),
    )


def parts(pairs: Sequence[Pair], run_before: Run, assessor: Assessor) -> list[dict[str, Effect] | None]:
    """Attribute each change to policy, models and data; None where the previous run cannot be rescored."""
    policy, key = assessor.policy, run_before.key
    same_policy = key.policy_hash == policy.hash
    same_models = (key.late_model, key.default_model) == (assessor.late.version, assessor.default.version)
    found: list[dict[str, Effect] | None] = []
    asked = {} if same_models else _asked_again(pairs, run_before, assessor)
    for pair in pairs:
        if pair.case is None or not (same_models or pair.before.customer_id in asked):
            known = same_policy and same_models
            found.append(effects_of(pair.old, pair.old, pair.old, pair.new) if known else None)
            continue
        under_policy = pair.old if same_policy else under(pair.case, pair.old.p_late30, policy)
        under_models = under_policy if same_models else asked[pair.before.customer_id]
        found.append(effects_of(pair.old, under_policy, under_models, pair.new))
    return found


def under(case: CreditCase, p_late30: float, policy: Policy) -> ComparedFigures:
    """Return the figures of a stored case under another policy, by arithmetic alone."""
    again = graded(case, policy)
    return _figures(again, p_late30, again.grade, recommend_limit(again, policy).limit_eur, policy)


def _asked_again(pairs: Sequence[Pair], run_before: Run, assessor: Assessor) -> dict[str, ComparedFigures]:
    """Rescore the states of the previous run with the current models, where they have the needed fields."""
    schemas = {pair.before.state.schema for pair in pairs}
    usable = {schema for schema in schemas if not assessor.lacks(schema)}
    rows = [pair.before for pair in pairs if pair.before.state.schema in usable]
    states = [
        CustomerState.of_run(row.party, run_before.key.as_of, row.state, row.open_eur, run_before.context)
        for row in rows
    ]
    answers = assessor.assess_many(states, [CreditRequest()] * len(states), explained=False)
    return {
        row.customer_id: _figures(
            answer.case, answer.p_late30.value, answer.grade, answer.limit.limit_eur, assessor.policy
        )
        for row, answer in zip(rows, answers, strict=True)
    }


def _figures(
    case: CreditCase, p_late30: float, grade: str, limit_eur: float, policy: Policy
) -> ComparedFigures:
    return figures_of(case, p_late30, grade, limit_eur, policy.proceedings.declare_within_months)


def _kinds(pair: Pair, policy: Policy) -> tuple[ChangeKind, ...]:
    return kinds_of(pair.old, pair.new, policy.alerts, policy.proceedings.warn_days)


def _pair(before: CustomerRow, after: CustomerRow, policy: Policy) -> Pair:
    new = _figures(case_of(after.assessment), after.p_late30, after.grade, after.limit_eur, policy)
    new = replace(new, announced_grade=after.announced_grade)
    try:
        case = case_of(before.assessment)
    except CreditError:
        # Written by a version without cases: its published figures are compared, the others count as
        # unchanged.
        known = replace(
            new,
            pd_12m=before.pd_12m,
            p_late30=before.p_late30,
            grade=before.grade,
            limit_eur=before.limit_eur,
            open_eur=before.open_eur,
            announced_grade=before.announced_grade,
        )
        return Pair(before, after, known, new, None)
    old = _figures(case, before.p_late30, before.grade, before.limit_eur, policy)
    return Pair(before, after, replace(old, announced_grade=before.announced_grade), new, case)


def _alert(pair: Pair, effects: Mapping[str, Effect] | None, *, separable: bool, policy: Policy) -> AlertRow:
    rules, old, new = policy.alerts, pair.old, pair.new
    known = effects or effects_of(old, old, old, new)
    kinds = _kinds(pair, policy)
    cause = cause_of(kinds, known)
    in_french, in_english = sentence(old, new, kinds, cause, rules)
    return AlertRow(
        customer_id=pair.after.customer_id,
        name=pair.after.name,
        severity=severity_of(old, new, kinds, rules),
        cause=cause,
        kinds=kinds,
        open_eur=pair.after.open_eur,
        sentence_fr=in_french,
        sentence_en=in_english,
        before=old.document(),
        after=new.document(),
        effects=_documents({measure: known[measure] for measure in _shown(known, old, new)}),
        separable=separable,
    )


def _shown(effects: Mapping[str, Effect], old: ComparedFigures, new: ComparedFigures) -> list[str]:
    """Return the measures to show; an open proceeding has no probability of default."""
    hidden = "pd_12m" if old.open_proceeding or new.open_proceeding else ""
    return [measure for measure in effects if measure != hidden]


def _documents(effects: Mapping[str, Effect]) -> dict[str, dict[str, Any]]:
    return {measure: asdict(effect) for measure, effect in effects.items()}
