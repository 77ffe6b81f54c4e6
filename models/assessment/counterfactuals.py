"""Counterfactuals: the changes within the customer's or the seller's reach that improve an assessment.

Owns the changes tried, their selection and their sentences. Nothing is estimated here: the models and the
policy are run again on the changed state and request.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from models.assessment.order_assessment import decide_on, reassessor_of, request_for
from models.features.curves import PARENT_FIELD
from models.features.open_invoices import OPEN_FIELD
from models.features.paid_today import paid_today
from models.features.state import aligned, lacking
from models.policy.decision.condition import Question, all_met
from models.policy.decision.conditions import conditions
from models.policy.decision.decision import OUTCOMES
from models.policy.decision.order import Order
from models.policy.decision.wording import days_words, money, percent
from models.policy.grades import GRADES
from models.wording.numerals import unbroken

if TYPE_CHECKING:
    from models.assessment.assessment import Assessment, CreditRequest, CustomerState
    from models.assessment.order_assessment import OrderAssessor
    from models.policy.decision.decision import Decision
    from models.policy.document import Policy

    _Worth = tuple[int, float, int]

MOST = 5
"""Largest number of counterfactuals returned; the reader needs one that is feasible."""
STEPS_DAYS = (60, 45, 30, 15, 8)
SHORTER_TERMS = "shorter_terms"
OFFERED = {"terms": SHORTER_TERMS, "deposit": "deposit", "cover": "cover"}
"""Codes of conditions, with the codes of the equivalent changes."""
_EPOCH = dt.date(1970, 1, 1)
_NOT_EDITED = frozenset({OPEN_FIELD.name, PARENT_FIELD.name})
"""Fields whose absence from a state does not prevent editing it as if its overdue invoices were paid."""

Reach = Literal["customer", "seller"]


@dataclass(frozen=True, slots=True)
class CounterfactualChange:
    """A change to try: the changed state, request or order, and its wording after "if"."""

    code: str
    within_reach_of: Reach
    state: CustomerState
    request: CreditRequest
    order: Order
    change_fr: str
    change_en: str


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """Assessment and decision under a change.

    Parameters
    ----------
    change_fr, change_en
        Wording of the change, to be read after "if".
    limit_eur, grade, pd_12m, p_late30, outcome
        Results of the models and the policy under the change.
    sentence_fr, sentence_en
        The change and its effect.
    """

    code: str
    within_reach_of: Reach
    change_fr: str
    change_en: str
    limit_eur: float
    grade: str
    pd_12m: float | None
    p_late30: float
    outcome: str
    sentence_fr: str
    sentence_en: str

    def document(self) -> dict[str, Any]:
        """Return the counterfactual as plain JSON values."""
        return asdict(self)


def counterfactuals(
    assessor: OrderAssessor,
    state: CustomerState,
    request: CreditRequest,
    order: Order | None = None,
    override_eur: float | None = None,
    grade: str | None = None,
    asker: str | None = None,
) -> tuple[Counterfactual, ...]:
    """Return the changes that improve an assessment, best first, at most `MOST`, one of each kind.

    An improvement is a less demanding outcome; at an equal outcome a better grade, or a limit higher by at
    least the share that raises an alert (`alerts.limit_share`); never with a lower limit.

    Parameters
    ----------
    order
        The order to decide on: changes already offered as its conditions are left out. Without one, the
        request's amount and terms, or the customer's habits.
    override_eur, grade
        Limit and grade set by an analyst: outcomes follow them; the limits reported stay the model's.
    asker
        The caller's role, as in the decision on the order.
    """
    policy = assessor.policy
    base = assessor.assess(state, request if order is None else request_for(state, request, order))
    asked = Order(base.request.amount_eur or 0.01, base.request.terms_days or 0) if order is None else order
    again = reassessor_of(assessor, state, request)
    decided = decide_on(base, asked, policy, override_eur, grade=grade, asker=asker, again=again)
    offered = () if order is None else decided.conditions
    known = {OFFERED.get(condition.code) for condition in offered}
    tried = [one for one in changes(policy, state, base, asked, override_eur) if one.code not in known]
    answers = assessor.assess_many([one.state for one in tried], [one.request for one in tried])
    found = []
    for one, answer in zip(tried, answers, strict=True):
        then = decide_on(answer, one.order, policy, override_eur, grade=grade, asker=asker)
        if _is_better(answer, then, base, decided, policy):
            found.append((_worth(answer, then), _counterfactual(one, answer, then, base, decided)))
    best = sorted(_one_of_a_kind(found), key=lambda pair: pair[0], reverse=True)
    return tuple(counterfactual for _, counterfactual in best)[:MOST]


def _one_of_a_kind(found: list[tuple[_Worth, Counterfactual]]) -> list[tuple[_Worth, Counterfactual]]:
    """Keep the first change with the best outcome of each kind: of shorter terms the longest."""
    best: dict[str, tuple[_Worth, Counterfactual]] = {}
    for worth, counterfactual in found:
        known = best.get(counterfactual.code)
        if known is None or worth[0] > known[0][0]:
            best[counterfactual.code] = (worth, counterfactual)
    return list(best.values())


def _is_better(
    answer: Assessment, then: Decision, base: Assessment, decided: Decision, policy: Policy
) -> bool:
    now_eur, then_eur = base.limit.limit_eur, answer.limit.limit_eur
    if then_eur < now_eur:
        return False
    outcome, _, grade = _worth(answer, then)
    outcome_now, _, grade_now = _worth(base, decided)
    if outcome != outcome_now:
        return outcome > outcome_now
    is_higher = then_eur > now_eur and then_eur - now_eur >= policy.alerts.limit_share * then_eur
    return grade > grade_now or is_higher


def changes(
    policy: Policy, state: CustomerState, base: Assessment, order: Order, override_eur: float | None = None
) -> tuple[CounterfactualChange, ...]:
    """Return the changes to try, those within the customer's reach first."""
    return (
        *_overdue_paid(state, base, order),
        *_deposit(policy, state, base, order, override_eur),
        *_shorter_terms(state, base, order),
        *_smaller(policy, state, base, order, override_eur),
        *_cover(policy, state, base, order),
    )


