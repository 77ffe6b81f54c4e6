import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import EntityError
from models.ledger import partitions
from models.ledger.decision_file import NAME, read_decisions
from models.ledger.entities import EntityDecision, entity_codes
from models.ledger.entity_files import read_joined_ledger
from models.ledger.files import ids_in, stored_parts, write_ledger
from pipelines.entities.decisions import join, split
from tests.builders import a_customer, a_ledger

NOW = dt.datetime(2026, 11, 21, 8, 30, tzinfo=dt.UTC)
Decide = Callable[..., EntityDecision]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A and B are of SIREN 1, C of SIREN 2, D to F have none."""
    sirens = {"A": "1", "B": "1", "C": "2", "D": None, "E": None, "F": None}
    write_ledger(a_ledger(customers=[a_customer(who, siren=one) for who, one in sirens.items()]), tmp_path)
    return tmp_path


def entity_of(folder: Path, who: str) -> set[str]:
    customers = read_joined_ledger(folder).customers
    codes = entity_codes(customers)
    own = codes[customers["customer_id"] == who][0]
    return set(customers["customer_id"][codes == own])


def decide(
    how: Decide, folder: Path, one: str, other: str, by: str = "anne", reason: str = "a letter"
) -> None:
    how(folder, one, other, by, reason, NOW)


def test_a_join_is_written_with_who_when_and_why_and_holds(folder: Path):
    decide(join, folder, "D", "A", reason="the same\n letterhead")
    assert entity_of(folder, "D") == {"A", "B", "D"}
    (kept,) = read_decisions(folder)
    assert (kept.by, kept.reason, kept.decided_at) == ("anne", "the same letterhead", NOW)


def test_a_split_undoes_a_join_and_both_stay_written(folder: Path):
    decide(join, folder, "D", "E")
    decide(split, folder, "E", "D")
    assert entity_of(folder, "D") == {"D"}
    assert [one.decision for one in read_decisions(folder)] == ["join", "split"]


def test_two_numbers_never_joined_may_be_split_so_that_they_are_not_offered(folder: Path):
    decide(split, folder, "D", "A")
    assert read_decisions(folder)[0].decision == "split"


@pytest.mark.parametrize(
    ("how", "one", "other", "more", "said"),
    [
        (join, "A", "Z", {}, "no customer Z"),
        (join, "Y", "Z", {}, "no customer Y and no Z"),
        (join, "D", "D", {}, "given twice"),
        (join, "A", "B", {}, "one legal entity already"),
        (join, "A", "C", {}, "A has SIREN 1 and C has 2"),
        (join, "D", "A", {"by": " "}, "--by is empty"),
        (join, "D", "A", {"reason": "\n"}, "--reason is empty"),
        (split, "A", "B", {}, "the same SIREN, 1"),
        (split, "A", "Z", {}, "no customer Z"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_nothing_is_written(
    folder: Path, how: Decide, one: str, other: str, more: dict[str, str], said: str
):
    with pytest.raises(EntityError, match=said):
        decide(how, folder, one, other, **more)
    assert not (folder / NAME).exists()


def test_a_join_through_a_third_number_never_puts_two_sirens_together(folder: Path):
    decide(join, folder, "D", "A")
    with pytest.raises(EntityError, match="two SIRENs are two legal entities"):
        decide(join, folder, "D", "C")
    assert len(read_decisions(folder)) == 1


def test_numbers_joined_through_another_are_split_where_they_were_joined(folder: Path):
    decide(join, folder, "D", "E")
    decide(join, folder, "E", "F")
    with pytest.raises(EntityError, match="through other numbers"):
        decide(split, folder, "D", "F")
    decide(split, folder, "E", "F")
    assert entity_of(folder, "D") == {"D", "E"}


def test_numbers_joined_across_parts_of_a_large_ledger_come_into_one_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(partitions, "PART_CUSTOMERS", 4)
    write_ledger(a_ledger(customers=[a_customer(f"C{number}") for number in range(40)]), tmp_path)

    def part_of(who: str) -> int:
        parts = range(stored_parts(tmp_path))
        return next(part for part in parts if who in ids_in(tmp_path, part, "customers", "customer_id"))

    other = next(f"C{number}" for number in range(1, 40) if part_of(f"C{number}") != part_of("C0"))
    decide(join, tmp_path, "C0", other)
    assert part_of("C0") == part_of(other)
    assert entity_of(tmp_path, "C0") == {"C0", other}
