"""The decision on an order: accept, accept with conditions, or refer to the credit team.

Owns the outcome, its reasons and its shape. A machine never refuses: where it cannot accept, a person
decides. Limits come from `models.policy.limit.limit`, conditions from `models.policy.decision.conditions`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from models.errors import CreditError
from models.law.insolvency_words import notice_of
from models.policy.approval import Approver, approver_of
from models.policy.decision.condition import Condition, Question, all_met
from models.policy.decision.conditions import approver_needed, conditions, is_acceptable, sufficient
from models.policy.decision.order import Order, stop_of
from models.policy.decision.wording import money
from models.policy.sections.approval import APPROVERS
from models.policy.sections.decision import CONFIDENCES
from models.wording.numerals import SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.policy.credit_case import CreditCase
    from models.policy.decision.condition import Again
    from models.policy.decision.order import OrderExposure
    from models.policy.document import Policy
    from models.policy.limit.limit import CreditLimit


Outcome = Literal["accept", "accept_with_conditions", "refer"]
OUTCOMES: dict[str, tuple[str, str]] = {
    "accept": ("accord", "accept"),
    "accept_with_conditions": ("accord sous conditions", "accept with conditions"),
    "refer": ("à soumettre au service crédit", "refer to credit team"),
}
"""French and English names of the outcomes."""


@dataclass(frozen=True, slots=True)
class DecisionReason:
    """A reason of a decision; `refers` is whether it refers the order to the credit team."""

    code: str
    label_fr: str
    label_en: str
    refers: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision on an order, with its working.

    Parameters
    ----------
    limit
        The policy's own limit, every term of it; the order is in the need.
    limit_in_force_eur
        The limit that counts: one that somebody approved, else the policy's as far as it stands without.
    recommended_limit_eur
        What the policy recommends, whether or not it stands without approval.
    exposure_before_eur, exposure_after_eur
        What is used of the limit without the order and with its credit.
    available_eur
        What may be owed beyond what is owed already.
    valid_until
        The last day on which the answer stands.
    conditions
        What the order lacks, each verified by deciding again with it met.
    approval
        Who approves a limit that allows the order, counted by legal entity; None where nobody has to.
    """

    outcome: Outcome
    label_fr: str
    label_en: str
    order: Order
    exposure_before_eur: float
    exposure_after_eur: float
    limit: CreditLimit
    limit_in_force_eur: float
    recommended_limit_eur: float
    available_eur: float
    conditions: tuple[Condition, ...]
    reasons: tuple[DecisionReason, ...]
    needs_human: bool
    valid_until: dt.date
    policy_version: str
    policy_hash: str
    approval: Approver | None

    def document(self) -> dict[str, Any]:
        """Return the decision as plain JSON values, dates in ISO form."""
        return {
            **{name: _plain(value) for name, value in asdict(self).items()},
            "order": self.order.document(),
            "conditions": [condition.document() for condition in self.conditions],
        }


def decide(
    case: CreditCase,
    order: Order,
    policy: Policy,
    limit_eur: float | None = None,
    *,
    confidence: str | None = None,
    asker: str | None = None,
    again: Again | None = None,
) -> Decision:
    """Decide on an order by the policy.

    Parameters
    ----------
    case
        The customer's figures, as an assessment keeps them.
    limit_eur
        The limit that somebody approved, where one is in force; it does not lift a stop.
    confidence
        How sure the probability of default is; None where that is not known, and not asked about.
    asker
        The role of who asks, one of those that approve. An order within the limit in force is accepted
        whoever asks; only policies of an earlier version look at it.
    again
        Assesses the customer again for the order on other terms; conditions are verified by it.

    Raises
    ------
    CreditError
        The order or the case cannot be decided on, or they are counted in two currencies.

    Examples
    --------
    >>> from models.policy.credit_case import CreditCase
    >>> from models.policy.document import load_policy
    >>> case = CreditCase(
    ...     pd_12m=0.002, grade="A", yearly_sales_forecast_eur=None, terms_days=30, expected_days_late=5,
    ...     peak_exposure_eur=None, net_worth_eur=80_000, turnover_eur=700_000, n_paid_invoices=40,
    ...     insured_limit_eur=0, covered_share=0, open_proceeding=False, oldest_overdue_days=0,
    ...     as_of=dt.date(2026, 11, 21), open_eur=30_000.0,
    ... )
    >>> found = decide(case, Order(10_000.0, 30), load_policy())
    >>> found.outcome, [(condition.code, condition.value) for condition in found.conditions][0]
    ('accept_with_conditions', ('deposit', 8000.0))
    """
    order.check()
    _check(case, order, limit_eur, confidence, asker)
    levels_approve_limits = policy.unapproved_limit_eur is not None
    asked = Question(case, order, limit_eur, again if levels_approve_limits else None)
    found = asked.exposure(policy)
    reasons = _reasons(asked, found, policy, confidence, asker)
    made = conditions(asked, policy)
    if levels_approve_limits:
        made = sufficient(made, lambda some: _accepts(all_met(some, asked), policy, confidence))
    refers = any(reason.refers for reason in reasons)
    lacks = not is_acceptable(asked, policy)
    outcome: Outcome = (
        "refer" if refers or (lacks and not made) else "accept_with_conditions" if lacks else "accept"
    )
    last = case.as_of + dt.timedelta(days=policy.decision.valid_days)
    return Decision(
        outcome=outcome,
        label_fr=OUTCOMES[outcome][0],
        label_en=OUTCOMES[outcome][1],
        order=order,
        exposure_before_eur=found.before_eur,
        exposure_after_eur=found.after_eur,
        limit=found.limit,
        limit_in_force_eur=found.in_force_eur,
        recommended_limit_eur=found.recommended_eur,
        available_eur=found.available_eur,
        conditions=made,
        reasons=reasons,
        needs_human=outcome == "refer",
        valid_until=min(last, found.limit.valid_until),
        policy_version=policy.version,
        policy_hash=policy.hash,
        approval=_approver(asked, found, policy, outcome, made),
    )


