"""What a reason names with its value and what that is compared with, in French and English.

Owns the words of the comparison, and whether they contradict the direction of the reason. The comparison is
with the average of the customer's sector, of all customers, or with the customer's own past.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.explain.reason_words import BY_NAME, NO_HISTORY, value_text
from models.explain.typical_values import NO_TYPICAL_VALUES, SECTOR, TypicalValues
from models.wording.numerals import SPACE

if TYPE_CHECKING:
    from models.explain.reasons import Reason
    from models.explain.typical_values import Typical
    from models.features.table import Feature

FAULTS = ("overdue", "disputes", "signals", "filings")
"""Groups of which any is a fault, also where the average customer has more."""
NOT_SAID = ("calendar", "invoice_age")
"""Groups about one invoice's dates: no reason to repeat about a customer."""
EXPECTED_SIGN: dict[str, int] = {
    **dict.fromkeys(
        (
            "alike_p10", "days_since_last_payment", "open_eur", "open_count", "open_to_month", "limit_use",
            "disputed_eur", "signal_dispute_365d", "signal_change_of_activity_365d",
            "days_since_last_invoice", "accounts_age_days", "accounts_confidential", "long_debt_ratio",
            "debt_to_ebitda", "amount_to_usual", "amount_eur", "inventory_days", "receivable_days",
        ),
        1,
    ),
    **dict.fromkeys(
        (
            "alike_weight", "accounts_years", "total_assets", "turnover", "gross_margin", "sales_growth",
            "turnover_growth", "total_assets_growth", "headcount", "invoiced_365d_eur", "invoiced_90d_eur",
            "invoices_365d",
        ),
        -1,
    ),
}  # fmt: skip
"""Effect on the risk that a reader expects of an increase, where the feature contract leaves it open."""
_EXPECTED_PREFIX = {"days_late_mean": 1, "days_late_spread": 1, "n_paid": -1}
NO_PAYMENT = "Aucun paiement connu à ce jour", "No payment is known so far"
_OWN_PAST = {
    "days_late_trend": 0.0,
    "days_late_surprise": 0.0,
    "overdue_surprise": 0.0,
    "amount_to_usual": 1.0,
}
"""Features that compare with the customer's own past already, with the value of no change."""
SECTOR_RATES = {"late30": "peer_late30_rate", "default12": "peer_default_rate"}
"""The rate by which sectors compare, by target."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a customer is compared with.

    Parameters
    ----------
    typical
        Of the published night.
    sector
        The customer's, as the code of `sector_section`; None where unknown.
    unpaid
        Whether the customer has no paid invoice on record.
    """

    typical: TypicalValues = NO_TYPICAL_VALUES
    sector: int | None = None
    unpaid: bool = False


def compared_words(
    reason: Reason, target: str, with_: Comparison, base: float | None = None
) -> tuple[str, str] | None:
    """Return a reason with its comparison in both languages.

    Parameters
    ----------
    target
        What the probability is of: `late30` or `default12`.
    base
        The average customer's, that the reasons start from, in [0, 1]; with it, an estimate of the same
        probability from the customer's habits is compared.

    Returns
    -------
    None where the words would contradict the direction of the reason, or say nothing: a good value that
    raises the risk or a bad one that lowers it, the average value, something unknown that lowers it.
    """
    if reason.feature is None or reason.feature not in BY_NAME:
        return reason.sentence_fr, reason.sentence_en
    feature, value, raises = BY_NAME[reason.feature], reason.value, reason.contribution > 0
    blank = with_.unpaid and feature.group in NO_HISTORY and not value
    if feature.group in NOT_SAID or ((blank or value is None) and not raises):
        return None
    if blank or value is None:
        return NO_PAYMENT if blank else _unknown(feature)
    if with_.unpaid and feature.unit == "log_odds":
        return _habits_of_all(feature, value)
    return _known(feature, value, target, with_, base, raises=raises)


def _known(
    feature: Feature, value: float, target: str, with_: Comparison, base: float | None, *, raises: bool
) -> tuple[str, str] | None:
    if feature.name == SECTOR:
        return _sector(feature, value, SECTOR_RATES.get(target, ""), raises=raises, typical=with_.typical)
    is_estimate = target == "late30" and feature.unit == "log_odds" and feature.name.endswith("_30")
    if base is not None and is_estimate:
        return _with_base(feature, value, base, raises=raises)
    # Rates of peers are those of the sector already.
    sector = None if feature.group == "peers" else with_.sector
    typical = None if feature.name in _OWN_PAST else with_.typical.find(feature.name, sector)
    if _contradicts(feature, value, typical, raises=raises):
        return None
    if typical is not None and _is_fault(feature, value, raises=raises) and value <= typical.value:
        typical = None
    return _own_past(feature, value) or _with_average(feature, value, typical)


def expected_sign(feature: Feature) -> int:
    """Return the effect on the risk that a reader expects of an increase: 1, -1, or 0 for none."""
    if feature.sign:
        return feature.sign
    by_prefix = (sign for prefix, sign in _EXPECTED_PREFIX.items() if feature.name.startswith(prefix))
    return EXPECTED_SIGN.get(feature.name, next(by_prefix, 0))


