from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import LedgerError
from pipelines.validation.quarantine import guarded, quarantined, shielded, unguarded, write_quarantine


def refused(value: str = "x") -> pd.DataFrame:
    return pd.DataFrame({"line": [3], "column": ["Date"], "value": [value], "reason": ["is no date"]})


def test_the_same_content_replaces_its_quarantine_even_under_another_name(tmp_path: Path):
    first = write_quarantine(tmp_path, tmp_path / "a.csv", "ab" * 32, refused())
    second = write_quarantine(tmp_path, tmp_path / "b.csv", "ab" * 32, refused())
    assert not first.exists()
    assert second.read_text() == "file,line,column,value,reason\nb.csv,3,Date,x,is no date\n"


def test_other_content_keeps_its_own(tmp_path: Path):
    first = write_quarantine(tmp_path, tmp_path / "a.csv", "ab" * 32, refused())
    write_quarantine(tmp_path, tmp_path / "a.csv", "cd" * 32, refused())
    assert first.exists()


def test_nothing_refused_leaves_no_file(tmp_path: Path):
    first = write_quarantine(tmp_path, tmp_path / "a.csv", "ab" * 32, refused())
    assert write_quarantine(tmp_path, tmp_path / "a.csv", "ab" * 32, refused().iloc[:0]) is None
    assert not first.exists()


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3*A1", "@SUM(A1)", "\t=1"])
def test_a_formula_is_kept_as_text(tmp_path: Path, text: str):
    path = write_quarantine(tmp_path, tmp_path / "a.csv", "ab" * 32, refused(text))
    assert pd.read_csv(path)["value"].tolist() == [f"'{text}"]


@pytest.mark.parametrize("text", ["-12,50", "+3", "Dupont", ""])
def test_what_is_no_formula_stays_as_it_is(text: str):
    assert guarded(text) == text


def test_a_quarantine_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "quarantine").write_text("in the way")
    with pytest.raises(LedgerError, match="cannot be written"):
        write_quarantine(tmp_path, tmp_path / "a.csv", "ab" * 32, refused())


@given(st.text(alphabet="'=+-@\t\r\n1,a") | st.text())
def test_a_shield_runs_no_formula_and_comes_off_without_a_trace(text: str):
    assert unguarded(shielded(text)) == text
    assert guarded(shielded(text)) == shielded(text)


def test_the_quarantine_is_read_by_the_short_hash_of_its_files(tmp_path: Path):
    write_quarantine(tmp_path, tmp_path / "a.csv", "ab" * 32, refused("007"))
    (faults,) = quarantined(tmp_path).values()
    assert list(quarantined(tmp_path)) == ["ab" * 6]
    assert faults.to_dict("records") == [
        {"file": "a.csv", "line": 3, "column": "Date", "value": "007", "reason": "is no date"}
    ]


def test_a_quarantine_that_was_spoilt_is_said(tmp_path: Path):
    write_quarantine(tmp_path, tmp_path / "a.csv", "ab" * 32, refused()).write_text("nothing,of,it\n")
    with pytest.raises(LedgerError, match="import its file again"):
        quarantined(tmp_path)
