"""What would make an order acceptable, each condition computed by asking for the limit again.

Owns the conditions: those the house always makes (terms, deposit and means of payment of the grade), and
those of which one brings an order back within the limit. What is decided is `models.policy.decision`'s.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from models.numerals import SPACE
from models.policy.order import Order, room, stop_of
from models.policy.policy import MEANS_OF_PAYMENT
from models.policy.terms import longest_terms
from models.policy.wording import basis_words, days_words, means_words, money, percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.policy.credit_case import CreditCase
    from models.policy.policy import Policy

Role = Literal["alone", "always", "one_of"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, and how it goes with the others.

    Parameters
    ----------
    code
        `terms`, `deposit`, `means_of_payment`, `cover` or `prepayment`.
    value
        Days, euros of deposit, a means of payment, or the insured limit in euros.
    share
        The deposit's share of the order, or the share of a loss that the cover pays; None otherwise.
    basis
        What the days of terms count from; None otherwise.
    role
        `alone`: it is enough by itself. Else every `always` is needed, and one of the `one_of` if any.
    """

    code: str
    value: float | str
    label_fr: str
    label_en: str
    role: Role = "alone"
    share: float | None = None
    basis: str | None = None

    @property
    def cumulative(self) -> bool:
        """Whether it is not enough by itself."""
        return self.role != "alone"

    def document(self) -> dict[str, Any]:
        """Return the condition as plain JSON values."""
        return {**asdict(self), "cumulative": self.cumulative}


def met(condition: Condition, case: CreditCase, order: Order) -> tuple[CreditCase, Order]:
    """Return the case and the order as they are once a condition is met."""
    if condition.code == "terms":
        return case, replace(order, terms_days=int(condition.value), invoice_basis=str(condition.basis))
    if condition.code == "deposit":
        return case, replace(order, deposit_share=max(order.deposit_share, condition.share or 0.0))
    if condition.code == "means_of_payment":
        return case, replace(order, means_of_payment=str(condition.value))
    if condition.code == "cover":
        return _covered(case, float(condition.value), condition.share or 0.0), order
    return case, replace(order, prepaid=True)


def conditions(
    case: CreditCase, order: Order, policy: Policy, override_eur: float | None = None
) -> tuple[Condition, ...]:
    """Return what the order lacks to be acceptable; nothing where it is as it stands.

    First what the house always asks of the grade, then the ways back within the limit from there: the
    smallest deposit, the longest of the shorter terms, the smallest cover; prepayment where no deposit helps.
    """
    if order.credit_eur == 0.0:
        return ()
    house = tuple(
        made
        for made in (
            _terms(case, order, policy),
            _deposit_rule(case, order, policy),
            _means(case, order, policy),
        )
        if made is not None
    )
    if any(condition.code == "prepayment" for condition in house):
        return (_prepayment(order),)
    asked = order
    for condition in house:
        asked = met(condition, case, asked)[1]
    if room(case, asked, policy, override_eur).fits:
        role: Role = "alone" if len(house) == 1 else "always"
        return tuple(replace(condition, role=role) for condition in house)
    ways = tuple(
        found
        for found in (
            _smallest_deposit(case, asked, policy, override_eur),
            _shorter_terms(case, asked, policy, override_eur),
            _smallest_cover(case, asked, policy, override_eur),
        )
        if found is not None
    )
    if not ways:
        return (_prepayment(order),)
    role = "one_of" if house else "alone"
    return (
        *(replace(condition, role="always") for condition in house),
        *(replace(condition, role=role) for condition in ways),
        *(() if ways[0].code == "deposit" else (_prepayment(order),)),
    )


