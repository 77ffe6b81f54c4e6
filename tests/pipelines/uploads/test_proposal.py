from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import LedgerError
from pipelines.sources.mapping.loading import load_mapping
from pipelines.sources.mapping.shape import FileShape
from pipelines.uploads.proposal import UnknownTable, guess, known_mapping, mapping_text, unknown_table
from serving.usecases.uploads import NEEDED

LIST = """Export du 30/11/2026;;;;;;
Code client;Raison sociale;N° facture;Date facture;Échéance;Montant TTC;Date de règlement
C1;Les Lilas;F-1;05/01/2026;04/02/2026;1 200,50;10/02/2026
C2;Le Parc;F-2;07/02/2026;09/03/2026;2 500,00;
C2;Le Parc;A-1;xx/02/2026;10/02/2026;-100,00;
"""


def written(folder: Path, text: str, encoding: str = "utf-8", name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


ALL = "customer_id invoice_id issued_on due_on amount_cents settled_on"
NAMED = "name invoice_id issued_on due_on amount_cents settled_on"


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Code client;N° facture;Date facture;Échéance;Montant TTC;Réglée le", ALL),
        ("Tiers;Pièce;Date de pièce;Date d'échéance;Total TTC;Payé le", ALL),
        ("Customer No.;Document No.;Posting Date;Due Date;Amount", ALL),
        ("Customer name;Invoice number;Invoice date;Due on;Total;Paid on", NAMED),
        ("Nom;Réf facture;Émise le;À payer avant le;Net à payer", NAMED),
    ],
)
def test_headers_of_usual_exports_are_recognised(header: str, fields: str):
    names = header.split(";")
    expected = dict(zip(fields.split(), names, strict=False))
    found = guess(names)
    assert {field: found.get(field) for field in expected} == expected
    assert found["customer_id"] in names


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_notation_is_told_by_the_values_and_a_title_is_skipped(tmp_path: Path, encoding: str):
    table = unknown_table(written(tmp_path, LIST, encoding))
    assert table.header[0] == "Code client"
    assert (table.shape.separator, table.shape.skip_rows, table.shape.decimal) == (";", 1, ",")
    assert table.shape.dates == ["%d/%m/%Y"]
    assert table.samples["Montant TTC"] == ("1 200,50", "2 500,00", "-100,00")


@pytest.mark.parametrize(
    ("amounts", "decimal", "thousands"),
    [
        (["1.200,50", "7"], ",", "."),
        (["1,200.50", "7.5"], ".", ","),
        (["1200.50"], ".", ""),
        (["1 200", "12,5"], ",", " "),
    ],
)
def test_amounts_are_read_as_they_are_written(
    tmp_path: Path, amounts: list[str], decimal: str, thousands: str
):
    rows = "\n".join(f"C1\tF-{at}\t2026-01-05\t{amount}" for at, amount in enumerate(amounts))
    shape = unknown_table(written(tmp_path, f"Client\tFacture\tDate\tMontant\n{rows}\n")).shape
    assert (shape.decimal, shape.thousands, shape.separator) == (decimal, thousands, "\t")


def test_a_workbook_is_read_too(tmp_path: Path):
    book = openpyxl.Workbook()
    for row in (["Client", "Facture", "Date facture", "Montant TTC"], ["C1", "F-1", "05/01/2026", 12.5]):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    table = unknown_table(tmp_path / "list.xlsx")
    assert table.shape.format == "excel"
    assert set(NEEDED) <= set(table.guesses)


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"one column\nx\n", b"\x00\x01\x02\xff" * 50, b"PK\x03\x04junk"]
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    with pytest.raises(LedgerError):
        unknown_table(path)


LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))
HEADERS = st.lists(
    st.text(LETTERS, min_size=1, max_size=12).filter(str.strip),
    min_size=len(NEEDED),
    max_size=9,
    unique=True,
)


@given(HEADERS, st.integers(0, 365))
def test_any_header_gives_a_mapping_that_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, headers: list[str], days: int
):
    table = UnknownTable(FileShape(separator=";", dates=["%d/%m/%Y"]), tuple(headers), {}, {})
    choices = dict(zip((*NEEDED, "due_on", "settled_on"), headers, strict=False))
    path = tmp_path_factory.mktemp("mapping") / "made.toml"
    path.write_text(mapping_text(table, choices, days), "utf-8")
    assert load_mapping(path).file.separator == ";"


def test_a_choice_that_is_needed_or_unknown_is_named(tmp_path: Path):
    table = unknown_table(written(tmp_path, LIST))
    with pytest.raises(LedgerError, match="amount_cents"):
        mapping_text(table, {**table.guesses, "amount_cents": ""}, 30)
    with pytest.raises(LedgerError, match="no column 'Prix'"):
        mapping_text(table, {**table.guesses, "amount_cents": "Prix"}, 30)


def test_the_mapping_that_reads_most_columns_is_known(tmp_path: Path):
    path = written(tmp_path, LIST)
    table = unknown_table(path)
    folder = tmp_path / "mappings"
    folder.mkdir()
    (folder / "a_faulty.toml").write_text("[nonsense", "utf-8")
    assert known_mapping([path], [folder]) is None
    fewer = {name: header for name, header in table.guesses.items() if name in NEEDED}
    (folder / "b_few.toml").write_text(mapping_text(table, fewer, 30), "utf-8")
    (folder / "c_more.toml").write_text(mapping_text(table, table.guesses, 30), "utf-8")
    assert known_mapping([path], [tmp_path / "missing", folder]) == folder / "c_more.toml"
    assert known_mapping([written(tmp_path, "A;B\n1;2\n", name="other.csv")], [folder]) is None
