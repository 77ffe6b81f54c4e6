"""Provisions on receivables at a closing: by IFRS 9's matrix, by default probabilities, by French accounts.

Owns the provision of each claim in whole cents, so that every total is the sum of its lines. Three views of
the same claims:

- matrix: own risk, less doubtful claims, by the loss rate of its band; a doubtful claim is impaired and
  counts with its French provision;
- probability: own risk by the probability that its customer defaults before it is paid, and the loss given
  default; a doubtful claim as above. Not discounted: the terms are short;
- French accounts: doubtful claims alone (416), excl. VAT and insured part, by the rate of their reason (491).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from models.errors import CreditError
from models.portfolio.aging import BANDS, band_of
from models.portfolio.provision_matrix import share_cents

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from models.policy.sections.provisions import ProvisionRules
    from models.portfolio.claims import Claim
    from models.portfolio.provision_matrix import LossRates

YEAR_DAYS = 365.0
P10_WEIGHT, P50_WEIGHT = 0.3, 0.4
"""Swanson's weights of P10 and P90, and of P50, in a mean."""


@dataclass(frozen=True, slots=True)
class ClaimRisk:
    """Default risk of a claim as a night estimated it.

    Parameters
    ----------
    pd_12m
        Probability that its customer defaults within 12 months, in [0, 1].
    expected_paid_on
        Mean of its payment day.
    """

    pd_12m: float
    expected_paid_on: dt.date

    def pd_until_paid(self, as_of: dt.date) -> float:
        """Return the probability of default until it is paid: constant hazard, a day at least.

        Examples
        --------
        >>> import datetime as dt
        >>> round(ClaimRisk(0.02, dt.date(2026, 3, 1)).pd_until_paid(dt.date(2026, 1, 1)), 6)
        0.00326
        """
        days = max((self.expected_paid_on - as_of).days, 1)
        return float(1.0 - (1.0 - self.pd_12m) ** (days / YEAR_DAYS))


@dataclass(frozen=True, slots=True)
class ProvisionLine:
    """Provisions of one claim, in whole cents.

    Parameters
    ----------
    open_cents, insured_cents
        Amount incl. VAT still owed, and the part that an insurer would pay.
    status
        `sound`, `lost`, or why it is doubtful.
    booked
        Whether the books closed the lost claim already; it is then no open amount of the balance.
    excl_vat_cents
        Own risk excl. VAT.
    rate, matrix_cents
        Loss rate of its band, in [0, 1], and the provision by the matrix.
    pd, probability_cents
        Probability of default until it is paid, and the provision by it; None where no night knows it.
    french_rate, french_cents
        Share of `excl_vat_cents` that French accounts provide for, and that provision.
    """

    invoice_id: str
    customer_id: str
    name: str | None
    issued_on: dt.date
    due_on: dt.date
    segment: str
    band: str
    status: str
    booked: bool
    open_cents: int
    insured_cents: int
    excl_vat_cents: int
    rate: float
    matrix_cents: int
    pd: float | None
    probability_cents: int | None
    french_rate: float
    french_cents: int

    @property
    def own_risk_cents(self) -> int:
        """Amount incl. VAT at own risk."""
        return self.open_cents - self.insured_cents

    @property
    def is_lost(self) -> bool:
        """Whether it is certainly lost."""
        return self.status == "lost"

    @property
    def is_doubtful(self) -> bool:
        """Whether it is doubtful, and not lost yet."""
        return self.status not in ("sound", "lost")

    def document(self) -> dict[str, Any]:
        """Return the line as plain JSON values: euros, dates in ISO form."""
        values = asdict(self)
        for name in [name for name in values if name.endswith("_cents")]:
            cents = values.pop(name)
            values[name.replace("_cents", "_eur")] = None if cents is None else cents / 100
        return {**values, "issued_on": self.issued_on.isoformat(), "due_on": self.due_on.isoformat()}


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One band of one segment: the sums of its sound claims, in whole cents."""

    segment: str
    band: str
    invoices: int
    open_cents: int
    insured_cents: int
    rate: float
    matrix_cents: int


def mean_days_late(p10: float, p50: float, p90: float) -> float:
    """Return the mean of a distribution of days late by its quantiles (Swanson's rule).

    Examples
    --------
    >>> mean_days_late(0.0, 10.0, 50.0)
    19.0
    """
    return P10_WEIGHT * (p10 + p90) + P50_WEIGHT * p50


def provision_lines(
    claims: Iterable[Claim],
    as_of: dt.date,
    rates: Mapping[str, LossRates],
    rules: ProvisionRules,
    lgd_share: float,
    risks: Mapping[str, ClaimRisk] | None = None,
) -> tuple[ProvisionLine, ...]:
    """Provide for each claim.

    Parameters
    ----------
    rates
        Loss rates by segment; the empty name for those without one.
    lgd_share
        Loss given default, in [0, 1].
    risks
        By invoice; None where no night was stored.

    Raises
    ------
    CreditError
        An invoice comes twice, or owes nothing.
    """
    found: dict[str, ProvisionLine] = {}
    for claim in claims:
        if claim.invoice_id in found or not 0 <= claim.insured_cents <= claim.open_cents > 0:
            raise CreditError(
                f"invoice {claim.invoice_id} comes twice, or owes nothing; give each open one once"
            )
        risk = None if risks is None else risks.get(claim.invoice_id)
        found[claim.invoice_id] = _line(claim, as_of, rates, rules, lgd_share, risk)
    return tuple(found.values())


def _line(
    claim: Claim,
    as_of: dt.date,
    rates: Mapping[str, LossRates],
    rules: ProvisionRules,
    lgd_share: float,
    risk: ClaimRisk | None,
) -> ProvisionLine:
    band = band_of((as_of - claim.due_on).days)
    status = "lost" if claim.lost_on is not None else claim.reason or "sound"
    own_cents = claim.open_cents - claim.insured_cents
    excl_vat_cents = int(own_cents / (1 + rules.vat_share) + 0.5)
    rate = rates.get(claim.segment, rates[""]).rate(band)
    french_rate = 0.0 if status in ("sound", "lost") else rules.doubtful_rates[status]
    french_cents = share_cents(excl_vat_cents, french_rate)
    pd = None if risk is None else risk.pd_until_paid(as_of)
    matrix_cents, probability_cents = french_cents, french_cents if risk is not None else None
    if status == "sound":
        matrix_cents = share_cents(own_cents, rate)
        probability_cents = None if pd is None else share_cents(own_cents, pd * lgd_share)
    return ProvisionLine(
        claim.invoice_id,
        claim.customer_id,
        claim.name,
        claim.issued_on,
        claim.due_on,
        claim.segment,
        band,
        status,
        claim.booked,
        claim.open_cents,
        claim.insured_cents,
        excl_vat_cents,
        rate if status == "sound" else french_rate,
        matrix_cents,
        pd,
        probability_cents,
        french_rate,
        french_cents,
    )


def matrix_rows(lines: Sequence[ProvisionLine]) -> list[MatrixRow]:
    """Return the matrix: sound claims by segment and band."""
    groups: dict[tuple[str, str], list[ProvisionLine]] = defaultdict(list)
    for line in lines:
        if line.status == "sound":
            groups[line.segment, line.band].append(line)
    return [
        MatrixRow(
            segment,
            band,
            len(own),
            sum(line.open_cents for line in own),
            sum(line.insured_cents for line in own),
            own[0].rate,
            sum(line.matrix_cents for line in own),
        )
        for segment in sorted({name for name, _ in groups})
        for band in BANDS
        if (own := groups.get((segment, band)))
    ]
