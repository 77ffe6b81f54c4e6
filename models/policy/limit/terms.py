"""Terms of a limit: each one's value in euros, and its description with inputs and labels.

Owns what a customer needs and what is borne or insured; what stops credit is `stops`', what caps it by its
surroundings `caps`', and how terms combine `limit`'s. A value of None means unknown or not applied, and never
binds. The value of a term, such as `need_eur`, is apart from its description, such as `need`: a portfolio
computes many limits and describes few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.wording.numerals import SPACE

if TYPE_CHECKING:
    from models.policy.credit_case import CreditCase
    from models.policy.document import Policy
    from models.policy.sections.limit import CapacityRules, LossRules, StarterRules, StarterStep


Amount = tuple[str, float | None]
"""The name of a term and its value in euros; None where unknown or not applied."""


@dataclass(frozen=True)  # without slots orjson reads its fields three times as fast
class LimitTerm:
    """One term of the calculation with its inputs; `value_eur` is None where unknown."""

    name: str
    value_eur: float | None
    inputs: dict[str, float]
    label_fr: str
    label_en: str

    @property
    def amount(self) -> Amount:
        """The term's name and value."""
        return self.name, self.value_eur


def need_eur(case: CreditCase) -> float | None:
    """Return the exposure needed: `forecast x (terms + days late) / 365`, or the peak if larger.

    A need of nothing is unknown: a limit of 0 would require prepayment of a customer that orders nothing.
    """
    forecast = case.yearly_sales_forecast_eur
    rolling = 0.0 if forecast is None else forecast * _credit_days(case) / 365.0
    most = max(rolling, case.peak_exposure_eur or 0.0)
    return float(most) if most else None


def need(case: CreditCase) -> LimitTerm:
    """Describe the exposure needed."""
    return LimitTerm(
        "need",
        need_eur(case),
        _known(
            yearly_sales_forecast_eur=case.yearly_sales_forecast_eur,
            terms_days=case.terms_days,
            expected_days_late=case.expected_days_late,
            peak_exposure_eur=case.peak_exposure_eur,
        ),
        f"Besoin{SPACE}: ventes annuelles TTC × (délai + retard attendu) / 365, ou plus haut encours",
        "Need: yearly sales incl. VAT × (terms + expected days late) / 365, or peak exposure",
    )


def capacity_eur(case: CreditCase, rules: CapacityRules) -> float | None:
    """Return the lesser of a share of net worth and a share of turnover.

    Of accounts that show only one of both, that one counts; a negative figure bears nothing.
    """
    net_worth_eur, turnover_eur = case.net_worth_eur, case.turnover_eur
    of_worth = None if net_worth_eur is None else rules.net_worth_share[case.grade] * max(net_worth_eur, 0.0)
    of_sales = None if turnover_eur is None else rules.turnover_share[case.grade] * max(turnover_eur, 0.0)
    if of_worth is None or of_sales is None:
        return of_sales if of_worth is None else of_worth
    return min(of_worth, of_sales)


def capacity(case: CreditCase, rules: CapacityRules) -> LimitTerm:
    """Describe the customer's capacity."""
    return LimitTerm(
        "capacity",
        capacity_eur(case, rules),
        _known(
            net_worth_eur=case.net_worth_eur,
            net_worth_share=rules.net_worth_share[case.grade],
            turnover_eur=case.turnover_eur,
            turnover_share=rules.turnover_share[case.grade],
        ),
        f"Capacité du client{SPACE}: part de ses capitaux propres ou de son "
        "chiffre d'affaires, la plus faible",
        "The customer's capacity: a share of its equity or of its turnover, whichever is less",
    )


def no_accounts_eur(case: CreditCase, rules: CapacityRules) -> float | None:
    """Return the cap that replaces the capacity where no financial statements are known."""
    unknown = case.net_worth_eur is None and case.turnover_eur is None
    return rules.no_accounts_eur[case.grade] if unknown else None


def no_accounts(case: CreditCase, rules: CapacityRules) -> LimitTerm:
    """Describe the cap that replaces the capacity."""
    return LimitTerm(
        "no_accounts",
        no_accounts_eur(case, rules),
        {"cap_eur": rules.no_accounts_eur[case.grade]},
        "Plafond de prudence, faute de comptes connus",
        "Cautious cap, as no accounts are known",
    )


