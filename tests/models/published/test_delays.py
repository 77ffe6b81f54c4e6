"""Days late as published: the hazards give the shares back, and sector and size bend them by their means."""

import math
from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelError
from models.features.curves import BOUNDS
from models.published.delays import lateness_ratio, published_hazards
from models.published.statistics import PACKAGED, load_statistics

LATE = load_statistics().late


def later_than(bounds: np.ndarray) -> np.ndarray:
    """Return the share paid later than each bound that the hazards give."""
    return np.cumprod(1.0 - published_hazards(LATE, bounds))


def ratio(naf: str | None, headcount: float) -> float:
    return float(lateness_ratio(LATE, [naf], np.array([headcount]))[0])


def test_the_hazards_give_back_every_share_that_is_published():
    days, shares = zip(*LATE.points(), strict=True)
    assert later_than(np.array(days)) == pytest.approx(shares)
    assert {0: 0.513, 15: 0.289, 30: 0.076, 90: 0.032}.items() <= dict(LATE.points()).items()


def test_the_intervals_of_the_curves_give_the_same_shares():
    found = dict(zip(BOUNDS.tolist(), later_than(BOUNDS), strict=True))
    told = {days: share for days, share in LATE.points() if days in found}
    assert len(told) >= 6
    assert {days: found[days] for days in told} == pytest.approx(told)


def test_between_two_published_days_the_same_share_of_what_is_left_pays_each_day():
    hazards = published_hazards(LATE, np.arange(15, 31))[1:]
    assert hazards == pytest.approx([1 - (0.076 / 0.289) ** (1 / 15)] * 15)


def test_past_the_last_published_day_paying_goes_on_as_before_it():
    found = later_than(np.array([30, 90, 150]))
    assert found[2] / found[1] == pytest.approx(found[1] / found[0])


def test_before_the_first_published_day_few_have_paid_and_ever_fewer_the_earlier():
    found = later_than(np.array([-300, -90, -60, -45, -30]))
    assert (np.diff(found) < 0).all()
    assert 1.0 > found[0] > 0.999
    assert found[-1] == pytest.approx(0.995)


def test_every_hazard_is_a_share():
    hazards = published_hazards(LATE, BOUNDS)
    assert hazards.shape == BOUNDS.shape
    assert ((hazards > 0) & (hazards < 1)).all()


def test_who_is_known_by_nothing_counts_as_everybody():
    assert ratio(None, math.nan) == 1.0
    assert ratio("", math.nan) == 1.0
    assert ratio("46.90Z", math.nan) == 1.0  # its section has no figure


@pytest.mark.parametrize(
    ("naf", "mean"),
    [
        ("43.21A", 9.3),  # by its section, F
        ("41.20A", 9.3),
        ("41.10A", 27.0),  # by its own digits, which are closer than its section's
        ("45.11Z", 10.7),  # digits whose section has no figure
        ("68.20A", 22.0),
        ("96.02A", 21.2),
        ("96.01A", 12.9),
        ("99", 12.9),
        ("4", 12.9),
        ("nonsense", 12.9),
    ],
)
def test_a_sector_pays_as_slowly_as_the_longest_code_that_fits_says(naf: str, mean: float):
    assert ratio(naf, math.nan) == pytest.approx(mean / 12.9)


@pytest.mark.parametrize(
    ("headcount", "mean"),
    [(0, 14.0), (3, 14.0), (4, 11.7), (49, 11.7), (50, 12.7), (999, 14.5), (1_000, 17.8), (1e6, 17.8)],
)
def test_a_size_counts_from_its_first_member_of_staff_on(headcount: float, mean: float):
    assert ratio(None, headcount) == pytest.approx(mean / 12.9)


def test_sector_and_size_multiply_and_rows_do_not_hang_on_each_other():
    found = lateness_ratio(LATE, ["41.10A", None, "43.21A"], np.array([5.0, 2_000.0, math.nan]))
    assert found.tolist() == [ratio("41.10A", 5.0), ratio(None, 2_000.0), ratio("43.21A", math.nan)]
    assert found[0] == pytest.approx(27.0 / 12.9 * 11.7 / 12.9)
    assert lateness_ratio(LATE, [], np.empty(0)).shape == (0,)


def edited(tmp_path: Path, before: str, after: str) -> Path:
    """Write the packaged file with one thing changed."""
    text = PACKAGED.read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "statistics.toml"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("share = [0.513, 0.289, 0.076]", "share = [0.513, 0.289]", "late.distribution: .*same length"),
        ("share = [0.513, 0.289, 0.076]", "share = [0.513, 0.289, 7.6]", "late.distribution.share.2"),
        ("share = [0.513, 0.289, 0.076]", "share = [0.513, 0.076, 0.289]", "late: .*longer delay"),
        ("share = [0.032]", "share = [0.08]", "late: .*longer delay"),
        ("later_than_days = [90]", "later_than_days = [30]", "late: .*longer delay"),
        ("= [90]\nshare = [0.032]", "= []\nshare = []", "late.tail.later_than_days"),
        ("later_than_days = [0, 15, 30]", "later_than = [0, 15, 30]", "late.distribution.later_than"),
        ('publisher = "Cribis"\n', "", "late.tail: .*publisher"),
        ("mean_days_late = 12.9\nbands", "mean_days_late = 0\nbands", "late.size.mean_days_late"),
        ("{ staff = 4, mean", "{ staff = 60, mean", "late.size: .*ascending"),
        ("{ staff = 0, mean", "{ staff = -1, mean", "late.size.bands.0.staff"),
        ('naf = "C", mean_days_late = 10.0', 'naf = "", mean_days_late = 10.0', "late.sector.sectors.0.naf"),
        ('naf = "C", mean_days_late = 10.0', 'naf = "C"', "late.sector.sectors.0.mean_days_late"),
        ("[late.tail]", "[late.queue]", "late.tail.*late.queue|late.queue.*late.tail"),
    ],
)
def test_a_figure_that_cannot_be_is_named_by_its_key(tmp_path: Path, before: str, after: str, told: str):
    with pytest.raises(ModelError, match=told) as refused:
        load_statistics(edited(tmp_path, before, after))
    assert str(tmp_path / "statistics.toml") in str(refused.value)


def test_another_figure_is_what_the_models_start_from(tmp_path: Path):
    changed = load_statistics(edited(tmp_path, "share = [0.032]", "share = [0.064]")).late
    hazards = published_hazards(changed, np.array([30, 90]))
    assert hazards[1] == pytest.approx(1 - 0.064 / 0.076)
