"""Rows and answers come back from disk as they were kept."""

from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelError
from pipelines.training.row_files import read_rows, save_rows
from tests.models.fitted import fitted


def test_rows_come_back_as_they_were_kept(tmp_path: Path):
    rows = fitted().late_rows
    said = np.linspace(0, 1, len(rows))
    checks = {"peek": {"rows": 3, "features": ["open_eur"]}}
    save_rows(rows, tmp_path / "some" / "rows.parquet", "abc", {"probability": said}, checks)
    again = read_rows(tmp_path / "some" / "rows.parquet")
    assert again.data_hash == "abc"
    assert again.checks == checks
    assert again.rows.frame.equals(rows.frame.reset_index(drop=True))
    assert np.isinf(rows.lateness).any()
    for name in ("label", "owner", "day", "days_late", "due", "lateness"):
        assert np.array_equal(getattr(again.rows, name), getattr(rows, name), equal_nan=True)
    assert again.rows.subject.tolist() == rows.subject.tolist()
    assert np.array_equal(again.answers["probability"], said)


def test_rows_without_answers_or_checks_come_back_without(tmp_path: Path):
    save_rows(fitted().late_rows, tmp_path / "rows.parquet")
    again = read_rows(tmp_path / "rows.parquet")
    assert (again.answers, again.checks, again.data_hash) == ({}, {}, "")


def test_an_invoice_and_a_day_name_a_row():
    rows = fitted().late_rows
    assert len(set(zip(rows.subject, rows.day, strict=True))) == len(rows)


def test_a_file_without_rows_is_refused(tmp_path: Path):
    with pytest.raises(ModelError, match="encours features"):
        read_rows(tmp_path / "none.parquet")
