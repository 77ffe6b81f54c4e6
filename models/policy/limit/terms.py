"""Terms of a limit, one function each: value in euros, inputs and labels.

Owns what a customer needs and what is borne or insured; what stops credit is `limit_stops`', what caps it by
its surroundings `limit_caps`', and how terms combine `limit`'s. A value of None means unknown or not applied,
and never binds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.wording.numerals import SPACE

if TYPE_CHECKING:
    from models.policy.credit_case import CreditCase
    from models.policy.document import Policy
    from models.policy.sections.limit import CapacityRules, LossRules, StarterRules


@dataclass(frozen=True)  # without slots orjson reads its fields three times as fast
class LimitTerm:
    """One term of the calculation with its inputs; `value_eur` is None where unknown."""

    name: str
    value_eur: float | None
    inputs: dict[str, float]
    label_fr: str
    label_en: str


def need(case: CreditCase) -> LimitTerm:
    """Return the exposure needed: `forecast x (terms + days late) / 365`, or the peak if larger.

    A need of nothing is unknown: a limit of 0 would require prepayment of a customer that orders nothing.
    """
    days = max(case.terms_days + case.expected_days_late, 0.0)
    forecast = case.yearly_sales_forecast_eur
    rolling = None if forecast is None else forecast * days / 365.0
    values = [value for value in (rolling, case.peak_exposure_eur) if value]
    return LimitTerm(
        "need",
        float(max(values)) if values else None,
        _known(
            yearly_sales_forecast_eur=forecast,
            terms_days=case.terms_days,
            expected_days_late=case.expected_days_late,
            peak_exposure_eur=case.peak_exposure_eur,
        ),
        f"Besoin{SPACE}: ventes annuelles TTC × (délai + retard attendu) / 365, ou plus haut encours",
        "Need: yearly sales incl. VAT × (terms + expected days late) / 365, or peak exposure",
    )


def capacity(case: CreditCase, rules: CapacityRules) -> LimitTerm:
    """Return the lesser of a share of net worth and a share of turnover.

    Of accounts that show only one of both, that one counts; a negative figure bears nothing.
    """
    of_worth = rules.net_worth_share[case.grade]
    of_sales = rules.turnover_share[case.grade]
    figures = ((case.net_worth_eur, of_worth), (case.turnover_eur, of_sales))
    values = [share * max(figure, 0.0) for figure, share in figures if figure is not None]
    return LimitTerm(
        "capacity",
        float(min(values)) if values else None,
        _known(
            net_worth_eur=case.net_worth_eur,
            net_worth_share=of_worth,
            turnover_eur=case.turnover_eur,
            turnover_share=of_sales,
        ),
        f"Capacité du client{SPACE}: part de ses capitaux propres ou de son "
        "chiffre d'affaires, la plus faible",
        "The customer's capacity: a share of its equity or of its turnover, whichever is less",
    )


def no_accounts(case: CreditCase, rules: CapacityRules) -> LimitTerm:
    """Return the cap that replaces the capacity where no financial statements are known."""
    unknown = case.net_worth_eur is None and case.turnover_eur is None
    cap = rules.no_accounts_eur[case.grade]
    return LimitTerm(
        "no_accounts",
        cap if unknown else None,
        {"cap_eur": cap},
        "Plafond de prudence, faute de comptes connus",
        "Cautious cap, as no accounts are known",
    )


def expected_loss(case: CreditCase, rules: LossRules) -> LimitTerm:
    """Return the largest limit with `limit x PD x LGD` within the budget; the PD has a floor."""
    probability = _floored(case, rules)
    return LimitTerm(
        "expected_loss",
        rules.budget_eur / (probability * rules.lgd_share),
        {"budget_eur": rules.budget_eur, "pd_12m": probability, "lgd_share": rules.lgd_share},
        "Budget de perte attendue / (probabilité de défaillance × perte en cas de défaillance)",
        "Expected-loss budget / (probability of default × loss given default)",
    )


def value(case: CreditCase, policy: Policy) -> LimitTerm:
    """Return 0 where credit at our own risk costs more than it earns, None where it pays.

    A euro lent turns over `365 / (terms + days late)` times a year and earns the margin each time; it costs
    the expected loss, `PD x LGD`, and a year of capital. Paid at once, it lends nothing and costs nothing.
    """
    rules, probability = policy.value, _floored(case, policy.expected_loss)
    days = max(case.terms_days + case.expected_days_late, 0.0)
    earned = rules.margin_share * 365.0 / days if days else None
    cost = probability * policy.expected_loss.lgd_share + rules.capital_cost_share
    return LimitTerm(
        "value",
        None if earned is None or earned > cost else 0.0,
        _known(
            margin_share=rules.margin_share,
            terms_days=case.terms_days,
            expected_days_late=case.expected_days_late,
            earned_share=earned,
            pd_12m=probability,
            lgd_share=policy.expected_loss.lgd_share,
            capital_cost_share=rules.capital_cost_share,
            cost_share=cost,
        ),
        f"Rentabilité{SPACE}: marge × 365 / (délai + retard), comparée à la perte attendue "
        "et au coût du capital",
        "Value: margin × 365 / (terms + days late), against expected loss and cost of capital",
    )


def starter(case: CreditCase, rules: StarterRules) -> LimitTerm:
    """Return the starter cap by invoices paid on time; None past the last step."""
    late = case.n_paid_late(rules.on_time_within_days)
    on_time = max(case.n_paid_invoices - late, 0)
    step = next((one for one in rules.steps if on_time < one.below_paid_on_time), None)
    return LimitTerm(
        "starter",
        None if step is None else step.cap_eur,
        _known(
            n_paid_invoices=case.n_paid_invoices,
            n_paid_late=late,
            on_time_within_days=rules.on_time_within_days,
            n_paid_on_time=on_time,
            below_paid_on_time=None if step is None else step.below_paid_on_time,
            cap_eur=None if step is None else step.cap_eur,
        ),
        f"Plafond de démarrage{SPACE}: peu de factures payées dans les délais à ce jour",
        "Starter cap: few invoices paid on time so far",
    )


def insurance(case: CreditCase, unsecured_eur: float) -> LimitTerm:
    """Return the sum of what is insured and borne at our own risk; None without cover.

    The uncovered quota of the insured part is taken out of the unsecured part, as far as that goes.
    """
    covered = case.insured_limit_eur * case.covered_share
    secured = max(float(case.insured_limit_eur), unsecured_eur + covered) if covered > 0 else None
    return LimitTerm(
        "insurance",
        secured,
        {
            "insured_limit_eur": float(case.insured_limit_eur),
            "covered_share": float(case.covered_share),
            "uncovered_share": 1.0 - case.covered_share,
            "unsecured_eur": unsecured_eur,
        },
        "Agrément de l'assureur-crédit, plus ce que nous acceptons à notre risque "
        "(quotité non garantie déduite)",
        "Insured limit, plus what we take at our own risk (less the uncovered share)",
    )


def rests_on_cover(case: CreditCase, unsecured_eur: float) -> bool:
    """Return whether the uncovered share uses up the unsecured part, so that the insurer's limit binds."""
    return case.insured_limit_eur * (1.0 - case.covered_share) >= unsecured_eur


def _floored(case: CreditCase, rules: LossRules) -> float:
    return max(float(case.pd_12m), rules.pd_floor)


def _known(**values: float | None) -> dict[str, float]:
    return {name: float(value) for name, value in values.items() if value is not None}
