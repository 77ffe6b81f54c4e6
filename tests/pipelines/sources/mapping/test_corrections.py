import csv
import datetime as dt
import io
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import LedgerError
from models.ledger.files import fingerprint, read_ledger
from models.ledger.ledger import Ledger
from pipelines.sources.corrections import export_rows
from pipelines.sources.mapping.balance import ImportBalance, RowTally
from pipelines.sources.mapping.corrections import Retry, retry
from pipelines.sources.mapping.importing import ImportSummary, import_files
from pipelines.sources.mapping.sheet import OWN
from pipelines.validation.quarantine import quarantined, write_quarantine
from tests.pipelines.sources.mapping.builders import FILE, mapping_at

MAPPING = (
    FILE
    + """
[[skip]]
"Type" = ["TOTAL"]

[[customers]]
customer_id = "Client"
name = "Nom"

[[invoices]]
where = { "Type" = ["F"] }
invoice_id = "Pièce"
customer_id = "Client"
kind = { constant = "invoice" }
issued_on = "Date"
due_on = { column = "Échéance", after = "issued_on", days = 30 }
amount_cents = "Montant"
currency = { constant = "EUR" }

[[payments]]
where = { "Type" = ["P"] }
payment_id = "Pièce"
customer_id = "Client"
paid_on = "Date"
amount_cents = { column = "Montant", negate = true }

[matching]
number = "Lettrage"
"""
)
HEADER = ["Pièce", "Client", "Nom", "Type", "Date", "Échéance", "Montant", "Lettrage"]
DIRT = [
    "",
    "=1+1",
    "'=1",
    "'",
    "abc",
    "31/02/2024",
    "00/00/0000",
    "1,234",
    "-5,00",
    "12,50,1",
    "F",
    "P",
    'é;"x',
]
Cells = list[list[str]]


class Place(NamedTuple):
    """An import of rows, some of them dirty, and the same rows clean."""

    folder: Path
    clean: Cells

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger"

    def held(self) -> Ledger:
        return read_ledger(self.ledger)

    def bring(self, rows: Cells, name: str = "export.csv", ledger: str = "ledger") -> ImportSummary:
        text = io.StringIO()
        csv.writer(text, delimiter=";", lineterminator="\n").writerows([HEADER, *rows])
        source = self.folder / name
        source.write_text(text.getvalue(), encoding="utf-8")
        return import_files(mapping_at(self.folder, MAPPING), [source], self.folder / ledger)

    def sheet(self) -> Path:
        (source,) = quarantined(self.ledger)
        export_rows(self.ledger, source, self.folder / "sheet.csv")
        return self.folder / "sheet.csv"

    def correct(self, only: set[int] | None = None) -> Retry:
        """Put the clean cells back in the sheet, of all lines or of some."""
        path = self.sheet()
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"))
        for row in rows[1:]:
            if only is None or int(row[1]) in only:
                row[len(OWN) :] = self.clean[int(row[1]) - 2] + [""] * (len(row) - len(OWN) - len(HEADER))
        return retry(self.save(rows), self.ledger)

    def save(self, rows: Cells, encoding: str = "utf-8-sig", separator: str = ";") -> Path:
        path, text = self.folder / "corrected.csv", io.StringIO()
        csv.writer(text, delimiter=separator).writerows(rows)
        path.write_bytes(text.getvalue().encode(encoding))
        return path


def export(n: int) -> Cells:
    """Invoices with the payment that settles each, their matching number, and a line of totals."""
    rows = []
    for at in range(n):
        client, day = f"00{at % 3}", dt.date(2024, 1, 1) + dt.timedelta(days=at)
        amount, name = f"{100 + at},{at % 100:02d}", f"Maison {at % 3}"
        due, paid = day + dt.timedelta(days=30), day + dt.timedelta(days=35)
        rows.append([f"F{at}", client, name, "F", f"{day:%d/%m/%Y}", f"{due:%d/%m/%Y}", amount, f"L{at}"])
        rows.append([f"P{at}", client, name, "P", f"{paid:%d/%m/%Y}", "", f"-{amount}", f"L{at}"])
    return [*rows, ["", "", "", "TOTAL", "", "", "0,00", ""]]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, export(4))


def dirty(clean: Cells, *changes: tuple[int, str, str]) -> Cells:
    """Change cells: the line, the column, the dirt."""
    rows = [list(row) for row in clean]
    for line, column, value in changes:
        rows[line - 2][HEADER.index(column)] = value
    return rows


def total(ledger: Ledger) -> int:
    """What a ledger holds of one import, in the file's sign."""
    return int(ledger.invoices["amount_cents"].sum() - ledger.payments["amount_cents"].sum())


def sound(one: ImportBalance) -> bool:
    parts = (one.taken, one.replaced, one.refused, one.skipped)
    rows, cents = sum(part.rows for part in parts), sum(part.cents for part in parts)
    return (one.came.rows, one.came.cents) == (rows, cents + one.aside_cents)


