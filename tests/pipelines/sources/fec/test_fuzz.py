"""Whatever a file holds, the import says in our words what is wrong, or accounts for every line and cent."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import LedgerError
from pipelines.sources.fec.importing import import_fec
from tests.pipelines.sources.fec.builders import COLUMNS, HEADER, SIREN, read_fec

ANYTHING = st.binary(max_size=400) | st.text(max_size=200).map(str.encode)
DAYS = st.sampled_from(["20250110", "20250230", "00000000", "", "2025-03-01", "20260101"])
AMOUNTS = st.sampled_from(["0,00", "12,50", "-3", "", "1 000,5", "x", "99999999999999", ",", "0", "0,00"])
ACCOUNTS = st.sampled_from(
    ["411000", "416000", "411DUPONT", "512000", "707000", "491000", "654000", "890000", "x", ""]
)
WORDS = st.sampled_from(
    ["", "C1", "C2", "A", "a", "Ech. 31/03/2025", "é\u2028x", '"', "=1+1", "VE", "AN", "à 30 j"]
)
CELLS = {
    "EcritureDate": DAYS,
    "PieceDate": DAYS,
    "DateLet": DAYS,
    "Debit": AMOUNTS,
    "Credit": AMOUNTS,
    "CompteNum": ACCOUNTS,
}
LINES = st.lists(st.tuples(*(CELLS.get(name, WORDS) for name in COLUMNS)), max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANYTHING)
def test_any_bytes_are_read_or_refused_with_a_message(tmp_path: Path, data: bytes):
    path = tmp_path / "any.txt"
    for content in (data, HEADER.encode() + b"\n" + data, b"PK\x03\x04" + data):
        path.write_bytes(content)
        try:
            file = read_fec(path)
        except LedgerError:
            continue
        else:
            assert file.n_lines >= len(file.lines)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.booleans())
def test_any_cells_are_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, ...]], joined
):
    folder = tmp_path_factory.mktemp("fuzz")
    path = folder / f"{SIREN}FEC20251231.txt"
    rows = [HEADER, *("\t".join(cells) for cells in lines), *([HEADER] if joined else [])]
    path.write_bytes(("\n".join(rows) + "\n").encode())
    try:
        summary = import_fec([path], folder / "ledger")
    except LedgerError:
        return
    told = summary.files[0]
    assert told.n_lines == len(rows) - 1
    assert (told.gap_debit, told.gap_credit, told.gap_lines) == (0, 0, 0)
    assert summary.open_cents == summary.balance_cents
