"""The simulator: the form as it was filled in, and the decision on the order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.law.legal_terms import BASES
from models.policy.decision.order import MOST_DAYS, MOST_EUR
from models.policy.means_of_payment import MEANS_LABELS
from serving.schemas.decisions import DecisionIn
from serving.web.charts.bars import use_bar
from serving.web.forms import Typed
from serving.web.view_models.verdict import VerdictView, order_verdict
from serving.web.view_models.working import LimitView, limit_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.drawing.canvas import Picture
    from serving.web.words import Words

FIELDS = ("amount", "terms", "basis", "deposit", "means", "prepaid", "delivered", "ordered", "deposits")
DEFAULT_DAYS = 30
"""The terms where none are typed: the law's, art. L441-10 C. com."""


@dataclass(frozen=True, slots=True)
class FormView:
    """A form: what was typed and what is wrong with it, by field, and what may be chosen.

    Parameters
    ----------
    bases, means
        Codes with their words.
    """

    typed: Mapping[str, str]
    faults: Mapping[str, str]
    bases: tuple[tuple[str, str], ...]
    means: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision on an order.

    Parameters
    ----------
    use
        What would be owed after the order against the limit.
    p_late30
        Probability that this invoice is paid more than 30 days late.
    """

    verdict: VerdictView
    reasons: tuple[str, ...]
    before_eur: float
    after_eur: float
    available_eur: float
    limit: LimitView
    use: Picture
    p_late30: float


def question_of(customer_id: str, fields: Mapping[str, str], w: Words) -> tuple[DecisionIn | None, FormView]:
    """Read the question that was typed; None where there is none yet, or where it is at fault.

    Parameters
    ----------
    fields
        By name of `FIELDS`; without an amount nothing is asked yet.
    """
    typed = Typed(fields, w)
    asked = bool(fields.get("amount", "").strip())
    amount = typed.number("amount", 0.01, MOST_EUR)
    terms = typed.whole("terms", 0, MOST_DAYS)
    deposit = typed.number("deposit", 0.0, 100.0, example="30")
    basis = typed.choice("basis", BASES)
    means = typed.choice("means", tuple(MEANS_LABELS))
    delivered, ordered, deposits = (
        typed.number(name, 0.0, MOST_EUR) for name in ("delivered", "ordered", "deposits")
    )
    form = FormView(
        {name: fields.get(name, "") for name in FIELDS},
        typed.faults if asked else {},
        tuple((code, w(f"simulator.{code}")) for code in BASES),
        tuple((code, w.either(*labels)) for code, labels in MEANS_LABELS.items()),
    )
    if amount is None or typed.faults:
        return None, form
    question = DecisionIn.model_validate(
        {
            "customer_id": customer_id,
            "amount_eur": max(round(amount, 2), 0.01),
            "terms_days": DEFAULT_DAYS if terms is None else terms,
            "deposit_share": (deposit or 0.0) / 100,
            "prepaid": typed.ticked("prepaid"),
            "invoice_basis": basis,
            "means_of_payment": means,
            "delivered_not_invoiced_eur": round(delivered or 0.0, 2),
            "ordered_not_delivered_eur": round(ordered or 0.0, 2),
            "deposits_eur": round(deposits or 0.0, 2),
        }
    )
    return question, form


def decision_view(answer: Mapping[str, Any], overdue_eur: float, w: Words) -> DecisionView:
    """Make the view of an answered decision.

    Parameters
    ----------
    answer
        A decision as plain JSON values, as `serving.usecases.decide` answers it.
    overdue_eur
        What the customer owes past due.
    """
    return DecisionView(
        order_verdict(answer, w),
        tuple(w.either(one["label_fr"], one["label_en"]) for one in answer["reasons"]),
        answer["exposure_before_eur"],
        answer["exposure_after_eur"],
        answer["available_eur"],
        limit_view(answer["limit"], w, answer["in_force"]),
        use_bar(answer["exposure_after_eur"], overdue_eur, answer["limit_in_force_eur"], w),
        answer["assessment"]["p_late30"]["value"],
    )