def _contradicts(feature: Feature, value: float, typical: Typical | None, *, raises: bool) -> bool:
    sign = expected_sign(feature)
    if feature.categorical or feature.unit in ("code", "flag"):
        return sign != 0 and (value > 0) != (raises == (sign > 0))
    if feature.name in _OWN_PAST:
        usual = _OWN_PAST[feature.name]
        return value_text(feature, abs(value)) == value_text(feature, 0.0) or (value > usual) != raises
    against = None if typical is None else typical.value
    if against is None:
        # Without a comparison, only none at all speaks for itself.
        return sign != 0 and value <= 0 and raises == (sign > 0)
    if _is_fault(feature, value, raises=raises):
        return False
    if value_text(feature, value) == value_text(feature, against):
        return True
    return sign != 0 and ((value > against) == (sign > 0)) != raises


def _is_fault(feature: Feature, value: float, *, raises: bool) -> bool:
    return feature.group in FAULTS and raises and value > 0 and expected_sign(feature) > 0


def _label(feature: Feature) -> tuple[str, str]:
    fr, en = feature.label_fr, feature.label_en
    return f"{fr[0].upper()}{fr[1:]}", f"{en[0].upper()}{en[1:]}"


def _habits_of_all(feature: Feature, value: float) -> tuple[str, str]:
    """Say whose habits count for a customer without payments: its curve is that of all customers."""
    (label_fr, label_en), (fr, en) = _label(feature), value_text(feature, value)
    what_fr, what_en = label_fr.split(" d'après ")[0], label_en.split(", judging by ")[0]
    return (
        f"{what_fr} d'après l'ensemble des clients, faute d'historique{SPACE}: {fr}",
        f"{what_en}, judging by all customers for want of history: {en}",
    )


def _unknown(feature: Feature) -> tuple[str, str]:
    fr, en = _label(feature)
    return f"{fr}{SPACE}: donnée inconnue", f"{en}: unknown"


def _with_average(feature: Feature, value: float, typical: Typical | None) -> tuple[str, str]:
    (label_fr, label_en), (fr, en) = _label(feature), value_text(feature, value)
    fr, en = f"{label_fr}{SPACE}: {fr}", f"{label_en}: {en}"
    if typical is None:
        return fr, en
    other_fr, other_en = value_text(feature, typical.value)
    whose_fr, whose_en = (
        ("dans son secteur", "in its sector")
        if typical.of_sector
        else ("chez vos clients", "among your customers")
    )
    if feature.categorical or feature.unit in ("code", "flag"):
        if value == typical.value:
            return f"{fr}, comme le plus souvent {whose_fr}", f"{en}, as most often {whose_en}"
        return f"{fr}, le plus souvent {other_fr} {whose_fr}", f"{en}, most often {other_en} {whose_en}"
    return (
        f"{fr}, contre {other_fr} en moyenne {whose_fr}",
        f"{en}, against {other_en} on average {whose_en}",
    )


def _with_base(feature: Feature, value: float, base: float, *, raises: bool) -> tuple[str, str] | None:
    """Compare an estimate of the probability itself with the average customer's."""
    average = math.log(base / (1 - base)) if 0 < base < 1 else 0.0
    (label_fr, label_en), (fr, en) = _label(feature), value_text(feature, value)
    other_fr, other_en = value_text(feature, average)
    if fr == other_fr or (value > average) != raises:
        return None
    return (
        f"{label_fr}{SPACE}: {fr}, contre {other_fr} pour un client moyen",
        f"{label_en}: {en}, against {other_en} for an average customer",
    )


def _sector(
    feature: Feature, value: float, rate: str, *, raises: bool, typical: TypicalValues
) -> tuple[str, str] | None:
    """Compare a sector with all customers, by their rate of late payment or of default."""
    (label_fr, label_en), (fr, en) = _label(feature), value_text(feature, value)
    fr, en = f"{label_fr}{SPACE}: {fr}", f"{label_en}: {en}"
    own, every = typical.sectors.get(int(value), {}).get(rate), typical.everyone.get(rate)
    if own is None or every is None:
        return fr, en
    (own_fr, own_en), (every_fr, every_en) = (value_text(BY_NAME[rate], one) for one in (own, every))
    if own_fr == every_fr or (own > every) != raises:
        return None
    what_fr, what_en = (
        ("de défaillances", "of defaults")
        if rate == SECTOR_RATES["default12"]
        else ("de factures à plus de 30 jours de retard", "of invoices more than 30 days late")
    )
    return (
        f"{fr}, {own_fr} {what_fr}, contre {every_fr} chez vos clients",
        f"{en}, {own_en} {what_en}, against {every_en} among your customers",
    )


def _own_past(feature: Feature, value: float) -> tuple[str, str] | None:
    """Compare with the customer's own past; None for a feature that does not."""
    if feature.name == "days_late_trend":
        days_fr, days_en = (text.lstrip("+\N{MINUS SIGN}") for text in value_text(feature, abs(value)))
        than_fr, than_en = ("plus tard", "later") if value > 0 else ("plus tôt", "earlier")
        return (
            f"Paie {days_fr} {than_fr} sur 90 jours que sur 12 mois",
            f"Pays {days_en} {than_en} over 90 days than over 12 months",
        )
    if feature.name not in _OWN_PAST:
        return None
    times_fr, times_en = value_text(feature, value)
    if feature.name == "amount_to_usual":
        return (
            f"Montant{SPACE}: {times_fr} sa facture moyenne",
            f"Amount: {times_en} its mean invoice",
        )
    what_fr, what_en = (
        ("Retard en cours", "Current lateness")
        if feature.name == "overdue_surprise"
        else ("Retard récent", "Recent lateness")
    )
    if value <= 0:
        return f"{what_fr} inférieur à ses habitudes", f"{what_en} below its usual"
    return f"{what_fr}{SPACE}: {times_fr} ses écarts habituels", f"{what_en}: {times_en} its usual variation"
