import csv
import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.wording.formats import LANGUAGES
from serving.web.exports.tables import BOM, FORMULA_STARTS, cell_text, csv_lines, harmless


def read_back(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), delimiter=delimiter))


def test_a_french_spreadsheet_reads_it():
    text = "".join(csv_lines(["nom", "euros", "le"], [["Élan; fils", 1234.5, dt.date(2026, 11, 22)]], "fr"))
    assert text.encode().startswith(b"\xef\xbb\xbf")
    assert read_back(text, ";") == [["nom", "euros", "le"], ["Élan; fils", "1234,5", "2026-11-22"]]


def test_an_english_spreadsheet_reads_it():
    text = "".join(csv_lines(["name", "euros"], [["Élan, sons", 1234.5]], "en"))
    assert read_back(text, ",") == [["name", "euros"], ["Élan, sons", "1234.5"]]


@pytest.mark.parametrize("start", FORMULA_STARTS)
@pytest.mark.parametrize("before", ["", " ", "   "])
def test_no_text_is_run_as_a_formula(start, before):
    assert harmless(f"{before}{start}cmd|' /C calc'!A0").startswith("'")


@given(text=st.text(), language=st.sampled_from(LANGUAGES))
def test_a_cell_that_begins_as_a_formula_does_so_no_more(text, language):
    cell = cell_text(text, language)
    assert not cell.lstrip(" ").startswith(FORMULA_STARTS)
    assert cell.removeprefix("'") == text.removeprefix("'") or cell == text


@given(
    rows=st.lists(
        st.lists(
            st.one_of(
                st.none(),
                st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\r\n\x00")),
            ),
            min_size=2,
            max_size=2,
        ),
        max_size=5,
    ),
    language=st.sampled_from(LANGUAGES),
)
def test_every_cell_stays_in_its_place(rows, language):
    text = "".join(csv_lines(["a", "b"], rows, language))
    told = [[cell_text(cell, language) for cell in row] for row in rows]
    assert read_back(text, ";" if language == "fr" else ",")[1:] == told


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (True, "1"),
        (False, "0"),
        (None, ""),
        (float("nan"), ""),
        (0.1 + 0.2, "0,3"),
        (-12.5, "-12,5"),
        (7, "7"),
    ],
)
def test_figures_and_flags_are_written_plainly(cell, text):
    assert cell_text(cell, "fr") == text