def _overdue_paid(state: CustomerState, base: Assessment, order: Order) -> list[CounterfactualChange]:
    if lacking(state.vector.schema) - _NOT_EDITED:
        # The stored state lacks fields that change with a payment, so the change cannot be computed.
        return []
    vector = aligned(state.vector)
    overdue = vector.number("overdue_eur")
    if not overdue > 0:
        return []
    fr, en = money(overdue)
    edited = replace(state, vector=paid_today(vector, (state.as_of - _EPOCH).days))
    return [
        CounterfactualChange("overdue_paid", "customer", edited, base.request, order,
               f"l'échu ({fr}) était payé aujourd'hui", f"what is overdue ({en}) were paid today")
    ]  # fmt: skip


def _deposit(
    policy: Policy, state: CustomerState, base: Assessment, order: Order, override_eur: float | None
) -> list[CounterfactualChange]:
    question = Question(base.case, order, override_eur)
    deposits = [made for made in conditions(question, policy) if made.code == "deposit"]
    asked = all_met(deposits, question).order
    if asked.deposit_eur == order.deposit_eur:
        return []
    (fr, en), (share_fr, share_en) = money(asked.deposit_eur), percent(asked.deposit_share)
    return [
        CounterfactualChange("deposit", "customer", state, base.request, asked,
               f"un acompte de {fr} ({share_fr}) était versé avant livraison",
               f"a deposit of {en} ({share_en}) were paid before delivery")
    ]  # fmt: skip


