"""Lines of a FEC that are corrected come in as if they had been right from the first."""

import csv
import gzip
import io
import random
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import LedgerError
from models.ledger.files import fingerprint, read_ledger
from pipelines.sources.bookkeeping.building import BookkeepingOptions
from pipelines.sources.corrections import export_rows, retry
from pipelines.sources.fec.corrections import CorrectionResult
from pipelines.sources.fec.importing import import_fec
from pipelines.sources.mapping.sheet import OWN
from pipelines.validation.quarantine import quarantined
from tests.pipelines.sources.fec.builders import COLUMNS, HEADER, fec, line, opening, paid, sale

DIRT = (
    {"EcritureDate": "0000-00-00"},
    {"EcritureDate": ""},
    {"Debit": "10,00", "Credit": "10,00"},
    {"Debit": "12 EUR"},
    {"CompteNum": "CLIENT"},
    {"CompAuxNum": ""},
    {"EcritureLib": "one\tmore column"},
)
"""Cells that put a line on a customer's account in quarantine."""


def year(n: int) -> list[str]:
    """Invoices with letters, half of them paid, behind a first line that is never spoilt."""
    made = sale("F", "20250101", "C1", 1)
    for nth in range(n):
        letter = {"EcritureLet": "A", "DateLet": "20250301"} if nth == 0 else {}
        made += sale(f"F{nth}", "20250110", f"C{nth % 3}", 1000 + nth, **letter)
        if nth % 2 == 0:
            made += paid(f"P{nth}", "20250210", f"C{nth % 3}", 900 + nth, **letter)
    return made


def dirty(lines: list[str], changes: dict[int, dict[str, str]], separator: str = "\t") -> list[str]:
    """Change cells of the lines at these places; one may bring a column more."""
    made = list(lines)
    for at, cells in changes.items():
        values = dict(zip(COLUMNS, made[at].split("\t"), strict=True)) | cells
        made[at] = "\t".join(values.values())
    return [one.replace("\t", separator) for one in made]


def source(folder: Path) -> str:
    return next(iter(quarantined(folder / "ledger")))


def sheet(folder: Path) -> list[list[str]]:
    """Export the quarantine's one file and return the sheet's rows."""
    export_rows(folder / "ledger", source(folder), folder / "sheet.csv")
    text = (folder / "sheet.csv").read_text("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def correct(folder: Path, clean: list[str], only: set[int] | None = None) -> CorrectionResult:
    """Put the clean cells into the sheet's rows, of these lines where they are named, and bring them in."""
    header, *rows = sheet(folder)
    for row in rows:
        at = int(row[1])
        if only is None or at in only:
            row[len(OWN) :] = clean[at - 2].split("\t") + [""] * (len(header) - len(OWN) - len(COLUMNS))
    return save(folder, [header, *rows])


def save(folder: Path, rows: list[list[str]]) -> CorrectionResult:
    with (folder / "corrected.csv").open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out, delimiter=";").writerows(rows)
    return retry(folder / "corrected.csv", folder / "ledger")


