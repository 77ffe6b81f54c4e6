"""The file of published statistics: every figure under its source, and faults named by their key."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from models.errors import ModelError
from models.published.statistics import PACKAGED, load_statistics

TEXT = PACKAGED.read_text(encoding="utf-8")


def written(folder: Path, old: str, new: str) -> Path:
    assert TEXT.count(old) >= 1
    path = folder / "statistics.toml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    return path


def tables(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [table for part in document.values() for table in part.values()]


def test_every_table_is_published_by_somebody_or_says_that_it_is_assumed():
    for table in tables(tomllib.loads(TEXT)):
        assert table["title"]
        assert table.get("assumed") is True or (table["publisher"] and table["published"])


def test_the_figures_are_those_that_were_published():
    default = load_statistics().default
    assert default.level.yearly_rate == 0.020
    assert default.age.yearly_rate == (0.0159, 0.0093, 0.0067)
    assert sum(band.failures for band in default.size.bands) == 51_160
    assert dict(default.lateness()) == {15: 2.0, 30: 6.0, 69: 11.0}
    times = default.sectors()
    assert times["F"] == pytest.approx(1.4)
    assert times["L"] == pytest.approx(0.5)
    assert times["I"] > times["M"], "restaurants end more often than engineers"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("companies_share = 0.934", "companies_share = 0.9", "default.size"),
        ("{ staff = 10, failures", "{ staff = 60, failures", "default.size"),
        ("years = [0, 5, 25]", "years = [0, 5]", "default"),
        ("times = [6.0, 11.0]", "times = [6.0, 5.0]", "default"),
        ("times = [6.0, 11.0]", "times = [0.5, 11.0]", "default.payment"),
        ("later_than_days = [15, 30, 69]", "later_than_days = [15, 30, 60]", "default"),
        ('{ naf = ["I"], survival = 0.640 }', '{ naf = ["I"] }', "default.sector_survival"),
        ("yearly_rate = 0.020", "yearly_rate = 2.0", "default.level.yearly_rate"),
        ("retained_ratio = 3.26, ", "", "default"),
        ("auc = 0.75", "auc = 0.4", "default.accounts_accuracy.auc"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_by_its_key(tmp_path: Path, old: str, new: str, named: str):
    with pytest.raises(ModelError, match=named):
        load_statistics(written(tmp_path, old, new))
