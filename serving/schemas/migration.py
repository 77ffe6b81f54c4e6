"""What goes out about the migration of grades and the vintages of invoices.

Owns the description of `serving.usecases.grade_migration`'s document for the API.
"""

import datetime as dt

from pydantic import Field

from serving.schemas.answers import ResponseSchema


class VintageOut(ResponseSchema):
    """The invoices of a quarter by their age in months, from 0, the day of issue."""

    quarter: dt.date = Field(description="its first day")
    issued_eur: float = Field(description="amounts of its invoices, incl. VAT")
    unpaid_shares: list[float] = Field(description="of the amount issued, what was unpaid at each age")
    late_shares: list[float] = Field(description="what had been more than 30 days late by each age")


class MigrationCellOut(ResponseSchema):
    """Moves from one state to another."""

    share: float | None = Field(description="probability within the horizon; none where nobody had the state")
    low: float | None = Field(description="of its 95 % interval")
    high: float | None = Field(description="of its 95 % interval")
    count: int = Field(description="customers of the cohorts, or moves")


class MigrationRowOut(ResponseSchema):
    """Where the customers of a state go."""

    observed: float = Field(description="customers at the beginning of the periods, or customer-years")
    withdrawn: int = Field(description="customers that left the portfolio from this state")
    to: dict[str, MigrationCellOut] = Field(description="by state after")


class DurationMigrationOut(ResponseSchema):
    """A matrix by the time that customers spent in each grade."""

    rows: dict[str, MigrationRowOut] = Field(description="by state before")


class MigrationPeriodOut(ResponseSchema):
    """First and last night of a period."""

    first: dt.date
    last: dt.date


class CohortMigrationOut(DurationMigrationOut):
    """A matrix by the states at both ends of periods, raised to the horizon where they are shorter."""

    period_months: int = Field(description="length of a period")
    periods: list[MigrationPeriodOut] = Field(description="the latest first")


class DefaultRateOut(ResponseSchema):
    """The default risk of a grade within 12 months."""

    grade: str
    customers: int
    pd_12m: float | None = Field(description="mean probability of the last night: point in time")
    long_run_pd_12m: float | None = Field(description="mean over the months of all nights")
    defaults: int = Field(description="straight from the grade into default")
    customer_years: float = Field(description="that customers spent in the grade")
    observed_share: float | None = Field(description="that defaults within a year at the observed rate")
    low: float | None = Field(description="of its 95 % interval")
    high: float | None = Field(description="of its 95 % interval")


class MigrationReportOut(ResponseSchema):
    """Migration over the nights whose grades are kept."""

    as_of: dt.date
    first_night: dt.date = Field(description="from when grades are kept")
    since: dt.date = Field(description="the first night that is used")
    horizon_months: int = Field(description="of both matrices")
    nights: int = Field(description="whose grades are used")
    known_from: dt.date | None = Field(description="of the matrices, where the nights are too few")
    states: list[str] = Field(description="the grades and default, which absorbs")
    cohort: CohortMigrationOut | None = Field(description="none where no two nights are a period apart")
    duration: DurationMigrationOut | None = Field(description="none where the nights are too few")
    default_rates: list[DefaultRateOut] = Field(description="by grade, the best first")
    moves: int = Field(description="of customers from one state to another")
    moves_by_change: int = Field(description="of these, on nights with another model or policy")


class GradeMigrationOut(ResponseSchema):
    """Grade migration and vintages up to the published night."""

    run_id: int
    as_of: dt.date
    migration: MigrationReportOut | None = Field(description="none where no night keeps its grades yet")
    vintages: list[VintageOut] = Field(description="quarters that the ledger reaches, the oldest first")