edits = st.tuples(st.integers(0, 12), st.integers(0, len(HEADER) - 1), st.sampled_from(DIRT))


faults = st.tuples(
    st.integers(0, 12), st.sampled_from(["Date", "Montant"]), st.sampled_from(["abc", "-", "1,2,3"])
)


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(n=st.integers(1, 5), wrong=st.lists(faults, min_size=1, max_size=6))
def test_whatever_was_wrong_the_mended_ledger_is_that_of_the_clean_file_to_the_bit(n, wrong):
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), export(n))
        (whole,) = place.bring(place.clean, "clean.csv", "clean").balances
        place.bring(dirty(place.clean, *((line % (2 * n) + 2, name, value) for line, name, value in wrong)))
        done = place.correct()
        assert done.left == 0
        assert replace(done.balances[0], file=whole.file) == whole
        assert fingerprint(place.held()) == fingerprint(read_ledger(place.folder / "clean"))


@pytest.mark.slow
@settings(max_examples=6, deadline=None)
@given(n=st.integers(1, 6), dirt=st.lists(edits, max_size=6), again=st.booleans())
def test_what_came_in_is_what_went_in_and_quarantine_and_mending_makes_it_the_clean_ledger(n, dirt, again):
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), export(n))
        changes = [(line % (2 * n + 1) + 2, HEADER[at], value) for line, at, value in dirt]
        rows = dirty(place.clean, *changes)
        clean = place.bring(place.clean, "clean.csv", "clean")
        (whole,) = clean.balances
        (one,) = place.bring(rows).balances
        assert sound(one)
        assert one.came.rows == len(rows)
        assert total(place.held()) == one.taken.cents
        refused = {int(line) for faults in quarantined(place.ledger).values() for line in faults["line"]}
        assert one.refused.rows == len(refused)
        if not refused:
            return
        touched = {line for line, _, _ in changes if rows[line - 2] != place.clean[line - 2]}
        done = place.correct()
        if again:
            assert place.bring(rows).balances == done.balances
        assert all(sound(balance) for balance in done.balances)
        assert total(place.held()) == done.balances[0].taken.cents
        if touched <= refused:  # dirt that is no fault, such as another amount, is nobody's to correct
            assert quarantined(place.ledger) == {}
            assert done.left == 0
            assert fingerprint(place.held()) == fingerprint(read_ledger(Path(folder) / "clean"))
            assert (done.balances[0].came, done.balances[0].taken) == (whole.came, whole.taken)


def test_a_mended_payment_finds_the_invoice_that_came_before_it(place: Place):
    place.bring(dirty(place.clean, (3, "Date", "31/02/2024")))
    held = place.held().payments
    assert "F0" not in held["invoice_id"].tolist()
    done = place.correct()
    assert (done.came_in, done.left) == ((3,), 0)
    held = place.held().payments.set_index("payment_id")
    assert held.loc["P0", "invoice_id"] == "F0"


def test_the_same_sheet_twice_changes_nothing(place: Place):
    place.bring(dirty(place.clean, (3, "Date", "x"), (4, "Montant", "y")))
    place.correct()
    before = fingerprint(place.held())
    again = retry(place.folder / "corrected.csv", place.ledger)
    assert (again.came_in, again.already) == ((), (3, 4))
    assert fingerprint(place.held()) == before


def test_what_is_bad_still_stays_with_its_new_reason_and_the_rest_comes_in(place: Place):
    place.bring(dirty(place.clean, (3, "Date", "x"), (4, "Montant", "y")))
    assert place.correct(only={4}).unchanged == (3,)
    assert [faults["line"].tolist() for faults in quarantined(place.ledger).values()] == [[3]]
    rows = list(csv.reader(place.sheet().read_text("utf-8-sig").splitlines(), delimiter=";"))
    rows[1][len(OWN) + HEADER.index("Date")] = "30/02/2024"
    done = retry(place.save(rows), place.ledger)
    assert (done.came_in, done.left) == ((), 1)
    assert done.still_bad["value"].tolist() == ["30/02/2024"]
    (faults,) = quarantined(place.ledger).values()
    assert faults["value"].tolist() == ["x"]


def test_a_file_that_comes_again_keeps_what_was_corrected(place: Place):
    rows = dirty(place.clean, (3, "Date", "x"))
    place.bring(rows)
    place.correct()
    before = fingerprint(place.held())
    assert place.bring(rows).rows_refused == 0
    assert fingerprint(place.held()) == before


def test_later_imports_stay_where_mending_changes_nothing_of_theirs(place: Place):
    place.bring(dirty(place.clean, (3, "Date", "x")))
    place.bring([["F3", "001", "Maison neuve", "F", "04/01/2024", "", "999,00", ""]], "later.csv")
    (first,) = quarantined(place.ledger)
    place.correct()
    held = place.held()
    assert held.invoices.set_index("invoice_id").loc["F3", "amount_cents"] == 99_900
    assert first not in quarantined(place.ledger)


