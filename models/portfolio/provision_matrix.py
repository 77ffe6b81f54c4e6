"""Provision matrix of IFRS 9's simplified approach (5.5.15): loss rates by band of days past due.

Owns flow rates, how they accumulate to loss rates, and the forward-looking adjustment. Amounts are whole
cents. `models.portfolio.flow_history` measures the flows on a ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal, Self

from models.errors import CreditError
from models.policy.sections.portfolio_risk import PortfolioRiskRules
from models.portfolio.aging import BANDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RateSource = Literal["own", "portfolio", "default"]
"""Where a segment's rates come from: its own flows, those of the whole portfolio, or the policy."""
_STANDARD_NORMAL = NormalDist()
_BASEL = PortfolioRiskRules()


@dataclass(frozen=True, slots=True)
class Flow:
    """What sound claims entered a band, and what of them went on, or became impaired.

    Parameters
    ----------
    entered_cents
        Amount of sound claims that entered, from 0.
    passed_cents
        What of it entered the next band as sound, or was lost after the last one.
    invoices
        Number of invoices that entered.
    impaired_cents
        What of it was open on a customer in default when it would have entered the next band: it counts as
        lost.
    """

    entered_cents: int
    passed_cents: int
    invoices: int = 0
    impaired_cents: int = 0

    @property
    def rate(self) -> float:
        """Share that went on, in [0, 1]; 0 where nothing entered."""
        return self.passed_cents / self.entered_cents if self.entered_cents else 0.0

    @property
    def impaired_rate(self) -> float:
        """Share that became impaired, in [0, 1]; 0 where nothing entered."""
        return self.impaired_cents / self.entered_cents if self.entered_cents else 0.0

    def __add__(self, other: Self) -> Flow:
        """Add the flows of disjoint invoices."""
        return Flow(
            self.entered_cents + other.entered_cents,
            self.passed_cents + other.passed_cents,
            self.invoices + other.invoices,
            self.impaired_cents + other.impaired_cents,
        )


