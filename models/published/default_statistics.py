"""Published default statistics as typed values: the `default` tables of `statistics.toml`.

Owns their format and validation. `models.learning.starter.default` builds a model from them.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from models.published.source import Proportion, PublishedSource, PublishedTable

if TYPE_CHECKING:
    from collections.abc import Sequence


class SectorFigures(PublishedTable):
    """Default frequency of some NAF sections, given in one of three ways; without sections, overall."""

    naf: tuple[str, ...] = ()
    rate: Proportion | None = None
    failures: int | None = Field(None, gt=0)
    companies: int | None = Field(None, gt=0)
    survival: Proportion | None = None

    @property
    def hazard(self) -> float:
        """Relative frequency of default; only ratios within one table are meaningful."""
        if self.rate is not None:
            return self.rate
        if self.survival is not None:
            return -math.log(self.survival)
        return (self.failures or 0) / (self.companies or 1)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = (self.rate, self.survival, self.failures and self.companies)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("give `rate`, or `survival`, or `failures` and `companies`")
        return self


class DefaultBySector(PublishedSource):
    """Default frequency by sector, in a table that includes all companies."""

    all: SectorFigures
    sectors: tuple[SectorFigures, ...]

    def times(self) -> dict[str, float]:
        """Return the frequency of each section relative to all companies."""
        return {naf: one.hazard / self.all.hazard for one in self.sectors for naf in one.naf}


class SizeFailures(PublishedTable):
    """Defaults and share of companies, from a staff size up to the next band."""

    staff: int = Field(ge=0)
    failures: int = Field(gt=0)
    companies_share: Proportion


class DefaultBySize(PublishedSource):
    """Defaults by staff size."""

    bands: tuple[SizeFailures, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _check_ascending("staff", [band.staff for band in self.bands])
        _check_whole([band.companies_share for band in self.bands])
        return self


class DefaultByAge(PublishedSource):
    """Yearly default rate, from an age in years up to the next."""

    years: tuple[int, ...]
    yearly_rate: tuple[Proportion, ...]


class Shares(PublishedSource):
    """Shares of companies, one per band of another table."""

    companies_share: tuple[Proportion, ...]


class LatenessTimes(PublishedSource):
    """Relative frequency of default of companies that pay more than so many days late."""

    later_than_days: tuple[int, ...]
    times: tuple[Annotated[float, Field(ge=1)], ...]


class LatenessShares(Shares):
    """Share of companies that pay more than so many days late."""

    later_than_days: tuple[int, ...]


class AccountsScore(PublishedSource):
    """A linear score of ratios, higher is safer, and its grey zone."""

    grey_zone: tuple[float, float]
    coefficients: dict[str, Annotated[float, Field(gt=0)]]


class Accuracy(PublishedSource):
    """Area under the ROC curve of a score."""

    auc: Annotated[float, Field(gt=0.5, lt=1)]


class RatioRange(PublishedTable):
    """Clipping range of a ratio, and its value in the middle of the grey zone."""

    name: str
    low: float
    high: float
    middle: float


class AccountsRange(PublishedSource):
    """Dispersion of ratios and their score over companies."""

    score_spread: Annotated[float, Field(gt=0)]
    ratios: tuple[RatioRange, ...]


class Uncertainty(PublishedSource):
    """Expected deviation of a ledger from the published figures, as standard deviations."""

    level: Annotated[float, Field(gt=0)]
    slope: Annotated[float, Field(gt=0)]
    history: tuple[float, float, float, float]


class YearlyRate(PublishedSource):
    """Share of companies that become insolvent within a year."""

    yearly_rate: Proportion


class Arrears(PublishedSource):
    """Share of companies whose arrears amount to a default."""

    companies_share: Proportion


class DefaultStatistics(PublishedTable):
    """Published default frequencies by company characteristics and behaviour."""

    level: YearlyRate
    arrears: Arrears
    sector_rate: DefaultBySector
    sector_count: DefaultBySector
    sector_survival: DefaultBySector
    size: DefaultBySize
    age: DefaultByAge
    age_share: Shares
    payment: LatenessTimes
    payment_sooner: LatenessTimes
    payment_share: LatenessShares
    accounts: AccountsScore
    accounts_accuracy: Accuracy
    accounts_range: AccountsRange
    uncertainty: Uncertainty

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        _check_ascending("age.years", self.age.years)
        _check_whole(self.age_share.companies_share)
        if not len(self.age.years) == len(self.age.yearly_rate) == len(self.age_share.companies_share):
            raise ValueError("`age.years`, `age.yearly_rate` and `age_share` must have the same length")
        steps = self.lateness()
        if [days for days, _ in steps] != list(self.payment_share.later_than_days):
            raise ValueError("`payment_share` must have the days of `payment_sooner` and `payment`, in order")
        for one in (self.payment_sooner, self.payment):
            if len(one.later_than_days) != len(one.times):
                raise ValueError("`later_than_days` and `times` must have the same length")
        if any(more < less for (_, less), (_, more) in pairwise(steps)):
            raise ValueError("who pays later must not fail less often")
        if {ratio.name for ratio in self.accounts_range.ratios} != set(self.accounts.coefficients):
            raise ValueError("`accounts_range` must have the ratios of `accounts`")
        return self

    @property
    def default_rate(self) -> float:
        """Yearly default rate: insolvent companies, and those in long arrears without insolvency."""
        *_, (_, most) = self.lateness()
        both = min(self.level.yearly_rate * most / self.mean_times(), 1.0)
        return self.level.yearly_rate + self.arrears.companies_share * (1.0 - both)

    def mean_times(self) -> float:
        """Return the mean frequency of default over all companies, relative to punctual ones."""
        beyond = self.payment_share.companies_share
        shares = (1.0 - beyond[0], *(a - b for a, b in zip(beyond, (*beyond[1:], 0.0), strict=True)))
        return sum(
            share * times for share, (_, times) in zip(shares, ((0, 1.0), *self.lateness()), strict=True)
        )

    def lateness(self) -> tuple[tuple[int, float], ...]:
        """Return days late with the relative frequency of default beyond them, by ascending days."""
        parts = (self.payment_sooner, self.payment)
        return tuple(
            sorted(pair for one in parts for pair in zip(one.later_than_days, one.times, strict=False))
        )

    def sectors(self) -> dict[str, float]:
        """Return the frequency of default of each known section, relative to all companies."""
        return self.sector_survival.times() | self.sector_count.times() | self.sector_rate.times()


def _check_ascending(name: str, values: Sequence[float]) -> None:
    if list(values) != sorted(set(values)) or (values and values[0] != 0):
        raise ValueError(f"`{name}` must begin with 0 and ascend")


def _check_whole(shares: Sequence[float]) -> None:
    if abs(sum(shares) - 1) > 1e-6:
        raise ValueError(f"the shares of the companies must sum to 1; they sum to {sum(shares):g}")