def test_the_sheet_shows_the_rows_as_they_came_and_runs_no_formula(place: Place):
    place.bring(dirty(place.clean, (9, "Date", "x"), (9, "Nom", "=cmd|' /C calc'!A0")))
    rows = list(csv.reader(place.sheet().read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert rows[0] == [*OWN, *HEADER]
    assert rows[1][1:3] == ["9", "Date: is no date written like %d/%m/%Y or %Y-%m-%d"]
    assert rows[1][5] == "'=cmd|' /C calc'!A0"
    assert rows[1][4] == "000"
    rows[1][len(OWN) + HEADER.index("Date")] = "05/02/2024"
    assert retry(place.save(rows), place.ledger).came_in == (9,)
    assert "=cmd|' /C calc'!A0" in place.held().customers["name"].tolist()


def test_what_a_spreadsheet_makes_of_other_cells_is_told(place: Place):
    place.bring(dirty(place.clean, (3, "Date", "x")))
    rows = list(csv.reader(place.sheet().read_text("utf-8-sig").splitlines(), delimiter=";"))
    rows[1][len(OWN) + HEADER.index("Client")] = "0"
    rows[1][len(OWN) + HEADER.index("Date")] = "05/02/2024"
    assert retry(place.save(rows, "cp1252", ","), place.ledger).elsewhere == ("3, Client: 000 → 0",)


def test_a_row_of_another_width_can_be_corrected(place: Place):
    rows = [list(row) for row in place.clean]
    rows[1].insert(2, "de trop")
    place.bring(rows)
    assert place.correct().came_in == (3,)
    assert total(place.held()) == 0


def test_a_mended_row_never_pushes_out_one_that_is_in(place: Place):
    place.bring(dirty(place.clean, (2, "Date", "x")))
    rows = list(csv.reader(place.sheet().read_text("utf-8-sig").splitlines(), delimiter=";"))
    rows[1][len(OWN) :] = ["F1", "000", "Maison 0", "F", "01/01/2024", "", "7,00", ""]
    done = retry(place.save(rows), place.ledger)
    assert done.came_in == ()
    assert "appears on line 4 with different values" in done.still_bad["reason"].iloc[0]
    assert place.held().invoices.set_index("invoice_id").loc["F1", "amount_cents"] == 10_101


def test_nothing_is_kept_of_files_that_are_whole(place: Place):
    place.bring(dirty(place.clean, (3, "Date", "x")))
    kept = place.ledger / "quarantine" / "kept"
    assert len(list(kept.iterdir())) == 2
    place.correct()
    assert list(kept.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda rows: [row[1:] for row in rows], "is no sheet of the quarantine"),
        (lambda rows: [rows[0], ["../../x", *rows[1][1:]]], "holds no file '../../x'"),
        (lambda rows: [rows[0], [rows[1][0], "-1", *rows[1][2:]]], "encours_line is '-1'"),
        (lambda rows: [rows[0], [rows[1][0], "5", *rows[1][2:]]], "line 5 of the file is not in quarantine"),
        (lambda rows: [*rows, rows[1]], "encours_line is '3'"),
        (lambda rows: [row[:-1] for row in rows], "lacks 'Lettrage'"),
        (lambda rows: rows[:1], "names 0 files"),
    ],
)
def test_a_sheet_that_was_spoilt_changes_nothing_and_is_told(place: Place, change, told: str):
    place.bring(dirty(place.clean, (3, "Date", "x")))
    before = fingerprint(place.held())
    rows = list(csv.reader(place.sheet().read_text("utf-8-sig").splitlines(), delimiter=";"))
    with pytest.raises(LedgerError, match=told):
        retry(place.save(change(rows)), place.ledger)
    assert fingerprint(place.held()) == before


def test_a_file_whose_rows_were_not_kept_says_what_to_do(tmp_path: Path):
    refused = pd.DataFrame({"line": [3], "column": ["Debit"], "value": ["x"], "reason": ["is no amount"]})
    write_quarantine(tmp_path, tmp_path / "fec.txt", "ab" * 32, refused)
    with pytest.raises(LedgerError, match="export it again and import it"):
        export_rows(tmp_path, "ab" * 6, tmp_path / "sheet.csv")


def test_amounts_are_counted_in_the_files_sign_and_what_cannot_be_read_is_counted_apart(place: Place):
    (one,) = place.bring(dirty(place.clean, (2, "Montant", "cent"), (3, "Date", "x"))).balances
    assert (one.refused, one.unreadable) == (RowTally(2, -10_000), 1)
    assert one.skipped == RowTally(1, 0)
    assert one.gap == RowTally()


def test_a_row_whose_key_comes_again_is_counted_as_replaced(place: Place):
    (one,) = place.bring([*place.clean, place.clean[0]]).balances
    assert (one.came.rows, one.replaced.rows, one.replaced.cents) == (10, 1, 10_000)
