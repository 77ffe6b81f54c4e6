"""The reasons of a decision: why an order is accepted, refused credit or referred to the credit team.

Owns the sentences and when each applies; what follows from them is `models.policy.decision.decision`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from models.law.insolvency_words import notice_of
from models.policy.approval import approver_of
from models.policy.decision.order import stop_of
from models.policy.decision.wording import money
from models.policy.sections.approval import APPROVERS
from models.policy.sections.decision import CONFIDENCES
from models.wording.numerals import SPACE

if TYPE_CHECKING:
    from models.policy.credit_case import CreditCase
    from models.policy.decision.condition import Question
    from models.policy.decision.order import Order, OrderExposure
    from models.policy.document import Policy


@dataclass(frozen=True, slots=True)
class DecisionReason:
    """A reason of a decision; `refers` is whether it refers the order to the credit team."""

    code: str
    label_fr: str
    label_en: str
    refers: bool = False


NATURAL_PERSON: Final = DecisionReason(
    "natural_person",
    f"Le client est une personne physique{SPACE}: la décision revient à une personne, qui peut "
    "s'écarter du calcul et l'explique sur demande (RGPD, art. 22)",
    "The customer is a natural person: a person decides, may depart from the calculation and "
    "explains it on request (GDPR art. 22)",
    refers=True,
)
UNLISTED: Final = DecisionReason(
    "unlisted",
    f"Le répertoire public ne connaît pas ce SIREN{SPACE}: vérifiez l'identité du client ("
    "extrait Kbis, avis de situation Sirene) avant de livrer",
    "The public register does not know this SIREN: check who the customer is (Kbis extract, "
    "Sirene statement) before you deliver",
    refers=True,
)
TOO_FEW_DATA: Final = DecisionReason(
    "confidence",
    "Pas assez de données pour se fier à la probabilité de défaillance",
    "Not enough data to rely on the probability of default",
    refers=True,
)


def reasons_of(
    question: Question, exposure: OrderExposure, policy: Policy, confidence: str | None, asker: str | None
) -> tuple[DecisionReason, ...]:
    """Return the reasons of a decision: what refers the order, then how it compares with the limit."""
    return (
        *_referrals(question.case, question.order, exposure, policy, confidence),
        *_exposure_to_approve(exposure, policy, asker),
        _why(question, exposure),
    )


def _referrals(
    case: CreditCase, order: Order, exposure: OrderExposure, policy: Policy, confidence: str | None
) -> list[DecisionReason]:
    lowest = CONFIDENCES.index(policy.decision.minimum_confidence)
    stop = stop_of(exposure.limit)
    stops = stop is not None and (order.credit_eur > 0.0 or case.closed or case.open_proceeding)
    return [
        *([NATURAL_PERSON] if case.natural_person else []),
        *([UNLISTED] if case.unlisted else []),
        *([TOO_FEW_DATA] if confidence is not None and CONFIDENCES.index(confidence) < lowest else []),
        *([DecisionReason(stop.name, stop.label_fr, stop.label_en, refers=True)] if stop and stops else []),
        *_insolvency(case, order, policy),
    ]


def _insolvency(case: CreditCase, order: Order, policy: Policy) -> list[DecisionReason]:
    """Return the reasons from insolvency judgments; even a prepaid order is reviewed.

    Who may order after an opening depends on the judgment: the debtor, its administrator or the liquidator
    (L622-1, L622-3, L641-9 C. com.).
    """
    proceeding = case.insolvency
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
    if proceeding is None:
        return reasons
    notice = notice_of(proceeding, case.as_of, policy.proceedings.declare_within_months)
    if notice.title_fr:
        reasons.append(
            DecisionReason(
                "plan" if proceeding.has_plan else "proceeding",
                f"{notice.title_fr} {notice.todo_fr}",
                f"{notice.title_en} {notice.todo_en}",
                refers=proceeding.is_open,
            )
        )
    if notice.unread_fr is not None and notice.unread_en is not None:
        reasons.append(DecisionReason("unread_judgment", notice.unread_fr, notice.unread_en, refers=True))
    return reasons


def _exposure_to_approve(exposure: OrderExposure, policy: Policy, asker: str | None) -> list[DecisionReason]:
    """Refer an exposure beyond the level of who asks, by a policy of an earlier version only."""
    if policy.unapproved_limit_eur is not None or asker is None:
        return []
    approval, ranks = approver_of(exposure.entity_after_eur, policy), list(APPROVERS)
    if ranks.index(approval.role) <= ranks.index(asker):
        return []
    fr, en = money(exposure.entity_after_eur)
    return [
        DecisionReason(
            "approval",
            f"Un encours de {fr} est à valider par{SPACE}: {approval.label_fr}",
            f"An exposure of {en} is to be approved by: {approval.label_en}",
            refers=True,
        )
    ]


def _why(question: Question, exposure: OrderExposure) -> DecisionReason:
    (after_fr, after_en), (limit_fr, limit_en) = money(exposure.after_eur), money(exposure.in_force_eur)
    if question.order.credit_eur == 0.0:
        return DecisionReason(
            "prepaid",
            f"La commande est payée avant livraison{SPACE}: elle n'augmente pas l'encours",
            "The order is paid before delivery: it adds no exposure",
        )
    if exposure.fits and exposure.after_eur > exposure.in_force_eur:
        return DecisionReason(
            "within_limit",
            f"L'encours après la commande ({after_fr}) dépasse le plafond ({limit_fr}), dans la marge admise",
            f"The exposure after the order ({after_en}) exceeds the limit ({limit_en}), within the tolerance",
        )
    if exposure.fits:
        return DecisionReason(
            "within_limit",
            f"L'encours après la commande ({after_fr}) ne dépasse pas le plafond ({limit_fr})",
            f"The exposure after the order ({after_en}) does not exceed the limit ({limit_en})",
        )
    return _why_not(question, exposure)


def _why_not(question: Question, exposure: OrderExposure) -> DecisionReason:
    (after_fr, after_en), (limit_fr, limit_en) = money(exposure.after_eur), money(exposure.in_force_eur)
    if exposure.is_tolerated:
        return DecisionReason(
            "tolerance",
            f"L'encours après la commande ({after_fr}) dépasse le plafond ({limit_fr}), dans la marge de "
            f"tolérance{SPACE}: à soumettre au service crédit",
            f"The exposure after the order ({after_en}) exceeds the limit ({limit_en}), within the "
            "tolerance: for the credit department to decide",
            refers=True,
        )
    if stop_of(exposure.limit) is not None:
        return DecisionReason(
            "stopped", f"Aucun crédit n'est accordé{SPACE}: la commande se paie avant livraison",
            "No credit is given: the order is to be paid before delivery",
        )  # fmt: skip
    if question.approved_eur is None and exposure.after_eur <= exposure.recommended_eur:
        wanted_fr, wanted_en = money(exposure.recommended_eur)
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