def _accepts(asked: Question, policy: Policy, confidence: str | None) -> bool:
    """Return whether deciding again leads to an acceptance, whatever the caller's role."""
    reasons = _reasons(asked, asked.exposure(policy), policy, confidence, None)
    return is_acceptable(asked, policy) and not any(reason.refers for reason in reasons)


def _reasons(
    asked: Question, found: OrderExposure, policy: Policy, confidence: str | None, asker: str | None
) -> tuple[DecisionReason, ...]:
    return (
        *_referrals(asked.case, asked.order, found, policy, confidence),
        *_exposure_to_approve(found, policy, asker),
        _why(asked, found),
    )


def _approver(
    asked: Question, found: OrderExposure, policy: Policy, outcome: Outcome, made: Sequence[Condition]
) -> Approver | None:
    if policy.unapproved_limit_eur is None:
        return approver_of(found.entity_after_eur, policy)
    needs_somebody = outcome == "refer" or any(condition.code == "approval" for condition in made)
    return approver_needed(asked, policy) if needs_somebody else None


def _plain(value: Any) -> Any:  # noqa: ANN401  # JSON values of any kind
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _check(
    case: CreditCase, order: Order, limit_eur: float | None, confidence: str | None, asker: str | None
) -> None:
    if order.currency != case.currency:
        raise CreditError(
            f"the order is in {order.currency} and the customer's figures in {case.currency}; "
            f"convert the order to {case.currency}"
        )
    if limit_eur is not None and not 0.0 <= limit_eur < float("inf"):
        raise CreditError(f"limit_eur is {limit_eur!r}; a limit in force is a finite number from 0")
    for name, came, known in (("confidence", confidence, CONFIDENCES), ("asker", asker, tuple(APPROVERS))):
        if came is not None and came not in known:
            raise CreditError(f"{name} is {came!r}; {', '.join(known)} are known")


def _referrals(
    case: CreditCase, order: Order, found: OrderExposure, policy: Policy, confidence: str | None
) -> list[DecisionReason]:
    reasons = []
    if case.natural_person:
        reasons.append(
            DecisionReason(
                "natural_person",
                f"Le client est une personne physique{SPACE}: la décision revient à une personne, qui peut "
                "s'écarter du calcul et l'explique sur demande (RGPD, art. 22)",
                "The customer is a natural person: a person decides, may depart from the calculation and "
                "explains it on request (GDPR art. 22)",
                refers=True,
            )
        )
    if case.unlisted:
        reasons.append(
            DecisionReason(
                "unlisted",
                f"Le répertoire public ne connaît pas ce SIREN{SPACE}: vérifiez l'identité du client ("
                "extrait Kbis, avis de situation Sirene) avant de livrer",
                "The public register does not know this SIREN: check who the customer is (Kbis extract, "
                "Sirene statement) before you deliver",
                refers=True,
            )
        )
    lowest = policy.decision.minimum_confidence
    if confidence is not None and CONFIDENCES.index(confidence) < CONFIDENCES.index(lowest):
        reasons.append(
            DecisionReason(
                "confidence",
                "Pas assez de données pour se fier à la probabilité de défaillance",
                "Not enough data to rely on the probability of default",
                refers=True,
            )
        )
    stop = stop_of(found.limit)
    if stop is not None and (order.credit_eur > 0.0 or case.closed or case.open_proceeding):
        reasons.append(DecisionReason(stop.name, stop.label_fr, stop.label_en, refers=True))
    return [*reasons, *_insolvency(case, order, policy)]