NO_FLOW = Flow(0, 0)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Forward-looking adjustment of loss rates (IFRS 9, 5.5.17 c).

    Parameters
    ----------
    factor
        What each rate is multiplied by, from 0.
    macro_shift
        By how many standard deviations the economy is expected to be worse than over the history.
    correlations
        Vasicek's correlation rho by the rate.
    """

    factor: float = 1.0
    macro_shift: float = 0.0
    correlations: PortfolioRiskRules = _BASEL

    def adjusted(self, rate: float) -> float:
        """Return a rate under the outlook, at most 1.

        A rate observed under the state z of the economy is Φ((c − √ρ z) / √(1−ρ)) (Vasicek 2002), so that a
        shift s of the state adds √ρ s / √(1−ρ) to its probit. Without a shift nothing changes.

        Examples
        --------
        >>> Outlook(factor=1.2).adjusted(0.05), round(Outlook(macro_shift=1.0).adjusted(0.05), 4)
        (0.06, 0.0917)
        """
        if 0.0 < rate < 1.0 and self.macro_shift:
            correlation = self.correlations.asset_correlation(rate)
            odds = correlation / (1.0 - correlation)
            probit = _STANDARD_NORMAL.inv_cdf(rate) + odds**0.5 * self.macro_shift
            rate = _STANDARD_NORMAL.cdf(probit)
        return min(rate * self.factor, 1.0)


NO_OUTLOOK = Outlook()


@dataclass(frozen=True, slots=True)
class LossRates:
    """Loss rates of a segment by band.

    Parameters
    ----------
    segment
        Its name, empty for the whole portfolio.
    source
        Where the rates come from.
    historical, adjusted
        Shares in [0, 1] in the order of `BANDS`, before and after the outlook.
    flows
        The segment's own flows, one per band, whether they are used or not.
    """

    segment: str
    source: RateSource
    historical: tuple[float, ...]
    adjusted: tuple[float, ...]
    flows: tuple[Flow, ...]

    def rate(self, band: str) -> float:
        """Return the adjusted loss rate of a band."""
        return self.adjusted[BANDS.index(band)]


def loss_rates(flow_rates: Sequence[float], impaired_rates: Sequence[float] = ()) -> tuple[float, ...]:
    """Accumulate flow rates to loss rates: what is in a band is lost once it passed all that follow.

    Parameters
    ----------
    flow_rates
        One per band, in [0, 1]; the last one is the share of the last band that is lost.
    impaired_rates
        Share that becomes impaired and counts as lost, one per band; none where empty.

    Examples
    --------
    Of 100 000 sold, 50 000 were past due, 23 000 after 30 days, 8 000 after 60, 2 000 after 90 and lost.

    >>> [round(rate, 4) for rate in loss_rates([50 / 100, 23 / 50, 8 / 23, 2 / 8, 1.0])]
    [0.02, 0.04, 0.087, 0.25, 1.0]
    """
    found, lost = [], 1.0
    impaired_rates = impaired_rates or [0.0] * len(flow_rates)
    for rate, impaired in zip(reversed(flow_rates), reversed(impaired_rates), strict=True):
        lost = min(rate * lost + impaired, 1.0)
        found.append(lost)
    return tuple(found[::-1])


def own_rates(
    flows: Mapping[str, Sequence[Flow]],
    default: Sequence[float],
    fewest_invoices: int,
    outlook: Outlook = NO_OUTLOOK,
) -> dict[str, LossRates]:
    """Return the loss rates of each segment and, under the empty name, of the whole portfolio.

    A segment with too few invoices in a band takes the portfolio's rates; a portfolio with too few takes the
    default ones. Where too few entered the last band alone, all of it counts as lost.

    Parameters
    ----------
    flows
        Flows of each segment, one per band of `BANDS`.
    default
        Loss rates by band where the history is too thin.
    fewest_invoices
        Invoices that have to enter each band.

    Raises
    ------
    CreditError
        A segment does not have one flow per band.
    """
    if any(len(own) != len(BANDS) for own in flows.values()) or len(default) != len(BANDS):
        raise CreditError(f"flows and default rates have one entry per band: {', '.join(BANDS)}")
    whole = tuple(
        sum((own[place] for name, own in flows.items() if name), flows.get("", [NO_FLOW] * len(BANDS))[place])
        for place in range(len(BANDS))
    )
    known = _enough(whole, fewest_invoices)
    portfolio = _losses(whole, fewest_invoices) if known else tuple(default)
    rest: RateSource = "portfolio" if known else "default"
    found = {"": _rates("", "own" if known else "default", portfolio, whole, outlook)}
    for segment, own in flows.items():
        if segment and _enough(own, fewest_invoices):
            found[segment] = _rates(segment, "own", _losses(own, fewest_invoices), own, outlook)
        elif segment:
            found[segment] = _rates(segment, rest, portfolio, own, outlook)
    return found


def share_cents(cents: int, rate: float) -> int:
    """Return a share of an amount in whole cents, half a cent rounded up.

    Examples
    --------
    >>> share_cents(1_250, 0.5), share_cents(1_25, 0.5), share_cents(1_500_000_000, 0.003)
    (625, 63, 4500000)
    """
    return min(int(cents * rate + 0.5), cents)


def _losses(flows: Sequence[Flow], fewest_invoices: int) -> tuple[float, ...]:
    flow_rates = [flow.rate for flow in flows]
    if flows[-1].invoices < fewest_invoices:
        flow_rates[-1] = 1.0
    return loss_rates(flow_rates, [flow.impaired_rate for flow in flows])


def _enough(flows: Sequence[Flow], fewest_invoices: int) -> bool:
    return all(flow.invoices >= fewest_invoices for flow in flows[:-1])


def _rates(
    segment: str, source: RateSource, historical: Sequence[float], flows: Sequence[Flow], outlook: Outlook
) -> LossRates:
    adjusted = tuple(outlook.adjusted(rate) for rate in historical)
    return LossRates(segment, source, tuple(historical), adjusted, tuple(flows))