def within_budget_eur(case: CreditCase, rules: LossRules) -> float:
    """Return the largest limit with `limit x PD x LGD` within the budget; the PD has a floor."""
    return rules.budget_eur / (_floored(case, rules) * rules.lgd_share)


def expected_loss(case: CreditCase, rules: LossRules) -> LimitTerm:
    """Describe the largest limit within the budget of losses."""
    return LimitTerm(
        "expected_loss",
        within_budget_eur(case, rules),
        {"budget_eur": rules.budget_eur, "pd_12m": _floored(case, rules), "lgd_share": rules.lgd_share},
        "Budget de perte attendue / (probabilité de défaillance × perte en cas de défaillance)",
        "Expected-loss budget / (probability of default × loss given default)",
    )


def value_eur(case: CreditCase, policy: Policy) -> float | None:
    """Return 0 where credit at our own risk costs more than it earns, None where it pays.

    A euro lent turns over `365 / (terms + days late)` times a year and earns the margin each time; it costs
    the expected loss, `PD x LGD`, and a year of capital. Paid at once, it lends nothing and costs nothing.
    """
    earned = _earned_share(case, policy)
    return None if earned is None or earned > _cost_share(case, policy) else 0.0


def value(case: CreditCase, policy: Policy) -> LimitTerm:
    """Describe what credit at our own risk earns and costs."""
    return LimitTerm(
        "value",
        value_eur(case, policy),
        _known(
            margin_share=policy.value.margin_share,
            terms_days=case.terms_days,
            expected_days_late=case.expected_days_late,
            earned_share=_earned_share(case, policy),
            pd_12m=_floored(case, policy.expected_loss),
            lgd_share=policy.expected_loss.lgd_share,
            capital_cost_share=policy.value.capital_cost_share,
            cost_share=_cost_share(case, policy),
        ),
        f"Rentabilité{SPACE}: marge × 365 / (délai + retard), comparée à la perte attendue "
        "et au coût du capital",
        "Value: margin × 365 / (terms + days late), against expected loss and cost of capital",
    )


def starter_eur(case: CreditCase, rules: StarterRules) -> float | None:
    """Return the starter cap by invoices paid on time; None past the last step."""
    step = _starter_step(_paid_on_time(case, rules), rules)
    return None if step is None else step.cap_eur


def starter(case: CreditCase, rules: StarterRules) -> LimitTerm:
    """Describe the starter cap."""
    late = case.n_paid_late(rules.on_time_within_days)
    on_time = _paid_on_time(case, rules)
    step = _starter_step(on_time, rules)
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


def insurance_eur(case: CreditCase, unsecured_eur: float) -> float | None:
    """Return the sum of what is insured and borne at our own risk; None without cover.

    The uncovered quota of the insured part is taken out of the unsecured part, as far as that goes.
    """
    covered = case.insured_limit_eur * case.covered_share
    return max(float(case.insured_limit_eur), unsecured_eur + covered) if covered > 0 else None


def insurance(case: CreditCase, unsecured_eur: float) -> LimitTerm:
    """Describe what is insured and borne at our own risk."""
    return LimitTerm(
        "insurance",
        insurance_eur(case, unsecured_eur),
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


def _credit_days(case: CreditCase) -> float:
    return max(case.terms_days + case.expected_days_late, 0.0)


def _earned_share(case: CreditCase, policy: Policy) -> float | None:
    days = _credit_days(case)
    return policy.value.margin_share * 365.0 / days if days else None


def _cost_share(case: CreditCase, policy: Policy) -> float:
    rules = policy.expected_loss
    return _floored(case, rules) * rules.lgd_share + policy.value.capital_cost_share


def _paid_on_time(case: CreditCase, rules: StarterRules) -> int:
    return max(case.n_paid_invoices - case.n_paid_late(rules.on_time_within_days), 0)


def _starter_step(on_time: int, rules: StarterRules) -> StarterStep | None:
    for step in rules.steps:
        if on_time < step.below_paid_on_time:
            return step
    return None


def _known(**values: float | None) -> dict[str, float]:
    return {name: float(value) for name, value in values.items() if value is not None}
