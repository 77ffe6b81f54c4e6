"""Groups come in reading order and hold every row of a cut once."""

import numpy as np

from models.learning.calibration import HISTORIES
from pipelines.training.findings.groups import groups
from tests.pipelines.training.findings.samples import material, rows_of


def test_histories_stand_from_none_to_long_and_codes_by_number():
    rows = rows_of(
        np.zeros(5), n_paid_all=[50.0, 0.0, 5.0, 1.0, 0.0], sector_section=[10.0, 2.0, np.nan, 1.0, 2.0]
    )
    told = [(here.cut, here.value) for here in groups(rows)]
    assert [value for cut, value in told if cut == "history"] == list(HISTORIES)
    assert [value for cut, value in told if cut == "sector"] == ["1", "2", "10", "unknown"]


def test_each_cut_holds_every_row_once():
    rows = material("late").rows
    held: dict[str, int] = {}
    for here in groups(rows):
        assert here.mask.any()
        held[here.cut] = held.get(here.cut, 0) + int(here.mask.sum())
    assert set(held.values()) == {len(rows)}
