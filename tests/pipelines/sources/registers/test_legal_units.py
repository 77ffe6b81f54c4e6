"""Of millions of legal units only the portfolio's reach the ledger, whatever kind of file they come in."""

import gzip
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from models.errors import LedgerError
from models.ledger.files import fingerprint
from pipelines.sources.registers.legal_units import import_legal_units
from pipelines.sources.registers.stock import read_stock
from tests.builders import a_customer
from tests.pipelines.sources.registers.builders import (
    DAY,
    ONE,
    READ_ON,
    TWO,
    a_csv,
    a_json,
    a_portfolio,
    filings,
    held,
    quarantine,
)
from tests.serving.registers.samples import a_siren, a_unit, found_company, search_answer

STRANGERS = [a_unit(a_siren(number)) for number in range(10, 60)]


def a_stock(folder: Path, *mine: dict[str, object], name: str = "stock.csv") -> Path:
    return a_csv(folder / name, [*STRANGERS[:25], *(mine or (a_unit(ONE),)), *STRANGERS[25:]])


def take(folder: Path, *files: Path):
    return import_legal_units(files, folder, READ_ON)


def test_customers_take_what_the_register_says_and_keep_their_names(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    summary = take(folder, a_stock(tmp_path, a_unit(ONE), a_unit(TWO, trancheEffectifsUniteLegale="")))
    customers = held(folder).customers.set_index("customer_id")
    assert customers.loc["C1", ["name", "naf", "legal_form", "headcount", "country"]].tolist() == [
        "ESSAI DES BOIS", "43.21A", "5710", 34.5, "FR",
    ]  # fmt: skip
    assert customers.loc["C2", "name"] == "Le nom du grand livre"
    assert pd.isna(customers.loc["C2", "headcount"])
    assert customers.loc["C3", ["naf", "country"]].isna().all()
    assert (summary.read, summary.kept, summary.elsewhere, summary.refused) == (52, 2, 50, 0)


def test_a_place_is_filled_in_where_the_ledger_has_none(tmp_path: Path):
    mine = a_customer("C2", siren=TWO, postcode="13001", town="Marseille")
    folder = a_portfolio(tmp_path / "ledger", a_customer("C1", siren=ONE), mine)
    seat = {"code_postal": "59000", "libelle_commune": "LILLE"}
    companies = [found_company(siren, siege=seat) for siren in (ONE, TWO)]
    take(folder, a_json(tmp_path / "answer.json", search_answer(*companies)))
    places = held(folder).customers[["postcode", "town"]].to_numpy().tolist()
    assert places == [["59000", "LILLE"], ["13001", "Marseille"]]


def test_every_kind_of_file_tells_the_same(tmp_path: Path):
    plain = a_stock(tmp_path)
    (tmp_path / "stock.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    with zipfile.ZipFile(tmp_path / "stock.zip", "w") as archive:
        archive.write(plain, "StockUniteLegale_utf8.csv")
    pd.read_csv(plain, dtype="str").to_parquet(tmp_path / "stock.parquet")
    answer = a_json(tmp_path / "answer.json", search_answer(found_company(ONE)))
    prints = set()
    for number, path in enumerate(
        [plain, tmp_path / "stock.csv.gz", tmp_path / "stock.zip", tmp_path / "stock.parquet", answer]
    ):
        folder = a_portfolio(tmp_path / str(number))
        assert take(folder, path).found == 1
        prints.add(fingerprint(held(folder)))
    assert len(prints) == 1


def test_taking_it_twice_changes_nothing(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    ceased = a_unit(ONE, etatAdministratifUniteLegale="C", dateDebut="2025-11-30")
    stock = a_stock(tmp_path, ceased)
    take(folder, stock)
    before = fingerprint(held(folder))
    take(folder, stock)
    assert fingerprint(held(folder)) == before


def test_a_ceased_company_is_a_closure_known_from_when_the_register_processed_it(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    summary = take(
        folder, a_stock(tmp_path, a_unit(ONE, etatAdministratifUniteLegale="C", dateDebut="2025-11-30"))
    )
    assert filings(folder) == [(ONE, "closure", "2025-11-30", "2026-01-15")]
    assert summary.ceased == (ONE,)
    assert summary.not_found == (TWO,)


def test_later_processing_does_not_make_a_closure_known_later(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    ceased = {"etatAdministratifUniteLegale": "C", "dateDebut": "2025-11-30"}
    take(folder, a_stock(tmp_path, a_unit(ONE, **ceased)))
    take(folder, a_stock(tmp_path, a_unit(ONE, **ceased, dateDernierTraitementUniteLegale="2026-02-20")))
    assert filings(folder) == [(ONE, "closure", "2025-11-30", "2026-01-15")]


def test_a_company_that_ceased_nobody_knows_when_is_closed_from_when_that_was_first_known(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    ceased = {"etatAdministratifUniteLegale": "C", "dateDebut": ""}
    for processed in ("2026-01-15", "2026-02-20"):
        take(folder, a_stock(tmp_path, a_unit(ONE, **ceased, dateDernierTraitementUniteLegale=processed)))
        assert filings(folder) == [(ONE, "closure", "2026-01-15", "2026-01-15")]


def test_a_company_that_is_active_again_was_closed_until_the_register_said_so(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    take(folder, a_stock(tmp_path, a_unit(ONE, etatAdministratifUniteLegale="C", dateDebut="2025-11-30")))
    for _ in range(2):
        take(folder, a_stock(tmp_path, a_unit(ONE, dateDernierTraitementUniteLegale="2026-02-20")))
        assert filings(folder) == []
        (closure,) = held(folder).filings.to_dict("records")
        assert (closure["published_on"], closure["withdrawn_on"]) == (DAY("2026-01-15"), DAY("2026-02-20"))


def test_a_company_that_was_never_seen_closed_has_no_closure(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    take(folder, a_stock(tmp_path, a_unit(ONE, etatAdministratifUniteLegale="C", dateDebut="2025-11-30")))
    take(folder, a_stock(tmp_path, a_unit(ONE)))
    assert held(folder).filings.empty


def test_a_sole_trader_is_marked_as_a_natural_person(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    take(folder, a_stock(tmp_path, a_unit(ONE, categorieJuridiqueUniteLegale="1000")))
    assert held(folder).customers["natural_person"].tolist() == [True, False, False]


def test_one_company_under_several_numbers_is_filled_in_for_each(tmp_path: Path):
    spaced = f"{ONE[:3]} {ONE[3:6]} {ONE[6:]}"
    folder = a_portfolio(tmp_path / "ledger", a_customer("C1", siren=ONE), a_customer("C2", siren=spaced))
    take(folder, a_stock(tmp_path))
    assert held(folder).customers["naf"].tolist() == ["43.21A", "43.21A"]


def test_of_two_rows_of_a_company_the_one_processed_last_counts(tmp_path: Path):
    older = a_unit(ONE, dateDernierTraitementUniteLegale="2020-01-01", activitePrincipaleUniteLegale="70.10Z")
    stock = read_stock(a_stock(tmp_path, a_unit(ONE), older), {ONE}, READ_ON)
    assert stock.companies[ONE].naf == "43.21A"


def test_a_broken_row_of_a_customer_goes_to_quarantine_with_its_line(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    summary = take(folder, a_stock(tmp_path, a_unit(ONE, dateCreationUniteLegale="0000-00-00"), a_unit(TWO)))
    refused = quarantine(folder)
    assert refused[["file", "line", "value"]].to_numpy().tolist() == [["stock.csv", "27", ONE]]
    assert "dateCreationUniteLegale" in refused["reason"][0]
    assert (summary.read, summary.kept, summary.elsewhere, summary.refused) == (52, 1, 50, 1)
    assert summary.exit_code == 3


def test_broken_rows_of_others_are_nobodys_business(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    stranger = a_unit(a_siren(99), dateCreationUniteLegale="invalid_date")
    assert take(folder, a_stock(tmp_path, a_unit(ONE), stranger)).refused == 0


def test_a_line_with_too_few_cells_is_refused_and_the_rest_is_read(tmp_path: Path):
    stock = a_stock(tmp_path)
    stock.write_text(stock.read_text() + f"{TWO},A\n")
    made = read_stock(stock, {ONE, TWO}, READ_ON)
    assert set(made.companies) == {ONE}
    assert [fault.column for fault in made.faults] == ["(whole line)"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "has no column 'siren'"),
        (b"a,b\n1,2\n", "has no column 'siren'"),
        (b"PK\x03\x04broken", "cannot be read as a stock"),
        (b"PAR1broken", "cannot be read as a stock"),
        (b"siren,etatAdministratifUniteLegale\n\xff\xfe,\xff\n", "cannot be read as a stock"),
        (b"siren,etatAdministratifUniteLegale\n" + b"9" * 20_000_000, "cannot be read as a stock"),
    ],
)
def test_a_file_that_is_no_stock_changes_nothing(tmp_path: Path, content: bytes, words: str):
    folder = a_portfolio(tmp_path / "ledger")
    before = fingerprint(held(folder))
    (tmp_path / "stock.csv").write_bytes(content)
    with pytest.raises(LedgerError, match=words):
        take(folder, tmp_path / "stock.csv")
    assert fingerprint(held(folder)) == before


def test_a_small_zip_of_one_endless_line_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "siren,etatAdministratifUniteLegale\n" + "9" * 40_000_000)
    assert (tmp_path / "bomb.zip").stat().st_size < 100_000
    with pytest.raises(LedgerError, match="100 times its packed size"):
        read_stock(tmp_path / "bomb.zip", {ONE}, READ_ON)


@pytest.mark.parametrize("kind", ["zip", "gz", "parquet"])
def test_a_stock_that_unpacks_beyond_the_bounds_is_refused(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ENCOURS_IMPORT_STREAMED_MB", "1")
    path, rows = tmp_path / f"bomb.{kind}", ["900000019,A"] * 200_000
    text = "\n".join(["siren,etatAdministratifUniteLegale", *rows, ""])
    if kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", text)
    elif kind == "gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        frame = pd.DataFrame({"siren": rows, "etatAdministratifUniteLegale": "A"})
        frame.to_parquet(path, compression="zstd", use_dictionary=False)
    with pytest.raises(LedgerError, match=r"more than 1 MB.*raise ENCOURS_IMPORT_STREAMED_MB"):
        read_stock(path, {ONE}, READ_ON)


def test_a_zip_of_several_files_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", "x")
        archive.writestr("b.csv", "x")
    with pytest.raises(LedgerError, match=r"holds 2 files \.csv"):
        read_stock(tmp_path / "two.zip", {ONE}, READ_ON)


def test_without_a_sound_siren_nothing_can_be_looked_up(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger", a_customer("C1", siren="123456789"))
    with pytest.raises(LedgerError, match="has a sound SIREN"):
        take(folder, a_stock(tmp_path))


def test_creation_is_a_day(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    take(folder, a_stock(tmp_path))
    assert held(folder).customers["created_on"].iloc[0] == DAY("2011-04-01")


def test_a_number_of_staff_within_the_band_is_more_exact_and_stays(tmp_path: Path):
    folder = a_portfolio(
        tmp_path / "ledger",
        a_customer("C1", siren=ONE, headcount=23.0),
        a_customer("C2", siren=TWO, headcount=500.0),
    )
    take(folder, a_stock(tmp_path, a_unit(ONE), a_unit(TWO)))
    assert held(folder).customers["headcount"].tolist() == [23.0, 34.5]
