"""The made-up samples that come with the project go in whole, and tell what they are meant to show."""

import datetime as dt
import os
from pathlib import Path

import pytest

from models.ledger.currency import read_rates
from pipelines.sources.mapping.importing import import_files
from pipelines.sources.registers.legal_notices import import_notices
from pipelines.sources.registers.legal_units import import_legal_units
from pipelines.sources.registers.outside_scores import import_scores
from pipelines.sources.registers.plain import import_plain
from pipelines.sources.registers.proceedings import import_proceedings
from pipelines.sources.registers.yearly_accounts import import_accounts
from serving.registers import balance_sheets, company_search, ratios
from serving.registers.bodacc import notices_in
from serving.registers.client import RegisterResponse
from serving.registers.documents import records_in
from tests.pipelines.sources.registers.builders import ONE, READ_ON, TWO, filings, held

ROOT = Path(__file__).parents[4]
SAMPLES = ROOT / "data" / "samples" / "registers"


def shared(name: str) -> Path:
    """Find a real answer of a register, or skip."""
    folder = Path(os.environ.get("ENCOURS_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "registers" / name).is_file():
        pytest.skip(f"the real data are not here: {folder} is absent; set ENCOURS_SHARED_DATA")
    return folder / "registers" / name


def test_every_sample_goes_in_whole(tmp_path: Path):
    import_files(ROOT / "data/mappings/customers_csv.toml", [SAMPLES / "customers.csv"], tmp_path)
    units = [SAMPLES / "legal_units.csv", SAMPLES / "company_search.json"]
    years = [SAMPLES / "ratios.json", SAMPLES / "accounts.csv", *SAMPLES.glob("bilans_*.json")]
    summaries = [
        import_legal_units(units, tmp_path, READ_ON),
        import_notices([SAMPLES / "notices.json"], tmp_path),
        import_accounts(years, tmp_path, READ_ON),
        import_proceedings([SAMPLES / "urssaf.csv"], tmp_path, READ_ON),
        import_scores([SAMPLES / "scores.csv"], tmp_path),
    ]
    cover = import_plain("insurance", SAMPLES / "insurance.csv", tmp_path)
    assert [one.refused for one in summaries] == [0] * 5
    assert cover.rows_refused == 0
    for one in summaries:
        assert one.read == one.kept + one.elsewhere + one.without_effect
    made = held(tmp_path)
    assert made.customers["natural_person"].tolist() == [False, False, True, False]
    assert made.customers["name"].tolist()[3] == "NOUVEL ESSAI"
    assert {(who, kind) for who, kind, *_ in filings(tmp_path) if who in {ONE, TWO}} == {
        (TWO, "receivership"),
        (TWO, "liquidation"),
        (TWO, "closure"),
    }
    assert (len(made.accounts), len(made.insurance), len(made.outside_scores)) == (3, 1, 3)


def test_the_sample_of_rates_is_read():
    assert read_rates(SAMPLES / "rates.csv").of("ISK", dt.date(2026, 1, 30)).day == dt.date(2026, 1, 29)


@pytest.mark.shared
def test_real_answers_are_read_whole():
    import json

    def answer(name: str) -> RegisterResponse:
        return RegisterResponse(
            json.loads(shared(name).read_text(encoding="utf-8")), dt.date(2026, 11, 22), "here"
        )

    for siren in ("356000000", "552032534"):
        found = company_search.company_in_answer(answer(f"recherche_entreprises_{siren}.json"), siren)
        assert found.active
        assert found.headcount > 1_000
    years = [
        ratios.row_of(row, dt.date(2026, 11, 22))
        for row in records_in(answer("ratios_inpi_bce.json").document)
    ]
    assert len(ratios.own(years)) == 5
    assert not {name for year in years for name in year.unknown}
    sheets = balance_sheets.accounts_in(
        answer("bilans_banque_de_france.json").document, "552032534", dt.date(2026, 11, 22)
    )
    assert all({"turnover", "equity", "total_assets", "net_income"} <= set(year.figures) for year in sheets)
    kinds = [
        notice.kind for row in records_in(answer("bodacc_v1.json").document) for notice in notices_in(row)
    ]
    assert kinds == ["closure", "hidden_accounts", "hidden_accounts"]
