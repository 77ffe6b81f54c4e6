from pathlib import Path

import pytest

from models.errors import LedgerError
from tests.pipelines.sources.fec.builders import balance, entry, imported, line, paid, quarantine, sale


def test_customers_are_known_by_their_auxiliary_and_take_its_last_name(tmp_path: Path):
    _, ledger = imported(
        tmp_path,
        sale("1", "20250110", "C1", 100, CompAuxLib="Ancien nom"),
        sale("2", "20250111", "C1", 100, CompAuxLib="Nouveau nom"),
        sale("3", "20250112", "C2", 100, CompAuxLib=""),
    )
    assert ledger.customers["customer_id"].tolist() == ["C1", "C2"]
    assert ledger.customers["name"].tolist()[0] == "Nouveau nom"
    assert ledger.customers["name"].isna().tolist() == [False, True]


@pytest.mark.parametrize("account", ["411000", "411", "41100000", "411500"])
def test_one_account_without_auxiliaries_is_refused_with_what_to_export(tmp_path: Path, account: str):
    with pytest.raises(
        LedgerError, match=r"stand on 411\d* alone.*export the books with their auxiliary accounts"
    ):
        imported(tmp_path, entry("VE", "1", "20250110", "", 100, "707000", account=account))
    assert not (tmp_path / "ledger").exists()


def test_collective_accounts_of_several_kinds_are_refused_too(tmp_path: Path):
    with pytest.raises(LedgerError, match="without auxiliary accounts"):
        imported(
            tmp_path,
            entry("VE", "1", "20250110", "", 100, "707000", account="411100", CompteLib="Clients France"),
            entry("VE", "2", "20250110", "", 100, "707000", account="411200", CompteLib="Clients export"),
        )


def test_accounts_of_their_own_are_customers_and_the_summary_says_so(tmp_path: Path):
    summary, ledger = imported(
        tmp_path,
        entry("VE", "1", "20250110", "", 100, "707000", account="411DUPONT", CompteLib="Dupont SARL"),
        entry("VE", "2", "20250110", "", 200, "707000", account="4110002", CompteLib="Durand SA"),
    )
    assert dict(zip(ledger.customers["customer_id"], ledger.customers["name"], strict=True)) == {
        "411DUPONT": "Dupont SARL",
        "4110002": "Durand SA",
    }
    assert summary.by_account == 2


def test_a_few_lines_without_customer_go_to_quarantine_with_their_cents(tmp_path: Path):
    summary, ledger = imported(
        tmp_path, sale("1", "20250110", "C1", 100), entry("OD", "2", "20250110", "", 900, "758000")
    )
    assert [(one["line"], one["column"]) for one in quarantine(summary)] == [("4", "CompAuxNum")]
    assert summary.files[0].fates["refused"].debit == 900
    assert (summary.files[0].gap_debit, summary.files[0].gap_lines) == (0, 0)
    assert balance(ledger) == {"C1": 100}


def transfer(number: str, day: str, new: str) -> list[str]:
    named = {"CompAuxNum": new} if new else {}
    return [
        line("OD", number, day, "416000", 100, **named),
        line("OD", number, day, "411000", -100, CompAuxNum="C1"),
    ]


@pytest.mark.parametrize("new", ["C1", "DC1", ""])
def test_a_transfer_to_416_keeps_the_customer_whatever_number_it_gets_there(tmp_path: Path, new: str):
    _, ledger = imported(tmp_path, sale("1", "20250110", "C1", 100), transfer("1", "20250610", new))
    assert ledger.customers["customer_id"].tolist() == ["C1"]
    assert balance(ledger) == {"C1": 100}


def test_what_is_paid_under_the_doubtful_number_pays_the_customers_invoice(tmp_path: Path):
    _, ledger = imported(
        tmp_path,
        sale("1", "20250110", "C1", 100),
        transfer("1", "20250610", "DC1"),
        paid("9", "20250701", "DC1", 100, CompteNum="416000"),
    )
    assert balance(ledger) == {}
    assert ledger.payments["invoice_id"].tolist() == ledger.invoices["invoice_id"].tolist()


@pytest.mark.parametrize("name", ["LES CLIENTS DU PORT", "CLIENTS ET VOISINS SARL", "COLLECTIF DES ARTS"])
def test_an_account_of_ones_own_is_a_customer_whatever_its_name(tmp_path: Path, name: str):
    lines = [
        entry("VE", str(nth), "20250110", "", 100, "707000", account=account, CompteLib=title)
        for nth, (account, title) in enumerate([("411PORT", name), ("411B", "B"), ("41100012", name)])
    ]
    summary, ledger = imported(tmp_path, *lines)
    assert (summary.customers, summary.files[0].n_refused) == (3, 0)
    assert sorted(ledger.customers["name"]) == sorted(["B", name, name])


@pytest.mark.parametrize(
    ("account", "name"),
    [("411000", "x"), ("411100", "Clients Nord"), ("411712", "Clients retenues de garantie")],
)
def test_a_collective_account_names_nobody(tmp_path: Path, account: str, name: str):
    lines = [entry("VE", "1", "20250110", "", 100, "707000", account=account, CompteLib=name)]
    summary, _ = imported(tmp_path, sale("2", "20250110", "C1", 100), *lines)
    assert (summary.customers, summary.files[0].n_refused) == (1, 1)