def same_ledger(folder: Path, other: Path) -> bool:
    notes = [pd.read_parquet(one / "ledger" / "fec_notes.parquet") for one in (folder, other)]
    ledgers = [read_ledger(one / "ledger") for one in (folder, other)]
    return fingerprint(ledgers[0]) == fingerprint(ledgers[1]) and notes[0].equals(notes[1])


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.integers(2, 25), st.sampled_from(DIRT), min_size=1, max_size=8),
    st.sampled_from(["\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "iso-8859-15"]),
    st.randoms(use_true_random=False),
)
def test_on_any_dirt_nothing_is_lost_and_mending_makes_the_ledger_of_the_clean_file(
    tmp_path_factory: pytest.TempPathFactory,
    changes: dict[int, dict[str, str]],
    separator: str,
    encoding: str,
    rng: random.Random,
):
    clean = year(10)
    # A cell may be spoilt on any line but CompAuxNum, which is empty on other accounts anyway.
    changes = {
        at: cells for at, cells in changes.items() if "411000" in clean[at] or "CompAuxNum" not in cells
    }
    place, right = tmp_path_factory.mktemp("dirty"), tmp_path_factory.mktemp("clean")
    head = HEADER.replace("\t", separator)
    import_fec([fec(right, clean)], right / "ledger")
    path = fec(place, dirty(clean, changes, separator), header=head, encoding=encoding)
    wrong = path.read_bytes()
    told = import_fec([path], place / "ledger").files[0]
    waiting = set(quarantined(place / "ledger")[source(place)]["line"]) if told.n_refused else set()
    while waiting:
        assert told.n_lines == len(clean)
        assert (told.gap_debit, told.gap_credit, told.gap_lines) == (0, 0, 0)
        assert told.n_refused == len(waiting)
        chosen = {one for one in waiting if rng.random() < 0.7} or waiting
        done, summary = correct(place, clean, chosen)
        assert set(done.came_in) == chosen
        assert summary is not None
        assert summary.open_cents == summary.balance_cents
        waiting, told = waiting - chosen, summary.files[0]
        assert done.left == len(waiting)
    assert (told.gap_debit, told.gap_credit, told.gap_lines) == (0, 0, 0)
    assert not quarantined(place / "ledger")
    assert path.read_bytes() == wrong
    assert same_ledger(place, right)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Lay down a ledger of a year with two lines in quarantine."""
    clean = year(4)
    path = fec(tmp_path, dirty(clean, {2: {"EcritureDate": "00000000"}, 4: {"Debit": "x"}}))
    import_fec([path], tmp_path / "ledger")
    return tmp_path


def test_the_sheet_shows_the_lines_as_they_came_under_the_norms_names(place: Path):
    header, first, second = sheet(place)
    assert header == [*OWN, *COLUMNS]
    assert (first[1], second[1]) == ("4", "6")
    assert "is no date written YYYYMMDD" in first[2]
    assert first[header.index("EcritureDate")] == "00000000"
    assert second[header.index("Debit")] == "x"


def test_the_same_sheet_twice_changes_nothing(place: Path):
    correct(place, year(4))
    before = fingerprint(read_ledger(place / "ledger"))
    again = retry(place / "corrected.csv", place / "ledger")
    assert again.retry.already == (4, 6)
    assert again.summary is None
    assert fingerprint(read_ledger(place / "ledger")) == before


def test_what_is_bad_still_stays_with_its_reason_and_the_rest_comes_in(place: Path):
    rows = sheet(place)
    rows[1][rows[0].index("EcritureDate")] = "20250110"
    rows[2][rows[0].index("Debit")] = "ten"
    done = save(place, rows).retry
    assert (done.came_in, done.left) == ((4,), 1)
    assert done.still_bad["value"].tolist() == ["ten"]
    assert quarantined(place / "ledger")[source(place)]["line"].tolist() == [6]


def test_a_file_that_comes_again_keeps_what_was_corrected(place: Path):
    correct(place, year(4))
    after = fingerprint(read_ledger(place / "ledger"))
    told = import_fec([place / "999000003FEC20251231.txt"], place / "ledger").files[0]
    assert told.n_refused == 0
    assert fingerprint(read_ledger(place / "ledger")) == after


def test_nothing_is_kept_once_no_line_waits(place: Path):
    folder = place / "ledger" / "quarantine" / "kept"
    assert sorted(one.suffix for one in folder.iterdir()) == [".fec", ".json"]
    correct(place, year(4))
    assert not list(folder.iterdir())


def test_a_mended_cell_with_the_separator_or_an_end_of_line_makes_no_other_line(place: Path):
    rows = sheet(place)
    at = rows[0].index("EcritureLib")
    rows[1][rows[0].index("EcritureDate")], rows[1][at] = "20250110", "two\tcolumns"
    rows[2][rows[0].index("Debit")], rows[2][at] = "0,00", "two\nlines"
    done, summary = save(place, rows)
    assert done.came_in == (4, 6)
    assert {"two columns", "two lines"} <= set(
        pd.read_parquet(place / "ledger" / "fec_lines.parquet")["label"]
    )
    assert summary.files[0].n_lines == len(year(4))


def test_the_terms_of_the_import_hold_for_mended_lines_too(tmp_path: Path):
    path = fec(tmp_path, dirty(year(4), {2: {"EcritureDate": ""}}))
    import_fec([path], tmp_path / "ledger", BookkeepingOptions(default_days=60, old_after_days=365))
    correct(tmp_path, year(4))
    invoices = read_ledger(tmp_path / "ledger").invoices
    assert set((invoices["due_on"] - invoices["issued_on"]).dt.days) == {60}


def test_a_mended_day_moves_the_close_of_a_file_whose_name_does_not_say_it_and_counts_it_once(tmp_path: Path):
    lines = [*sale("F1", "20250110", "C1", 100), *sale("F2", "20250310", "C1", 200)]
    right = tmp_path / "right"
    import_fec([fec(right, lines, name="export.txt")], right / "ledger")
    path = fec(tmp_path, dirty(lines, {2: {"EcritureDate": ""}, 3: {"EcritureDate": ""}}), name="export.txt")
    import_fec([path], tmp_path / "ledger")
    assert correct(tmp_path, lines).retry.came_in == (4, 5)
    assert same_ledger(tmp_path, right)


def test_a_year_imported_later_stays_and_its_opening_meets_the_mended_line(tmp_path: Path):
    first = [*sale("F1", "20250110", "C1", 100), *sale("F2", "20250310", "C1", 200)]
    second = [*opening("A1", "20260101", "C1", 300), *sale("F3", "20260110", "C1", 50)]
    right = tmp_path / "right"
    import_fec([fec(right, first), fec(right, second, year=2026)], right / "ledger")
    import_fec([fec(tmp_path, dirty(first, {2: {"EcritureDate": ""}}))], tmp_path / "ledger")
    import_fec([fec(tmp_path, second, year=2026)], tmp_path / "ledger")
    _, summary = correct(tmp_path, first)
    assert summary.years == 2
    assert summary.opening_gaps == (0, 0)
    assert same_ledger(tmp_path, right)


def test_lines_of_a_packed_file_are_mended_too(tmp_path: Path):
    clean = year(4)
    for nth, kind in enumerate(("gz", "zip")):
        folder = tmp_path / str(nth)
        plain = fec(folder, dirty(clean, {2: {"EcritureDate": ""}}))
        packed = folder / f"{plain.stem}.{kind}"
        if kind == "gz":
            packed.write_bytes(gzip.compress(plain.read_bytes()))
        else:
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(plain, plain.name)
        import_fec([packed], folder / "ledger")
        assert correct(folder, clean).retry.came_in == (4,)


def test_a_formula_in_a_name_is_text_in_the_sheet_and_as_it_was_when_it_comes_back(tmp_path: Path):
    bad = line("VE", "F2", "0000-00-00", "411000", 500, CompAuxNum="C2", CompAuxLib="=HYPERLINK(1)")
    good = line("VE", "F2", "20250110", "411000", 500, CompAuxNum="C2", CompAuxLib="=HYPERLINK(1)")
    import_fec([fec(tmp_path, sale("F1", "20250110", "C1", 100), bad)], tmp_path / "ledger")
    rows = sheet(tmp_path)
    assert rows[1][rows[0].index("CompAuxLib")] == "'=HYPERLINK(1)"
    rows[1][rows[0].index("EcritureDate")] = "20250110"
    assert save(tmp_path, rows).retry.elsewhere == ()
    right = tmp_path / "right"
    import_fec([fec(right, sale("F1", "20250110", "C1", 100), good)], right / "ledger")
    assert same_ledger(tmp_path, right)


def test_a_kept_file_that_was_changed_is_refused(place: Path):
    kept = next((place / "ledger" / "quarantine" / "kept").glob("*.fec"))
    kept.write_bytes(gzip.compress(b"something else"))
    with pytest.raises(LedgerError, match="was changed since it was kept; import the file again"):
        export_rows(place / "ledger", source(place), place / "sheet.csv")
