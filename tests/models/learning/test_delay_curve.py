"""One distribution of days late: chances that fall with the days, the model's own at each anchor."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from models.features.curves import ANCHORS, BOUNDS, CURVE, columns_at, curve_name
from models.learning.calibration import Calibration
from models.learning.delay_curve import LEVELS, DelayCurve, template
from models.learning.named_columns import NamedColumns
from tests.models.fitted import fitted

PLACE = {int(bound): place for place, bound in enumerate(BOUNDS)}
HABIT = DelayCurve(1.0, (0.0,) * len(ANCHORS))
PLAIN = Calibration(1.0, 0.0)


@cache
def frame() -> pd.DataFrame:
    return fitted().late_rows.frame


def named(rows: pd.DataFrame) -> NamedColumns:
    return NamedColumns.of(rows, list(rows))


def paid() -> np.ndarray:
    return frame()["n_paid_all"].to_numpy(np.float64)


def chances(days: int = 30) -> np.ndarray:
    return fitted().late.curve.chances(named(frame()), fitted().late.calibration, paid(), days)


def reached() -> np.ndarray:
    """Return the days late that each row has reached for certain."""
    return frame()["days_past_due"].to_numpy() - (frame()["invoice_age_days"].to_numpy() <= 0)


def made(shares_paid: dict[int, float], **columns: float) -> pd.DataFrame:
    """Make one row whose own curve has these shares paid by these days, and between them on a line."""
    days, shares = zip(*sorted(shares_paid.items()), strict=True)
    share = np.clip(np.interp(BOUNDS, days, shares), 1e-9, 1 - 1e-9)
    row = dict(zip(CURVE, np.log((1 - share) / share), strict=True))
    row |= {"days_past_due": -30.0, "invoice_age_days": 0.0, "alike_median": np.nan, **columns}
    return pd.DataFrame([row])


def read(row: pd.DataFrame) -> list[float]:
    columns = named(row)
    return HABIT.quantiles(columns, HABIT.chances(columns, PLAIN, np.zeros(1), 30))[0].tolist()


def test_chances_fall_with_the_days():
    found = chances()
    assert found.shape == (len(frame()), len(BOUNDS))
    assert (np.diff(found, axis=1) <= 0).all()
    assert ((found >= 0) & (found <= 1)).all()
    assert found[:, PLACE[0]].std() > 0.1


@pytest.mark.parametrize("days", [anchor for anchor in ANCHORS if anchor >= 0])
def test_at_the_delay_that_is_calibrated_the_chance_is_the_model_s_probability(days: int):
    additive = fitted().late.curve.at(days)
    margin = additive.margin(frame()[list(additive.features)].to_numpy(np.float64))
    expected = fitted().late.calibration.probability(margin, paid()) if days else 1 / (1 + np.exp(-margin))
    told = reached() < days
    assert told.sum() > 1_000
    assert np.abs(chances(days)[told, PLACE[days]] - expected[told]).max() < 1e-12


def test_what_an_invoice_has_reached_unpaid_is_certain_and_what_it_has_not_is_open():
    passed = BOUNDS[None] <= reached()[:, None]
    assert passed.any()
    assert (chances()[passed] == 1.0).all()
    assert (chances()[~passed] < 1.0).all()


def test_the_target_s_model_is_the_curve_s_at_its_days():
    model = fitted().late
    additive = model.curve.at(30)
    assert model.features == additive.features
    matrix = model.matrix(frame().head(50))
    assert np.array_equal(model.additive.margin(matrix), additive.margin(matrix))


def test_a_curve_between_anchors_keeps_the_own_curve_s_shape():
    found = HABIT.chances(named(frame()), PLAIN, np.zeros(len(frame())), 30)
    own = 1 / (1 + np.exp(-frame()[CURVE].to_numpy()))
    open_ = BOUNDS[None] > reached()[:, None]
    expected = np.minimum.accumulate(np.where(open_, own, 1.0), axis=1)
    assert np.abs(found - expected).max() < 1e-12


def test_quantiles_are_whole_days_in_order_and_never_before_today():
    found = fitted().late.days_late(frame())
    assert found.shape == (len(frame()), 3)
    assert np.array_equal(found, np.rint(found))
    assert (np.diff(found, axis=1) >= 0).all()
    assert (found >= frame()["days_past_due"].to_numpy()[:, None]).all()


def test_the_days_read_off_are_the_first_by_which_the_share_is_paid():
    assert read(made({-3: 0.0, 0: 0.1, 10: 0.5, 30: 0.9, 60: 1.0})) == [0.0, 10.0, 30.0]
    # Between two days the share grows evenly: 0.05 a day from 0 on.
    assert read(made({-1: 0.0, 0: 0.01, 20: 0.99})) == [2.0, 10.0, 19.0]


def test_whoever_pays_before_the_first_day_or_after_the_last_is_read_there():
    assert read(made({-60: 0.95, 120: 0.96}, days_past_due=-90.0)) == [-60.0, -60.0, -60.0]
    assert read(made({-60: 0.01, 120: 0.02}))[2] == 132.0


def test_nobody_pays_before_the_issue():
    assert read(made({-60: 0.95, 120: 0.96})) == [-30.0, -30.0, -30.0]


def test_an_invoice_late_already_is_read_no_earlier_than_today():
    row = made({-3: 0.0, 0: 0.1, 10: 0.5, 30: 0.9, 60: 1.0}, days_past_due=25.0, invoice_age_days=55.0)
    assert read(row) == [26.0, 28.0, 30.0]


def test_the_median_of_an_invoice_at_issue_is_drawn_to_its_like():
    curve = {-3: 0.0, 0: 0.1, 10: 0.5, 30: 0.9, 60: 1.0}
    assert read(made(curve, alike_median=16.0)) == [0.0, 14.0, 30.0]
    assert read(made(curve, alike_median=16.0, invoice_age_days=5.0, days_past_due=-25.0)) == [
        0.0,
        10.0,
        30.0,
    ]
    assert read(made(curve, alike_median=90.0)) == [0.0, 66.0, 66.0]


def test_a_curve_read_at_wider_shares_gives_a_wider_band():
    found = fitted().late.curve.with_read_at((0.03, 0.5, 0.97)).read_off(chances())
    narrow = fitted().late.curve.with_read_at((0.2, 0.5, 0.8)).read_off(chances())
    assert (found[0] <= narrow[0]).all()
    assert (found[2] >= narrow[2]).all()
    assert (found[2] - found[0]).mean() > (narrow[2] - narrow[0]).mean()


def test_a_curve_comes_back_from_its_document():
    curve = fitted().late.curve
    again = DelayCurve.of_document(curve.document(), curve.booster)
    assert again == curve
    rows = named(frame().head(9))
    assert np.array_equal(
        again.chances(rows, PLAIN, np.zeros(9), 30), curve.chances(rows, PLAIN, np.zeros(9), 30)
    )


def test_a_curve_of_other_anchors_is_refused():
    document = {**HABIT.document(), "anchors": [0, 30]}
    with pytest.raises(ValueError, match="has anchors"):
        DelayCurve.of_document(document, None)


def test_the_habit_alone_reads_the_own_curve_and_nothing_else():
    assert HABIT.at(15).features == (curve_name(15),)
    assert HABIT.read_at == LEVELS
    assert set(HABIT.read) == {*CURVE, "days_past_due", "invoice_age_days", "alike_median"}


def test_only_an_anchor_s_own_columns_are_named_for_any_days():
    assert template("habit_fast_30", 30) == "habit_fast_DAYS"
    assert template("curve_-3", -3) == "curve_DAYS"
    assert template("n_paid_30", 30) == "n_paid_30"
    assert {template(name, 5) for name in columns_at(5)} == {template(name, 90) for name in columns_at(90)}


def test_no_row_gets_no_chance():
    nothing = named(frame().head(0))
    assert chances().size
    assert fitted().late.curve.chances(nothing, PLAIN, np.empty(0), 30).shape == (0, len(BOUNDS))
    curve = fitted().late.curve
    assert curve.quantiles(nothing, curve.chances(nothing, PLAIN, np.empty(0), 30)).shape == (0, 3)


def test_answers_do_not_hang_on_the_rows_beside():
    some, model = frame().head(40), fitted().late
    alone = np.concatenate([model.days_late(some.iloc[[row]]) for row in range(40)])
    assert np.array_equal(alone, model.days_late(some))
