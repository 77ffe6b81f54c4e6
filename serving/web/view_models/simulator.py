"""The simulator: the form as it was filled in, and the decision on the order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.policy.legal_terms import BASES
from models.policy.order import MOST_DAYS, MOST_EUR, Order
from models.policy.terms import MEANS_LABELS
from serving.web.charts.bars import use_bar
from serving.web.forms import Typed
from serving.web.view_models.working import LimitView, limit_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.policy.override_rules import InForce
    from serving.web.charts.drawing import Picture
    from serving.web.words import Words

FIELDS = ("amount", "terms", "basis", "deposit", "means", "prepaid")
ROLES = ("alone", "always", "one_of")


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
class ConditionsView:
    """Conditions that go together, under one heading."""

    heading: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision on an order.

    Parameters
    ----------
    outcome
        accept, accept_with_conditions or refer: a class for the stylesheet, with its words beside it.
    use
        What would be owed after the order against the limit.
    p_late30
        Probability that this invoice is paid more than 30 days late.
    """

    outcome: str
    outcome_words: str
    reasons: tuple[str, ...]
    conditions: tuple[ConditionsView, ...]
    before_eur: float
    after_eur: float
    available_eur: float
    approval: str
    valid_until: str
    limit: LimitView
    use: Picture
    p_late30: float


def order_of(fields: Mapping[str, str], w: Words) -> tuple[Order | None, FormView]:
    """Read the order that was typed; None where there is none yet, or where it is at fault.

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
    form = FormView(
        {name: fields.get(name, "") for name in FIELDS},
        typed.faults if asked else {},
        tuple((code, w(f"simulator.{code}")) for code in BASES),
        tuple((code, w.either(*labels)) for code, labels in MEANS_LABELS.items()),
    )
    if amount is None or typed.faults:
        return None, form
    order = Order(
        amount_eur=round(amount, 2),
        terms_days=30 if terms is None else terms,
        deposit_share=(deposit or 0.0) / 100,
        prepaid=typed.ticked("prepaid"),
        invoice_basis=basis,
        means_of_payment=means,
    )
    return order, form


def decision_view(
    document: Mapping[str, Any],
    p_late30: float,
    overdue_eur: float,
    w: Words,
    in_force: InForce | None = None,
) -> DecisionView:
    """Make the view of a decision's document.

    Parameters
    ----------
    p_late30
        Of the invoice asked about.
    in_force
        The limit and the grade in force, for who set them.
    """
    approval = document["approval"]
    return DecisionView(
        document["outcome"],
        w.either(document["label_fr"], document["label_en"]),
        tuple(w.either(one["label_fr"], one["label_en"]) for one in document["reasons"]),
        tuple(view for role in ROLES if (view := _conditions(document["conditions"], role, w)) is not None),
        document["exposure_before_eur"],
        document["exposure_after_eur"],
        document["available_eur"],
        w.either(approval["label_fr"], approval["label_en"]),
        document["valid_until"],
        limit_view(document["limit"], w, in_force),
        use_bar(document["exposure_after_eur"], overdue_eur, document["limit_in_force_eur"], w),
        p_late30,
    )


def _conditions(found: list[Mapping[str, Any]], role: str, w: Words) -> ConditionsView | None:
    labels = tuple(w.either(one["label_fr"], one["label_en"]) for one in found if one["role"] == role)
    return ConditionsView(w(f"simulator.{role}"), labels) if labels else None
