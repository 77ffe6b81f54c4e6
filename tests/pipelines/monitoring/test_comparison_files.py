import csv
import json
from pathlib import Path

import pytest

from models.errors import CreditError
from models.policy.document import load_policy
from models.portfolio.policy_comparison import PolicyComparison, compare_policies
from pipelines.monitoring.comparison_files import COLUMNS, check_name, write
from tests.models.policy.builders import a_case

OLD = load_policy()
NEW = OLD.revised(expected_loss={"budget_eur": 60.0})


def found() -> PolicyComparison:
    named = [("C1", "=Société; Élan", a_case()), ("C2", None, a_case(net_worth_eur=1_000.0))]
    return compare_policies(named, OLD, NEW)


def test_a_sheet_has_a_row_for_each_change_and_runs_no_formula(tmp_path: Path):
    write(found(), tmp_path / "new" / "changes.csv")
    with (tmp_path / "new" / "changes.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    assert tuple(header) == COLUMNS
    assert [row[:2] for row in rows] == [["C1", "'=Société; Élan"]]
    assert rows[0][5:9] == ["28000.00", "10000.00", "capacity", "expected_loss"]


def test_a_document_holds_the_whole_comparison(tmp_path: Path):
    write(found(), tmp_path / "changes.JSON")
    assert json.loads((tmp_path / "changes.JSON").read_text(encoding="utf-8")) == found().document()


def test_another_layout_is_refused_before_anything_is_computed():
    with pytest.raises(CreditError, match=r"\.csv or \.json"):
        check_name(Path("changes.xlsx"))
