"""The terms of a limit, one function each: its value in euros, what it was computed from, what it is called.

Owns each term by itself; how they combine is `models.policy.limit`'s. A value of None means unknown or not
applied, and never binds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.policy.credit_case import CreditCase

if TYPE_CHECKING:
    from models.policy.policy import Policy

__all__ = ["CreditCase", "LimitTerm"]


@dataclass(frozen=True, slots=True)
class LimitTerm:
    """One term of the calculation, and what it was computed from; `value_eur` is None where unknown."""

    name: str
    value_eur: float | None
    inputs: dict[str, float]
    label_fr: str
    label_en: str


def need(case: CreditCase) -> LimitTerm:
    """Return the exposure that the sales call for: `forecast x (terms + days late) / 365`, or the peak.

    A need of nothing is unknown: a limit of 0 would ask for prepayment of somebody who asked for nothing.
    """
    days = max(case.terms_days + case.expected_days_late, 0.0)
    forecast = case.yearly_sales_forecast_eur
    rolling = None if forecast is None else forecast * days / 365.0
    known = [value for value in (rolling, case.peak_exposure_eur) if value]
    return LimitTerm(
        "need",
        float(max(known)) if known else None,
        _known(
            yearly_sales_forecast_eur=forecast,
            terms_days=case.terms_days,
            expected_days_late=case.expected_days_late,
            peak_exposure_eur=case.peak_exposure_eur,
        ),
        "Besoin : ventes annuelles TTC × (délai + retard attendu) / 365, ou encours maximal",
        "Need: yearly sales incl. VAT × (terms + expected days late) / 365, or peak exposure",
    )


def capacity(case: CreditCase, policy: Policy) -> LimitTerm:
    """Return what the accounts can bear: the least of a share of net worth and a share of turnover.

    Of accounts that show only one of both, that one counts; a negative figure bears nothing.
    """
    of_worth = policy.capacity.net_worth_share[case.grade]
    of_sales = policy.capacity.turnover_share[case.grade]
    figures = ((case.net_worth_eur, of_worth), (case.turnover_eur, of_sales))
    known = [share * max(figure, 0.0) for figure, share in figures if figure is not None]
    return LimitTerm(
        "capacity",
        float(min(known)) if known else None,
        _known(
            net_worth_eur=case.net_worth_eur,
            net_worth_share=of_worth,
            turnover_eur=case.turnover_eur,
            turnover_share=of_sales,
        ),
        "Capacité du client : part des fonds propres et part du chiffre d'affaires",
        "The customer's capacity: a share of its net worth and a share of its turnover",
    )


def no_accounts(case: CreditCase, policy: Policy) -> LimitTerm:
    """Return the cap that stands in for the capacity where no accounts are known."""
    unknown = case.net_worth_eur is None and case.turnover_eur is None
    cap = policy.capacity.no_accounts_eur[case.grade]
    return LimitTerm(
        "no_accounts",
        cap if unknown else None,
        {"cap_eur": cap},
        "Plafond prudent faute de comptes connus",
        "Cautious cap, as no accounts are known",
    )


def expected_loss(case: CreditCase, policy: Policy) -> LimitTerm:
    """Return the most that keeps `limit x PD x LGD` within the budget; the PD has a floor."""
    probability = max(float(case.pd_12m), policy.loss.pd_floor)
    return LimitTerm(
        "expected_loss",
        policy.loss.budget_eur / (probability * policy.loss.lgd_share),
        {"budget_eur": policy.loss.budget_eur, "pd_12m": probability, "lgd_share": policy.loss.lgd_share},
        "Budget de perte attendue / (probabilité de défaillance × perte en cas de défaillance)",
        "Expected-loss budget / (probability of default × loss given default)",
    )


def starter(case: CreditCase, policy: Policy) -> LimitTerm:
    """Return the cap of a customer with few paid invoices; None once past the last step."""
    cap = next((eur for below, eur in policy.starter_steps if case.n_paid_invoices < below), None)
    return LimitTerm(
        "starter",
        cap,
        {"n_paid_invoices": float(case.n_paid_invoices)},
        "Plafond de démarrage : peu de factures payées à ce jour",
        "Starter cap: few invoices paid so far",
    )


def concentration(policy: Policy) -> LimitTerm:
    """Return the most of the seller's turnover on one customer; None where that turnover is unknown."""
    turnover, share = policy.concentration.seller_yearly_turnover_eur, policy.concentration.max_share
    return LimitTerm(
        "concentration",
        turnover * share if turnover else None,
        {"seller_yearly_turnover_eur": turnover, "max_share": share},
        "Concentration : part maximale du chiffre d'affaires du vendeur sur un client",
        "Concentration: the most of the seller's turnover on one customer",
    )


def insurance(case: CreditCase, unsecured_eur: float) -> LimitTerm:
    """Return what is secured or borne in all; None without cover.

    The uncovered quota of the insured part is taken out of the unsecured part, as far as that goes.
    """
    covered = case.insured_limit_eur * case.covered_share
    value = max(float(case.insured_limit_eur), unsecured_eur + covered) if covered > 0 else None
    return LimitTerm(
        "insurance",
        value,
        {
            "insured_limit_eur": float(case.insured_limit_eur),
            "covered_share": float(case.covered_share),
            "unsecured_eur": unsecured_eur,
        },
        "Plafond assuré, plus ce que nous acceptons à découvert (quotité non garantie déduite)",
        "Insured limit, plus what we take unsecured (less the uncovered quota)",
    )


def rests_on_cover(case: CreditCase, unsecured_eur: float) -> bool:
    """Tell whether the uncovered quota uses the unsecured part up, so that the insurer's limit decides."""
    return case.insured_limit_eur * (1.0 - case.covered_share) >= unsecured_eur


def open_proceeding(case: CreditCase) -> LimitTerm:
    """Return 0 under an open insolvency proceeding, else None."""
    return LimitTerm(
        "open_proceeding",
        0.0 if case.open_proceeding else None,
        {"open_proceeding": float(case.open_proceeding)},
        "Arrêt : procédure collective en cours",
        "Stop: an insolvency proceeding is open",
    )


def in_default(case: CreditCase) -> LimitTerm:
    """Stop credit while the customer is in default: cover taken before it does not insure new invoices."""
    return LimitTerm(
        "in_default",
        0.0 if case.in_default else None,
        {"in_default": float(case.in_default)},
        "Client en défaut : aucun crédit",
        "Customer in default: no credit",
    )


def long_overdue(case: CreditCase, policy: Policy) -> LimitTerm:
    """Return 0 where the oldest overdue invoice is older than the policy bears, else None."""
    return LimitTerm(
        "long_overdue",
        0.0 if case.oldest_overdue_days > policy.max_overdue_days else None,
        {
            "oldest_overdue_days": float(case.oldest_overdue_days),
            "max_overdue_days": float(policy.max_overdue_days),
        },
        "Arrêt : facture échue depuis trop longtemps",
        "Stop: an invoice has been overdue for too long",
    )


def _known(**values: float | None) -> dict[str, float]:
    return {name: float(value) for name, value in values.items() if value is not None}