def _shorter_terms(state: CustomerState, base: Assessment, order: Order) -> list[CounterfactualChange]:
    found = []
    for days in STEPS_DAYS:
        if days >= order.terms_days:
            continue
        shorter = replace(order, terms_days=days, invoice_basis="net")
        fr, en = days_words(days)
        found.append(
            CounterfactualChange(SHORTER_TERMS, "seller", state, request_for(state, base.request, shorter),
            shorter,
                   f"le délai de paiement était de {fr} date de facture",
                   f"payment terms were {en} from the invoice")
        )  # fmt: skip
    return found


def _smaller(
    policy: Policy, state: CustomerState, base: Assessment, order: Order, override_eur: float | None
) -> list[CounterfactualChange]:
    decided = decide_on(base, order, policy, override_eur)
    left = math.floor(decided.available_eur)
    if not 0 < left < order.credit_eur:
        return []
    smaller = replace(order, amount_eur=float(left), deposit_share=0.0)
    fr, en = money(float(left))
    return [
        CounterfactualChange("smaller_amount", "customer", state, request_for(state, base.request, smaller),
        smaller,
               f"la commande se limitait à {fr}", f"the order were limited to {en}")
    ]  # fmt: skip


def _cover(
    policy: Policy, state: CustomerState, base: Assessment, order: Order
) -> list[CounterfactualChange]:
    wanted = max(base.case.open_eur, 0.0) + order.credit_eur
    insured = math.ceil(wanted / policy.limit.step_eur) * policy.limit.step_eur
    if insured <= base.case.insured_limit_eur:
        return []
    share = base.case.covered_share or policy.decision.cover_share
    covered = {"insured_limit_eur": float(insured), "covered_share": share}
    vector = aligned(state.vector).with_numbers(covered)
    (fr, en), (share_fr, share_en) = money(insured), percent(share)
    return [
        CounterfactualChange("cover", "seller", replace(state, vector=vector), base.request, order,
               f"l'assureur-crédit accordait un agrément de {fr}, garanti à {share_fr}",
               f"credit insurance covered {share_en} of {en}")
    ]  # fmt: skip


def _worth(answer: Assessment, decided: Decision) -> _Worth:
    """Return the sort key of an assessment: outcome, then limit, then grade."""
    outcomes = list(OUTCOMES)
    return (
        -outcomes.index(decided.outcome),
        answer.limit.limit_eur,
        -GRADES.index(answer.grade),
    )


def _counterfactual(
    one: CounterfactualChange, answer: Assessment, then: Decision, base: Assessment, decided: Decision
) -> Counterfactual:
    fr, en = [], []
    (now_fr, now_en), (limit_fr, limit_en) = money(base.limit.limit_eur), money(answer.limit.limit_eur)
    if answer.limit.limit_eur != base.limit.limit_eur:
        fr.append(f"le plafond serait de {limit_fr} au lieu de {now_fr}")
        en.append(f"the limit would be {limit_en} instead of {now_en}")
    if answer.grade != base.grade:
        fr.append(f"la note serait {answer.grade} au lieu de {base.grade}")
        en.append(f"the grade would be {answer.grade} instead of {base.grade}")
    if then.outcome != decided.outcome:
        fr.append(unbroken(f"la réponse serait « {then.label_fr} »"))
        en.append(f"the answer would be “{then.label_en}”")
    return Counterfactual(
        one.code, one.within_reach_of, one.change_fr, one.change_en,
        answer.limit.limit_eur, answer.grade, None if answer.pd_12m is None else answer.pd_12m.value,
        answer.p_late30.value, then.outcome,
        f"Si {one.change_fr}, {_listed(fr, 'et')}.", f"If {one.change_en}, {_listed(en, 'and')}.",
    )  # fmt: skip


def _listed(parts: list[str], last: str) -> str:
    """Join the parts of a sentence, with a conjunction before the last."""
    *before, end = parts
    return f"{', '.join(before)} {last} {end}" if before else end
