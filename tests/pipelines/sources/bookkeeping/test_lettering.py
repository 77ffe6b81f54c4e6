from pathlib import Path

import numpy as np
import pandas as pd

from models.ledger.files import read_ledger
from pipelines.sources.bookkeeping.lettering import NONE, tie
from pipelines.sources.fec.importing import import_fec
from tests.pipelines.sources.fec.builders import balance, fec, imported, paid, sale


def settled_by(folder: Path) -> list[str]:
    notes = pd.read_parquet(folder / "ledger" / "fec_notes.parquet")
    return notes.loc[notes["table"] == "payments", "settled_by"].tolist()


def pairs(folder: Path, *lines: list[str]) -> list[tuple[str, str]]:
    """Which entry pays which document, by the numbers of their entries."""
    _, ledger = imported(folder, *lines)
    number = ledger.payments[["payment_id", "invoice_id"]].apply(lambda ids: ids.str.split("-").str[3])
    return sorted(number.itertuples(index=False, name=None))


def test_two_customers_of_one_letter_are_apart(tmp_path: Path):
    assert pairs(
        tmp_path,
        sale("F1", "20250110", "C1", 100, EcritureLet="A"),
        sale("F2", "20250110", "C2", 100, EcritureLet="A"),
        paid("P1", "20250301", "C1", 100, EcritureLet="A"),
        paid("P2", "20250201", "C2", 100, EcritureLet="A"),
    ) == [("P1", "F1"), ("P2", "F2")]


def test_a_letter_used_again_within_the_year_is_told_apart_by_the_day_of_lettering(tmp_path: Path):
    first, again = ({"EcritureLet": "A", "DateLet": day} for day in ("20250301", "20250901"))
    open_ = {"EcritureLet": "A", "DateLet": "20251231"}
    assert pairs(
        tmp_path,
        sale("F0", "20250105", "C1", 50, **open_),
        sale("F1", "20250110", "C1", 100, **first),
        paid("P1", "20250301", "C1", 100, **first),
        sale("F2", "20250610", "C1", 200, **again),
        paid("P2", "20250901", "C1", 200, **again),
    ) == [("P1", "F1"), ("P2", "F2")]


def test_a_letter_is_not_its_small_letter(tmp_path: Path):
    assert pairs(
        tmp_path,
        sale("F1", "20250110", "C1", 100, EcritureLet="a"),
        sale("F2", "20250111", "C1", 100, EcritureLet="A"),
        paid("P1", "20250301", "C1", 100, EcritureLet="A"),
        paid("P2", "20250401", "C1", 40, EcritureLet="a"),
    ) == [("P1", "F2"), ("P2", "F1")]


def test_a_part_payment_leaves_the_rest_of_its_group_open(tmp_path: Path):
    _, ledger = imported(
        tmp_path,
        sale("F1", "20250110", "C1", 100, EcritureLet="a"),
        paid("P1", "20250301", "C1", 40, EcritureLet="a"),
    )
    assert balance(ledger) == {"C1": 60}
    assert settled_by(tmp_path) == ["letter"]


def test_what_a_letter_leaves_open_may_be_paid_by_inference(tmp_path: Path):
    imported(
        tmp_path,
        sale("F1", "20250110", "C1", 100, EcritureLet="a"),
        paid("P1", "20250301", "C1", 40, EcritureLet="a"),
        paid("P2", "20250401", "C1", 60),
    )
    assert settled_by(tmp_path) == ["letter", "inferred"]


def test_a_letter_that_goes_on_from_year_to_year_ties_what_balances_only_together(tmp_path: Path):
    files = [
        fec(
            tmp_path, sale("F1", "20251110", "C1", 100), sale("F2", "20251111", "C1", 100, EcritureLet="AAB")
        ),
        fec(tmp_path, paid("P1", "20260110", "C1", 100, EcritureLet="AAB"), year=2026),
    ]
    import_fec(files, tmp_path / "ledger")
    payments = read_ledger(tmp_path / "ledger").payments
    assert payments["invoice_id"].str.contains("-F2-").tolist() == [True]


def test_a_letter_used_again_next_year_ties_nothing_across(tmp_path: Path):
    files = [
        fec(tmp_path, sale("F1", "20251110", "C1", 100), sale("F2", "20251111", "C1", 100, EcritureLet="A")),
        fec(tmp_path, paid("P1", "20260110", "C1", 90, EcritureLet="A"), year=2026),
    ]
    import_fec(files, tmp_path / "ledger")
    assert settled_by(tmp_path) == ["inferred"]


def test_ties_join_groups_and_lines_without_letters():
    group = np.array([0, 0, 1, NONE, NONE])
    tied = tie(group, np.array([[1, 3], [3, 2]]))
    assert len({int(one) for one in tied[:4]}) == 1
    assert tied[4] == NONE
    assert tie(np.array([], dtype=np.int64), np.zeros((0, 2), np.int64)).tolist() == []
