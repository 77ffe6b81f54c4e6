"""Numbers are offered, joined, listed and split by commands."""

from pathlib import Path

import pytest

from models.ledger.decision_file import read_decisions
from models.ledger.files import write_ledger
from models.ledger.versions import writing
from tests.builders import a_customer, a_ledger

WHY = ("--reason", "the same letterhead")


@pytest.fixture
def ledger(place: Path) -> tuple[str, str]:
    rows = [
        a_customer("C1", name="Fontan Isolation SAS", siren="732829320"),
        a_customer("C2", name="ISOLATION FONTAN"),
        a_customer("C3", name="Menuiserie Quinsau [rouge]"),
    ]
    write_ledger(a_ledger(customers=rows), place / "ledger")
    return ("--ledger", str(place / "ledger"))


def test_a_match_is_offered_joined_by_a_person_listed_and_split_again(
    run, place: Path, ledger: tuple[str, str]
):
    offered = run("entities", "matches", *ledger)
    assert offered.code == 0, offered.err
    assert "ISOLATION FONTAN" in offered.out
    assert "Rien n'est réuni sans décision" in offered.out
    assert "aucune entité" in run("entities", "list", *ledger).out
    assert run("entities", "join", "C2", "C1", "--by", "anne", *WHY, *ledger).code == 0
    listed = run("entities", "list", "--lang", "en", *ledger)
    assert "732829320" in listed.out
    assert "C2 + C1 joined; anne: the same letterhead" in listed.out
    assert "nothing to offer" in run("entities", "matches", "--lang", "en", *ledger).out
    assert (
        run("entities", "split", "C1", "C2", "--by", "anne", "--reason", "another owner", *ledger).code == 0
    )
    assert "no legal entity" in run("entities", "list", "--lang", "en", *ledger).out
    assert [one.decision for one in read_decisions(place / "ledger")] == ["join", "split"]


def test_a_join_that_registers_contradict_later_is_told(run, place: Path, ledger: tuple[str, str]):
    assert run("entities", "join", "C2", "C3", "--by", "anne", *WHY, *ledger).code == 0
    rows = [a_customer("C2", siren="732829320"), a_customer("C3", siren="356000000")]
    with writing(place / "ledger") as draft:
        write_ledger(a_ledger(customers=rows), draft)
    listed = run("entities", "list", *ledger)
    assert "Sans effet" in listed.out
    assert "aucune entité" in listed.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("join", "C1", "C9", *WHY), "pas de client C9"),
        (("join", "C1", "C1", *WHY), "donné deux fois"),
        (("split", "C1", "C2", "--reason", " "), "--reason est vide"),
        (("matches", "--lang", "de"), "choisissez fr ou en"),
        (("list", "--lang", "de"), "choisissez fr ou en"),
    ],
)
def test_what_cannot_be_done_is_one_line(run, ledger: tuple[str, str], words: tuple[str, ...], said: str):
    done = run("entities", *words, *ledger)
    assert done.code == 2
    assert said in done.err
