from pathlib import Path

import pytest

from models.errors import LedgerError
from pipelines.sources.fec.layout import read_layout
from tests.pipelines.sources.fec.builders import COLUMNS, HEADER, fec, imported, read, sale, with_columns

ANY = Path("a.txt")


def layout(*names: str, separator: str = "\t"):
    return read_layout(ANY, separator.join(names).encode() + b"\n")


def test_tab_and_pipe_are_taken():
    assert layout(*COLUMNS).separator == "\t"
    assert layout(*COLUMNS, separator="|").separator == "|"


def test_case_quotes_further_columns_and_order_do_not_matter():
    names = [f'"{name.upper()}"' for name in reversed(COLUMNS)]
    found = layout('"DateRglt"', *names)
    assert found.quoted
    assert found.columns["JournalCode"] == 18
    assert found.width == 19


def test_montant_and_sens_stand_for_debit_and_credit():
    names = [{"Debit": "Montant", "Credit": "Sens"}.get(name, name) for name in COLUMNS]
    assert layout(*names).amounts == ("Montant", "Sens")
    assert layout(*COLUMNS).amounts == ("Debit", "Credit")


@pytest.mark.parametrize(("sign", "word"), [(";", "a semicolon"), (",", "a comma")])
def test_another_separator_is_refused_by_name(sign: str, word: str):
    with pytest.raises(
        LedgerError, match=f"separates its columns by {word}; the norm allows a tab or a pipe"
    ):
        layout(*COLUMNS, separator=sign)


def test_missing_columns_are_told_together():
    with pytest.raises(LedgerError, match="lacks CompAuxNum, EcritureLib"):
        layout(*(name for name in COLUMNS if name not in {"CompAuxNum", "EcritureLib"}))


def test_a_file_without_a_header_is_told_so():
    first = sale("1", "20250110", "C1", 12000)[0]
    with pytest.raises(LedgerError, match="does not begin with the norm's header"):
        read_layout(ANY, first.encode())


def test_both_ways_to_write_amounts_give_the_same_ledger(tmp_path: Path):
    lines = sale("1", "20250110", "C1", 12000)
    _, plain = imported(tmp_path / "a", lines)
    header = HEADER.replace("Debit", "Montant").replace("Credit", "Sens")
    for nth, (debit, credit) in enumerate([("D", "C"), ("+1", "-1"), ("d", "c")]):
        sided = [
            one.replace("120,00\t0,00", f"120,00\t{debit}").replace("0,00\t120,00", f"120,00\t{credit}")
            for one in lines
        ]
        path = fec(tmp_path / str(nth), sided, header=header)
        assert "Sens" in path.read_text()
        from models.ledger.files import fingerprint, read_ledger
        from pipelines.sources.fec.importing import import_fec

        import_fec([path], tmp_path / str(nth) / "ledger")
        assert fingerprint(read_ledger(tmp_path / str(nth) / "ledger")) == fingerprint(plain)


def test_quoted_texts_lose_their_quotes_and_inner_quotes_stay(tmp_path: Path):
    quoted = [
        "\t".join(f'"{cell}"' for cell in one.split("\t")) for one in sale("1", "20250110", "C1", 12000)
    ]
    header = "\t".join(f'"{name}"' for name in COLUMNS)
    assert read(tmp_path / "a", quoted, header=header).lines["aux"].tolist() == ["C1"]
    inner = sale("1", "20250110", "C1", 12000, CompAuxLib='SARL "LE PHARE"')
    assert read(tmp_path / "b", inner).lines["name"].tolist() == ['SARL "LE PHARE"']


@pytest.mark.parametrize(
    "spelling",
    ["EcrtureLet", "LettragePiece", "ecriture_let", "ÉcritureLet", "Ecriture Let", "EcritureLettrage"],
)
def test_known_spellings_of_the_lettering_column_are_read(spelling: str):
    found = layout(*(spelling if name == "EcritureLet" else name for name in COLUMNS))
    assert (found.columns["EcritureLet"], found.written("EcritureLet")) == (13, spelling)


@pytest.mark.parametrize("spelling", ["DateLimitReglmt", "Date d'échéance", "DATE_ECHEANCE", "Echéance"])
def test_a_column_of_due_dates_is_found_behind_those_of_the_norm(spelling: str):
    found = layout(*COLUMNS, "Section", spelling)
    assert found.written("DateLimitReglmt") == spelling
    assert found.exporter is None


def test_a_program_is_known_by_the_columns_that_it_adds():
    assert layout(*COLUMNS, "DateLimitReglmt", "NumFacture").exporter == "Dolibarr"


def test_what_was_recognised_is_reported(tmp_path: Path):
    lines = with_columns(sale("1", "20250110", "C1", 12000), Echeance="20250301", Section="A")
    file = read(tmp_path / "a", lines, header=f"{HEADER}\tEcheance\tSection")
    assert (file.recognised.due, file.recognised.ignored) == ("Echeance", ("Section",))
    assert file.recognised.lettering == "EcritureLet"
    without = read(
        tmp_path / "b", sale("1", "20250110", "C1", 12000), header=HEADER.replace("EcritureLet", "X")
    )
    assert (without.recognised.lettering, without.recognised.ignored) == (None, ("X",))
