"""Conditions that make an order acceptable, each verified by computing the limit again.

Owns the conditions: those the house always makes (terms, deposit and means of payment of the grade), those of
which one brings an order back within the limit, and the choice of the fewest that suffice. What is decided is
`models.policy.decision.decision`'s.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from models.policy.approval import approver_of
from models.policy.decision.condition import Condition, Question, all_met, covered, met
from models.policy.decision.order import stop_of, to_next_step
from models.policy.decision.wording import basis_words, days_words, means_words, money, percent
from models.policy.means_of_payment import MEANS_OF_PAYMENT
from models.policy.terms import longest_terms
from models.wording.numerals import SPACE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.policy.approval import Approver
    from models.policy.credit_case import CreditCase
    from models.policy.decision.condition import ConditionRole
    from models.policy.decision.order import Order
    from models.policy.document import Policy


def is_acceptable(question: Question, policy: Policy) -> bool:
    """Return whether an order meets the conditions of its grade and fits the limit."""
    if question.order.credit_eur == 0.0:
        return True
    return not _house(question, policy) and question.exposure(policy).fits


def conditions(question: Question, policy: Policy) -> tuple[Condition, ...]:
    """Return the conditions that the order lacks to be acceptable; empty where it is.

    First what the house always asks of the grade, then the ways back within the limit from there: the
    smallest deposit, the longest of the shorter terms, the smallest cover, the approval of a limit that is
    recommended; prepayment where no deposit helps. Each occurs once: a way that only tightens what the
    house asks for takes its place, and no other way is shown, for it would take one condition more.
    """
    order = question.order
    if order.credit_eur == 0.0:
        return ()
    house = _house(question, policy)
    if any(condition.code == "prepayment" for condition in house):
        return (_prepayment(order),)
    then = all_met(house, question)
    if then.exposure(policy).fits:
        return _together(house)
    ways = tuple(
        condition
        for condition in (
            _smallest_deposit(then, policy),
            _shorter_terms(then, policy),
            _smallest_cover(then, policy),
            _approval(then, policy),
        )
        if condition is not None
    )
    if not ways:
        return (_prepayment(order),)
    codes = {condition.code for condition in house}
    tighter = next((way for way in ways if way.code in codes), None)
    if tighter is not None and policy.unapproved_limit_eur is not None:
        return _together(tuple(tighter if one.code == tighter.code else one for one in house))
    role: ConditionRole = "one_of" if house else "alone"
    return (
        *(replace(condition, role="always") for condition in house),
        *(replace(condition, role=role) for condition in ways),
        *(() if ways[0].code == "deposit" else (_prepayment(order),)),
    )


def sufficient(
    made: Sequence[Condition], is_enough: Callable[[Sequence[Condition]], bool]
) -> tuple[Condition, ...]:
    """Drop every condition that does not lead to an acceptance.

    Parameters
    ----------
    is_enough
        Decides again: tells whether the order is accepted once these conditions are met.
    """
    always = [one for one in made if one.role == "always"]
    ways = [one for one in made if one.role == "one_of"]
    alone = [one for one in made if one.role == "alone" and is_enough([one])]
    left = [way for way in ways if is_enough([*always, way])]
    if len(left) == 1:
        always, left = [*always, replace(left[0], role="always")], []
    elif not left and (ways or not always or not is_enough(always)):
        always = []
    return (*always, *left, *alone)


def _house(question: Question, policy: Policy) -> tuple[Condition, ...]:
    """Return the conditions of the grade, each computed with the earlier ones met."""
    made: list[Condition] = []
    for rule in (_terms, _deposit_rule, _means):
        condition = rule(question.case, question.order, policy)
        if condition is not None:
            made.append(condition)
            question = met(condition, question)
    return tuple(made)


def _together(made: Sequence[Condition]) -> tuple[Condition, ...]:
    role: ConditionRole = "alone" if len(made) == 1 else "always"
    return tuple(replace(condition, role=role) for condition in made)


def _is_back(question: Question, policy: Policy) -> bool:
    """Return whether an order is back within the limit.

    To come back within the tolerance may take a cent: nothing so trivial is required, but by policies of an
    earlier version.
    """
    exposure = question.exposure(policy)
    return exposure.fits if policy.unapproved_limit_eur is None else exposure.is_within_limit


def approver_needed(question: Question, policy: Policy) -> Approver:
    """Return the approver of a limit that allows the order, counted by legal entity."""
    wanted = to_next_step(question.exposure(policy).after_eur, policy)
    return approver_of(wanted + question.case.entity_open_eur, policy)


def least(fits: Callable[[int], bool], low: int, high: int) -> int | None:
    """Return the least integer in (low, high] that fits, by bisection; None where `high` does not.

    What fits must go on fitting above it: the search halves the range.

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
    # An order with the share asked for has the deposit asked for, to the cent that it is rounded to.
    cents = round(round(order.amount_eur * 100) * share)
    if policy.unapproved_limit_eur is None:
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


def _smallest_deposit(question: Question, policy: Policy) -> Condition | None:
    order = question.order
    whole = round(order.amount_eur * 100)

    def fits(cents: int) -> bool:
        return _is_back(replace(question, order=replace(order, deposit_share=cents / whole)), policy)

    cents = least(fits, round(order.deposit_eur * 100), whole - 1)
    return None if cents is None else _deposit_of(cents, order)


def _shorter_terms(question: Question, policy: Policy) -> Condition | None:
    order = question.order

    def fits(fewer: int) -> bool:
        return _is_back(question.on_terms(order.terms_days - fewer, order.invoice_basis), policy)

    fewer = least(fits, 0, order.terms_days)
    return None if fewer is None else _terms_of(order.terms_days - fewer, order.invoice_basis)


def _smallest_cover(question: Question, policy: Policy) -> Condition | None:
    exposure, case = question.exposure(policy), question.case
    if question.approved_eur is not None or stop_of(exposure.limit) is not None:
        return None
    share = case.covered_share or policy.decision.cover_share

    def fits(euros: int) -> bool:
        return _is_back(replace(question, case=covered(case, float(euros), share)), policy)

    most = math.ceil(exposure.after_eur + case.entity_open_eur + policy.limit.step_eur)
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


def _approval(question: Question, policy: Policy) -> Condition | None:
    """Return the approval of a limit that is recommended and needs an approval."""
    exposure = question.exposure(policy)
    if (
        question.approved_eur is not None
        or not exposure.in_force_eur < exposure.after_eur <= exposure.recommended_eur
    ):
        return None
    wanted = to_next_step(exposure.after_eur, policy)
    approver, (fr, en) = approver_needed(question, policy), money(wanted)
    return Condition(
        "approval",
        wanted,
        f"plafond de {fr}, que le calcul recommande, à valider par{SPACE}: {approver.label_fr}",
        f"a limit of {en}, which the calculation recommends, to be approved by: {approver.label_en}",
    )
