"""URSSAF's steps begin a proceeding or end one, and are known when they can be."""

from pathlib import Path

import pytest

from models.errors import LedgerError
from pipelines.sources.registers.proceedings import import_proceedings
from serving.registers.urssaf import kind_of
from tests.pipelines.sources.registers.builders import (
    ONE,
    READ_ON,
    TWO,
    a_csv,
    a_portfolio,
    filings,
    quarantine,
)
from tests.serving.registers.samples import THREE


def a_list(folder: Path, *steps: tuple[str, str, str]) -> Path:
    rows = [
        {"Siret": "", "Siren": siren, "Dt_effet": day, "Cat_v2": "1", "Lib_actx_stdx": words}
        for siren, day, words in steps
    ]
    return a_csv(folder / "procol.csv", rows, ";")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Liquidation_ouverture", "liquidation"),
        ("ouverture_sauvegarde", "safeguard"),
        ("Redressement_plan_continuation", "receivership_plan"),
        ("Solde_procedure_redressement", "none"),
        ("Fin_procedure_sauvegarde", "none"),
        ("Cloture_insuffisance_actif_liquidation", "closure"),
        ("Redressement", "unknown"),
        ("", "unknown"),
        ("Redressement_liquidation_ouverture", "unknown"),
    ],
)
def test_a_step_in_one_word_is_told_apart(words: str, kind: str):
    assert kind_of(words) == kind


def test_an_opening_counts_from_the_day_it_was_read_or_so_many_days_after(tmp_path: Path):
    path = a_list(tmp_path, (ONE, "26MAY2014", "Redressement_ouverture"))
    for lag, known in ((None, "2026-03-02"), (30, "2014-06-25")):
        folder = a_portfolio(tmp_path / str(lag))
        summary = import_proceedings([path], folder, READ_ON, lag)
        assert filings(folder) == [(ONE, "receivership", "2014-05-26", known)]
        assert summary.new_proceedings == (ONE,)


def test_rows_are_counted_where_they_went(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    path = a_list(
        tmp_path,
        (ONE, "26MAY2014", "Redressement_ouverture"),
        (TWO, "26MAY2014", "Solde_procedure_redressement"),
        (TWO, "26MAY2014", "Mystere"),
        (THREE, "26MAY2014", "Liquidation_ouverture"),
        ("123456789", "26MAY2014", "Liquidation_ouverture"),
        (ONE, "31FEB2014", "Liquidation_ouverture"),
    )
    summary = import_proceedings([path], folder, READ_ON)
    counts = (summary.read, summary.kept, summary.without_effect, summary.elsewhere, summary.refused)
    assert counts == (6, 2, 1, 1, 2)
    assert (TWO, "unknown", "2014-05-26", "2026-03-02") in filings(folder)  # a person reads it
    assert summary.unknown == {"Mystere": 1}
    assert quarantine(folder)["line"].tolist() == ["6", "7"]


def test_a_list_with_other_columns_is_refused(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    with pytest.raises(LedgerError, match="has no column 'Siren'"):
        import_proceedings([a_csv(tmp_path / "x.csv", [{"a": 1, "b": 2}])], folder, READ_ON)
