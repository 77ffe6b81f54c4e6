import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import LedgerError
from models.ledger.decision_file import NAME, append_decision, read_decisions
from models.ledger.entities import EntityDecision
from models.ledger.entity_files import read_joined, read_joined_ledger
from models.ledger.files import read_ledger, write_ledger
from tests.builders import a_customer, a_ledger

AT = dt.datetime(2026, 11, 21, 8, 30, tzinfo=dt.UTC)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=20)


def a_join(one: str = "A", other: str = "B", reason: str = "the same letterhead") -> EntityDecision:
    return EntityDecision(AT, "join", one, other, "anne", reason)


@given(st.lists(st.tuples(WORDS.filter(bool), WORDS.filter(bool), WORDS), max_size=5))
def test_decisions_come_back_as_they_were_written(tmp_path_factory: object, told: list[tuple[str, str, str]]):
    folder: Path = tmp_path_factory.mktemp("ledger")  # type: ignore[attr-defined]  # pytest's
    made = [a_join(one, other, reason) for one, other, reason in told if one != other]
    for decision in made:
        append_decision(folder, decision)
    assert list(read_decisions(folder)) == made


def test_a_folder_without_decisions_has_none(tmp_path: Path):
    assert read_decisions(tmp_path) == ()


def test_a_decision_changes_nothing_that_was_written_before(tmp_path: Path):
    append_decision(tmp_path, a_join())
    before = (tmp_path / NAME).read_bytes()
    append_decision(tmp_path, a_join("C", "D"))
    assert (tmp_path / NAME).read_bytes().startswith(before)


def test_a_join_outlives_the_next_import_and_never_enters_the_tables(tmp_path: Path):
    ledger = a_ledger(customers=[a_customer("A", siren="732829320"), a_customer("B")])
    write_ledger(ledger, tmp_path)
    append_decision(tmp_path, a_join())
    assert read_joined_ledger(tmp_path).customers["siren"].tolist() == ["732829320", "732829320"]
    write_ledger(read_ledger(tmp_path), tmp_path)
    assert read_ledger(tmp_path).customers["siren"].isna().tolist() == [False, True]
    assert read_joined_ledger(tmp_path).customers["siren"].notna().all()


def test_a_join_that_the_registers_contradict_is_told(tmp_path: Path):
    write_ledger(a_ledger(customers=[a_customer("A", siren="1"), a_customer("B", siren="2")]), tmp_path)
    append_decision(tmp_path, a_join())
    assert read_joined(tmp_path).contradicted == (a_join(),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n", "its first line must be decided_at"),
        ("{head}\n2026-11-21,join,A\n", "row 2: 3 cells; 6 are needed"),
        ("{head}\n2026-11-21,marry,A,B,anne,why\n", "'marry'; join and split are known"),
        ("{head}\nyesterday,join,A,B,anne,why\n", "row 2: Invalid isoformat"),
        ("{head}\n2026-11-21,join,A,A,anne,why\n", "not two customer numbers"),
        ('{head}\n2026-11-21,join,"A', "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(tmp_path: Path, text: str, said: str):
    head = "decided_at,decision,customer_id,other_id,by,reason"
    (tmp_path / NAME).write_text(text.format(head=head), encoding="utf-8")
    with pytest.raises(LedgerError, match=said):
        read_decisions(tmp_path)
