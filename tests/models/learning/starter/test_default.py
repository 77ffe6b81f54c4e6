"""The starter model of default: averages give the published rate back, and no step goes against its sign."""

import math
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from models.features.build import CUSTOMER_FEATURES
from models.features.table import names
from models.learning.additive import Steps
from models.learning.artifact import load, save
from models.learning.starter.default import (
    BEHAVIOUR,
    PUBLIC,
    prior_covariance,
    published_components,
    starter_default,
)
from models.published.statistics import load_statistics

DEFAULT = load_statistics().default
START, COMPONENTS = published_components(DEFAULT)
SIGNS = {feature.name: feature.sign for feature in CUSTOMER_FEATURES}


def steps(column: str) -> Steps:
    (found,) = [component for component in COMPONENTS if component.column == column]
    assert isinstance(found, Steps)
    return found


def unknown(count: int) -> pd.DataFrame:
    return pd.DataFrame(np.nan, index=range(count), columns=names(CUSTOMER_FEATURES))


def test_a_customer_of_whom_nothing_is_known_has_the_published_rate():
    model = starter_default()
    frame = unknown(1)
    assert model.probability(frame)[0] == pytest.approx(DEFAULT.default_rate)
    assert 1 / (1 + math.exp(-START)) == pytest.approx(DEFAULT.default_rate)
    alone = DEFAULT.level.yearly_rate + DEFAULT.arrears.companies_share
    assert DEFAULT.level.yearly_rate < DEFAULT.default_rate < alone


def test_a_customer_never_invoiced_is_neither_punished_nor_praised_for_its_payments():
    frame = unknown(1).assign(oldest_overdue_days=0.0, n_paid_365d=0.0, n_paid_all=0.0)
    assert starter_default().probability(frame)[0] == pytest.approx(DEFAULT.default_rate)


def test_sizes_weighted_by_their_companies_have_everybodys_odds():
    bands = DEFAULT.size.bands
    odds = np.exp(steps("headcount").added)
    assert odds @ [band.companies_share for band in bands] == pytest.approx(1.0)


def test_ages_weighted_by_their_companies_have_everybodys_odds():
    odds = np.exp(steps("company_age_years").added)
    assert odds @ np.array(DEFAULT.age_share.companies_share) == pytest.approx(1.0)


def test_days_late_weighted_by_their_companies_have_everybodys_odds():
    paid, overdue = steps("days_late_by_amount_365d"), steps("oldest_overdue_days")
    beyond = np.array(DEFAULT.payment_share.companies_share)
    shares = -np.diff([1.0, *beyond, 0.0])
    having_paid = float(steps("n_paid_365d").add(np.array([12.0]))[0])
    assert np.exp(np.add(paid.added, overdue.added) + having_paid) @ shares == pytest.approx(1.0)


def test_paying_late_never_lowers_the_risk():
    late = np.array([0.0, 21.0, 31.0, 95.0])
    for column in ("days_late_by_amount_365d", "oldest_overdue_days"):
        assert steps(column).add(late)[0] == 0.0
        assert np.all(np.diff(steps(column).add(late)) >= 0.0)


def test_paying_more_than_thirty_days_late_means_the_published_times_as_many_failures():
    late = np.array([0.0, 30.0, 31.0, 70.0])
    both = steps("days_late_by_amount_365d").add(late) + steps("oldest_overdue_days").add(late)
    times = np.exp(both - both[0])
    assert times[1] < 6.0, "30 days late is not more than 30"
    assert times[2:] == pytest.approx([6.0, 11.0])


def test_sectors_are_where_their_code_is_and_an_unlisted_one_counts_as_everybody():
    sector = steps("sector_section")
    code = {letter: place for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTU")}
    added = sector.add(np.array([code[letter] for letter in "FLCAU"], dtype=float))
    expected = [math.log(0.028 / 0.020), math.log(0.010 / 0.020), math.log(4442 / 247320 * 2925124 / 59342)]
    assert added == pytest.approx([*expected, 0.0, 0.0])
    assert sector.add(np.array([np.nan]))[0] == 0.0


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda component: component.column)
def test_no_component_goes_against_the_sign_of_its_feature(component: Steps):
    assert component.component in {PUBLIC, BEHAVIOUR}
    sign = SIGNS[component.column]
    assert np.all(sign * np.diff(component.added) >= 0)


def test_the_middle_of_the_grey_zone_has_everybodys_odds():
    ratios = DEFAULT.accounts_range.ratios
    near = sum(float(steps(one.name).add(np.array([one.middle]))[0]) for one in ratios)
    assert near == pytest.approx(0.0, abs=0.15), "but for the width of a step"


def test_a_point_of_the_score_is_worth_what_its_published_accuracy_says():
    """Scores normal among good and bad, as far apart as the log-odds say, have the published AUC."""
    working = steps("working_capital_ratio")
    inside = slice(1, -1)
    point = -np.diff(working.added[inside]) / np.diff(working.edges)[1:] / 6.56
    apart = float(point.mean()) * DEFAULT.accounts_range.score_spread
    assert NormalDist().cdf(apart / math.sqrt(2)) == pytest.approx(0.75)


def test_the_interval_is_wide_and_wider_without_history():
    model = starter_default()
    estimate = model.calibration.estimate(np.array([START, START]), [0, 20])
    odds = estimate.high / (1 - estimate.high) * (1 - estimate.low) / estimate.low
    assert odds[0] > odds[1] > 3.0
    assert np.linalg.eigvalsh(prior_covariance(DEFAULT.uncertainty, START)).min() > 0


def test_contributions_add_up_and_the_model_reads_back_the_same(tmp_path: Path):
    model = starter_default()
    rng = np.random.default_rng(0)
    frame = unknown(50).assign(
        sector_section=rng.integers(0, 21, 50).astype(float),
        days_late_by_amount_365d=rng.normal(20, 40, 50),
        equity_ratio=rng.normal(0, 1, 50),
        ebit_ratio=1e6,
    )
    contributions, base = model.contributions(frame)
    assert contributions.sum(axis=1) + base == pytest.approx(model.margin(frame))
    save(model, tmp_path)
    again = load(tmp_path)
    assert again.facts["rests_on"] == "published"
    assert again.version == model.version
    assert np.array_equal(again.probability(frame), model.probability(frame))
