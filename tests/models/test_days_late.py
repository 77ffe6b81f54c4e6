"""Quantiles of days late: ordered, never before today, one set of trees a moment."""

import numpy as np
import pytest

from models.days_late import (
    AT_ISSUE,
    MEDIAN,
    OPEN,
    SHARES,
    STARTING_SHARE,
    habit,
    moment_rows,
    start,
)
from models.features.build import mask_history
from tests.models.fitted import fitted


def test_quantiles_never_cross_and_never_lie_before_today():
    frame = fitted().late_rows.frame
    found = fitted().late.days_late(frame)
    assert found.shape == (len(frame), 3)
    assert (np.diff(found, axis=1) >= 0).all()
    assert (found >= frame["days_past_due"].to_numpy()[:, None]).all()


def test_the_median_is_a_whole_number_of_days():
    middle = fitted().late.days_late(fitted().late_rows.frame)[:, 1]
    assert (middle == np.rint(middle)).all()


def test_every_row_asks_at_one_moment():
    frame = fitted().late_rows.frame
    at_issue, still_open = moment_rows(frame, AT_ISSUE), moment_rows(frame, OPEN)
    assert (at_issue != still_open).all()
    assert at_issue.any()
    assert still_open.any()


@pytest.mark.parametrize("share", SHARES)
def test_who_has_no_habit_starts_from_what_stands_for_it(share: float):
    frame = mask_history(fitted().late_rows.frame.head(20), np.ones(20, dtype=bool))
    assert (habit(frame, share, 4.0) == 4.0).all()
    assert (start(frame, AT_ISSUE, share, 4.0) == STARTING_SHARE * 4.0).all()


def test_an_open_invoice_starts_from_its_habit_or_from_tomorrow():
    frame = fitted().late_rows.frame.assign(alike_median=3.0)
    found = start(frame, OPEN, MEDIAN, 0.0)
    assert np.array_equal(found, np.maximum(3.0, frame["days_past_due"] + 1))


def test_an_invoice_open_for_longer_is_expected_later():
    frame = fitted().late_rows.frame
    rows = frame[(frame["invoice_age_days"] > 0) & (frame["days_past_due"] > 0)]
    assert len(rows) > 20
    later = rows.assign(
        days_past_due=rows["days_past_due"] + 60, invoice_age_days=rows["invoice_age_days"] + 60
    )
    assert (fitted().late.days_late(later)[:, 1] > fitted().late.days_late(rows)[:, 1]).all()


def test_answers_do_not_hang_on_the_rows_beside():
    frame, model = fitted().late_rows.frame.head(60), fitted().late
    alone = np.concatenate([model.days_late(frame.iloc[[row]]) for row in range(60)])
    assert np.array_equal(alone, model.days_late(frame))
