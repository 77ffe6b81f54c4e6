"""Files of a closing: our own FEC reader reads the entries back, and the workbook's formulas add up."""

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from models.portfolio.claims import Claim
from serving.usecases.provision_files import FEC_COLUMNS, fec_text, workbook
from serving.usecases.provisions import ClosingView
from tests.models.portfolio.provision_cases import AS_OF, a_claim, a_closing
from tests.pipelines.sources.fec.builders import read_fec

CLAIMS = (
    a_claim(1, 45, reason="liquidation", name="Œuvre|d'art\t& fils"),
    a_claim(2, 10, name="=HYPERLINK(1)"),
    a_claim(3, 200, reason="arrears", open_cents=33_333, insured_cents=10_001),
    a_claim(4, 300, lost_on=AS_OF, open_cents=77_777),
)


def a_view(*claims: Claim) -> ClosingView:
    return ClosingView(a_closing(*claims))


def test_the_fec_reader_reads_the_entries_back_to_the_cent(tmp_path: Path):
    entries = a_view(*CLAIMS).entries()
    path = tmp_path / "999000003FEC20261231.txt"
    path.write_bytes(fec_text(entries, AS_OF).encode())
    found = read_fec(path)
    assert (found.faults, found.unbalanced) == ((), ())
    kept = [line for line in entries if line.customer_id]
    assert (found.lines["debit"].tolist(), found.lines["credit"].tolist()) == (
        [line.debit_cents for line in kept],
        [line.credit_cents for line in kept],
    )
    assert found.lines["account"].tolist() == [line.account for line in kept]
    assert found.n_others == len(entries) - len(kept)


def test_each_line_has_the_eighteen_columns():
    rows = fec_text(a_view(*CLAIMS).entries(), AS_OF).split("\r\n")[:-1]
    assert {len(row.split("\t")) for row in rows} == {len(FEC_COLUMNS)} == {18}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_workbook_s_totals_are_sums_of_its_lines(language: str):
    view = a_view(*CLAIMS)
    book = load_workbook(io.BytesIO(workbook(view, language)))
    assert len(book.sheetnames) == 6
    lines = book[book.sheetnames[2]]
    totals = view.document()["totals"]
    for column, name in (("L", "matrix_eur"), ("P", "french_eur")):
        assert lines[f"{column}6"].value == f"=SUM({column}2:{column}5)"
        assert sum(lines[f"{column}{row}"].value for row in range(2, 6)) == pytest.approx(totals[name])
    assert lines["B3"].value == "'=HYPERLINK(1)"


def test_a_movement_s_closing_is_a_formula_that_ties_out():
    view = ClosingView(a_closing(*CLAIMS), None, a_closing(CLAIMS[1], a_claim(3, 100)))
    book = load_workbook(io.BytesIO(workbook(view, "en")))
    rows = list(book["Movement French accounts"].iter_rows(min_row=2, values_only=True))[:-1]
    closings = {line.invoice_id: line.french_cents for line in view.closing.lines}
    assert all(str(row[7]).startswith("=D") for row in rows)
    assert {row[2]: round(100 * (row[3] + row[4] - row[5] - row[6])) for row in rows} == closings


def test_an_empty_closing_gives_files_too():
    assert fec_text(a_view().entries(), AS_OF).count("\r\n") == 1
    assert load_workbook(io.BytesIO(workbook(a_view(), "fr"))).sheetnames[0] == "Synthèse"
