"""Trees of days late are fitted a moment at a time, and cover what they say on what came later."""

from dataclasses import replace

import numpy as np

from models.days_late import AT_ISSUE, MEDIAN, OPEN, days_late, moment_rows
from models.features.build import INVOICE_FEATURES
from models.rows import Rows
from pipelines.training.delays import fit_delays
from tests.models.fitted import TREES, fitted

FEATURES = [feature for feature in INVOICE_FEATURES if feature.name.startswith("alike")]
NAMES = [feature.name for feature in FEATURES]


def learn(rows: Rows):
    return fit_delays(rows, FEATURES, TREES, 20, lambda same: same)(rows)


def noisy(shift_late: float) -> Rows:
    """Draw days late as the habit and noise; the newest third is spread wider by `shift_late`."""
    rows = fitted().late_rows
    rng = np.random.default_rng(5)
    newest = rows.day > np.quantile(rows.day, 0.7)
    spread = np.where(newest, 5.0 + shift_late, 5.0)
    return replace(rows, days_late=rng.normal(10.0, spread))


def test_both_moments_have_the_three_quantiles_and_no_shift_moves_a_median():
    trees = learn(fitted().late_rows)
    assert [(t.moment, t.share) for t in trees] == [(m, s) for m in (AT_ISSUE, OPEN) for s in (0.1, 0.5, 0.9)]
    assert [t.shift for t in trees if t.share == MEDIAN] == [0.0, 0.0]


def test_the_band_covers_four_in_five_although_the_newest_rows_spread_wider():
    rows = noisy(10.0)
    newest = rows.day > np.quantile(rows.day, 0.7)
    mine = rows.take(newest & moment_rows(rows.frame, AT_ISSUE))
    frame = mine.frame.assign(days_past_due=-1_000.0)
    found = days_late(learn(rows), frame, frame[NAMES].to_numpy())
    covered = ((mine.days_late >= found[:, 0]) & (mine.days_late <= found[:, 2])).mean()
    assert 0.72 < covered < 0.88


def test_rows_whose_days_are_not_told_teach_nothing():
    rows = fitted().late_rows
    told = ~np.isnan(rows.days_late)
    assert [t.shift for t in learn(rows)] == [t.shift for t in learn(rows.take(told))]


def test_a_moment_without_rows_learns_from_the_other():
    rows = fitted().late_rows
    at_issue = rows.take(moment_rows(rows.frame, AT_ISSUE))
    trees = learn(at_issue)
    assert {t.moment for t in trees} == {AT_ISSUE, OPEN}
    assert [t.shift for t in trees if t.moment == OPEN] == [0.0] * 3