def _insolvency(case: CreditCase, order: Order, policy: Policy) -> list[DecisionReason]:
    """Return the reasons from insolvency judgments; even a prepaid order is reviewed.

    Who may order after an opening depends on the judgment: the debtor, its administrator or the liquidator
    (L622-1, L622-3, L641-9 C. com.).
    """
    found = case.insolvency
    reasons = []
    if case.open_proceeding and order.credit_eur == 0.0:
        reasons.append(
            DecisionReason(
                "prepaid_in_proceeding",
                f"Commande payée d'avance à revoir par le service crédit{SPACE}: le jugement dit qui peut "
                "commander (débiteur, administrateur ou liquidateur)",
                "An order paid in advance is to be reviewed by credit: the judgment says who may order "
                "(debtor, administrator or liquidator)",
                refers=True,
            )
        )
    if found is None:
        return reasons
    notice = notice_of(found, case.as_of, policy.proceedings.declare_within_months)
    if notice.title_fr:
        reasons.append(
            DecisionReason(
                "plan" if found.has_plan else "proceeding",
                f"{notice.title_fr} {notice.todo_fr}",
                f"{notice.title_en} {notice.todo_en}",
                refers=found.is_open,
            )
        )
    if notice.unread_fr is not None and notice.unread_en is not None:
        reasons.append(DecisionReason("unread_judgment", notice.unread_fr, notice.unread_en, refers=True))
    return reasons


def _exposure_to_approve(found: OrderExposure, policy: Policy, asker: str | None) -> list[DecisionReason]:
    """Refer an exposure beyond the level of who asks, by a policy of an earlier version only."""
    if policy.unapproved_limit_eur is not None or asker is None:
        return []
    approval, ranks = approver_of(found.entity_after_eur, policy), list(APPROVERS)
    if ranks.index(approval.role) <= ranks.index(asker):
        return []
    fr, en = money(found.entity_after_eur)
    return [
        DecisionReason(
            "approval",
            f"Un encours de {fr} est à valider par{SPACE}: {approval.label_fr}",
            f"An exposure of {en} is to be approved by: {approval.label_en}",
            refers=True,
        )
    ]


def _why(asked: Question, found: OrderExposure) -> DecisionReason:
    (after_fr, after_en), (limit_fr, limit_en) = money(found.after_eur), money(found.in_force_eur)
    if asked.order.credit_eur == 0.0:
        return DecisionReason(
            "prepaid",
            f"La commande est payée avant livraison{SPACE}: elle n'augmente pas l'encours",
            "The order is paid before delivery: it adds no exposure",
        )
    if found.fits and found.after_eur > found.in_force_eur:
        return DecisionReason(
            "within_limit",
            f"L'encours après la commande ({after_fr}) dépasse le plafond ({limit_fr}), dans la marge admise",
            f"The exposure after the order ({after_en}) exceeds the limit ({limit_en}), within the tolerance",
        )
    if found.fits:
        return DecisionReason(
            "within_limit",
            f"L'encours après la commande ({after_fr}) ne dépasse pas le plafond ({limit_fr})",
            f"The exposure after the order ({after_en}) does not exceed the limit ({limit_en})",
        )
    return _why_not(asked, found)


def _why_not(asked: Question, found: OrderExposure) -> DecisionReason:
    (after_fr, after_en), (limit_fr, limit_en) = money(found.after_eur), money(found.in_force_eur)
    if found.is_tolerated:
        return DecisionReason(
            "tolerance",
            f"L'encours après la commande ({after_fr}) dépasse le plafond ({limit_fr}), dans la marge de "
            f"tolérance{SPACE}: à soumettre au service crédit",
            f"The exposure after the order ({after_en}) exceeds the limit ({limit_en}), within the "
            "tolerance: for the credit department to decide",
            refers=True,
        )
    if stop_of(found.limit) is not None:
        return DecisionReason(
            "stopped", f"Aucun crédit n'est accordé{SPACE}: la commande se paie avant livraison",
            "No credit is given: the order is to be paid before delivery",
        )  # fmt: skip
    if asked.approved_eur is None and found.after_eur <= found.recommended_eur:
        wanted_fr, wanted_en = money(found.recommended_eur)
        return DecisionReason(
            "limit_to_approve",
            f"L'encours après la commande ({after_fr}) dépasse le plafond admis sans validation ({limit_fr})"
            f"{SPACE}; le calcul recommande {wanted_fr}",
            f"The exposure after the order ({after_en}) exceeds the limit that stands without approval "
            f"({limit_en}); the calculation recommends {wanted_en}",
        )
    return DecisionReason(
        "over_limit",
        f"L'encours après la commande ({after_fr}) dépasse le plafond ({limit_fr})",
        f"The exposure after the order ({after_en}) exceeds the limit ({limit_en})",
    )