def least(fits: Callable[[int], bool], low: int, high: int) -> int | None:
    """Return the least whole number above `low`, up to `high`, that fits; None where `high` does not.

    What fits must go on fitting above it: found by halving.

    Examples
    --------
    >>> least(lambda n: n >= 37, 0, 100), least(lambda n: n >= 37, 0, 30)
    (37, None)
    """
    if high <= low or not fits(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high


def _terms(case: CreditCase, order: Order, policy: Policy) -> Condition | None:
    longest = longest_terms(case.grade, case.as_of, case.naf, policy, order.invoice_basis)
    if longest.basis == order.invoice_basis and order.terms_days <= longest.days:
        return None
    return _terms_of(longest.days, longest.basis)


def _terms_of(days: int, basis: str) -> Condition:
    if days == 0 and basis == "net":
        fr, en = "paiement à réception de la facture", "payment on receipt of the invoice"
    else:
        (days_fr, days_en), (basis_fr, basis_en) = days_words(days), basis_words(basis)
        fr = f"délai de paiement d'au plus {days_fr} {basis_fr}"
        en = f"payment terms of at most {days_en} {basis_en}"
    return Condition("terms", days, fr, en, basis=basis)


def _deposit_rule(case: CreditCase, order: Order, policy: Policy) -> Condition | None:
    share = policy.terms.deposit_share[case.grade]
    if share >= 1.0 or policy.terms.means_of_payment[case.grade] == "prepayment":
        return _prepayment(order)
    cents = math.ceil(round(order.amount_eur * 100 * share, 6))
    return None if round(order.deposit_eur * 100) >= cents else _deposit_of(cents, order)


def _deposit_of(cents: int, order: Order) -> Condition:
    share = cents / round(order.amount_eur * 100)
    if share >= 1.0:
        return _prepayment(order)
    (fr, en), (share_fr, share_en) = money(cents / 100), percent(share)
    return Condition(
        "deposit",
        cents / 100,
        f"acompte d'au moins {fr} avant livraison ({share_fr} de la commande)",
        f"deposit of at least {en} before delivery ({share_en} of the order)",
        share=share,
    )


def _means(case: CreditCase, order: Order, policy: Policy) -> Condition | None:
    rules, wanted = policy.decision, policy.terms.means_of_payment[case.grade]
    if case.p_late30 is not None and case.p_late30 > rules.max_p_late30:
        wanted = max(wanted, rules.late_means_of_payment, key=MEANS_OF_PAYMENT.index)
    if wanted == "prepayment":
        return _prepayment(order)
    if MEANS_OF_PAYMENT.index(order.means_of_payment) >= MEANS_OF_PAYMENT.index(wanted):
        return None
    fr, en = means_words(wanted)
    return Condition("means_of_payment", wanted, f"moyen de paiement{SPACE}: {fr}", f"means of payment: {en}")


def _prepayment(order: Order) -> Condition:
    fr, en = money(order.amount_eur)
    return Condition(
        "prepayment",
        order.amount_eur,
        f"paiement de la commande ({fr}) avant livraison",
        f"payment of the order ({en}) before delivery",
        share=1.0,
    )


def _smallest_deposit(
    case: CreditCase, order: Order, policy: Policy, override_eur: float | None
) -> Condition | None:
    whole = round(order.amount_eur * 100)

    def fits(cents: int) -> bool:
        return room(case, replace(order, deposit_share=cents / whole), policy, override_eur).fits

    cents = least(fits, round(order.deposit_eur * 100), whole - 1)
    return None if cents is None else _deposit_of(cents, order)


def _shorter_terms(
    case: CreditCase, order: Order, policy: Policy, override_eur: float | None
) -> Condition | None:
    def fits(fewer: int) -> bool:
        shorter = replace(order, terms_days=order.terms_days - fewer)
        return room(case, shorter, policy, override_eur).fits

    fewer = least(fits, 0, order.terms_days)
    return None if fewer is None else _terms_of(order.terms_days - fewer, order.invoice_basis)


def _smallest_cover(
    case: CreditCase, order: Order, policy: Policy, override_eur: float | None
) -> Condition | None:
    found = room(case, order, policy, override_eur)
    if override_eur is not None or stop_of(found.limit) is not None:
        return None
    share = case.covered_share or policy.decision.cover_share

    def fits(euros: int) -> bool:
        return room(_covered(case, float(euros), share), order, policy).fits

    most = math.ceil(found.after_eur + case.entity_open_eur + policy.step_eur)
    euros = least(fits, math.floor(case.insured_limit_eur), most)
    if euros is None:
        return None
    (fr, en), (share_fr, share_en) = money(float(euros)), percent(share)
    return Condition(
        "cover",
        float(euros),
        f"agrément de l'assureur-crédit d'au moins {fr} (quotité garantie{SPACE}: {share_fr})",
        f"credit insurance with an insured limit of at least {en} (covered share: {share_en})",
        share=share,
    )


def _covered(case: CreditCase, insured_eur: float, share: float) -> CreditCase:
    return replace(case, insured_limit_eur=insured_eur, covered_share=share, insured_currency=case.currency)
