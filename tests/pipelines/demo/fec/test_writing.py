"""A simulated ledger written as FEC files and imported again is what it was, where a FEC can hold it."""

from pathlib import Path

import pandas as pd
import pytest
from stdnum.fr import siren

from models.ledger.files import read_ledger
from models.ledger.ledger import Ledger
from pipelines.demo.fec import SELLER, Style, write_years
from pipelines.demo.simulator import simulate
from pipelines.sources.fec.importing import import_fec
from pipelines.sources.fec.summary import FecSummary
from pipelines.validation.checks import check_ledger
from tests.pipelines.sources.fec.builders import read_fec

STYLES = {
    "tab and UTF-8": Style(),
    "pipe, CP1252, Montant and Sens": Style(separator="|", encoding="cp1252", with_side=True),
    "ISO-8859-15, point, accounts of their own": Style(
        encoding="iso-8859-15", decimal=".", own_accounts=True
    ),
    "byte-order mark, one balance a customer": Style(
        encoding="utf-8-sig", detailed_opening=False, purchases=50
    ),
}


@pytest.fixture(scope="module")
def simulated() -> Ledger:
    return simulate(40, 20, seed=5)[0]


def back(simulated: Ledger, folder: Path, style: Style) -> tuple[FecSummary, Ledger, pd.DataFrame]:
    """Write, import, and read with the pieces' own numbers."""
    summary = import_fec(write_years(simulated, folder, style), folder / "ledger")
    notes = pd.read_parquet(folder / "ledger" / "fec_notes.parquet")
    return summary, read_ledger(folder / "ledger"), notes[notes["table"] == "invoices"].set_index("id")


def documents(ledger: Ledger, pieces: pd.Series | None = None) -> pd.DataFrame:
    """Documents by their number, without what losses add."""
    table = ledger.invoices.assign(number=ledger.invoices["invoice_id"])
    if pieces is not None:
        table["number"] = table["invoice_id"].map(pieces)
    table = table[table["number"].str.match(r"^[FA]\d{7}$")]
    customer = table["customer_id"].str.removeprefix("411")
    kept = table[["number", "kind", "issued_on", "amount_cents"]].assign(customer=customer)
    return kept.sort_values("number", ignore_index=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", STYLES)
def test_invoices_and_credit_notes_come_back_whole(simulated: Ledger, tmp_path: Path, name: str):
    summary, ledger, notes = back(simulated, tmp_path, STYLES[name])
    assert documents(ledger, notes["piece"]).equals(documents(simulated))
    assert summary.opening_gaps == (0, 0)
    assert summary.open_cents == summary.balance_cents
    assert all((one.gap_debit, one.gap_credit, one.gap_lines) == (0, 0, 0) for one in summary.files)
    assert all(one.unbalanced == () and one.quarantine is None for one in summary.files)
    assert check_ledger(ledger).ok


@pytest.mark.parametrize("detailed", [True, False], ids=["detailed", "one balance"])
def test_due_dates_come_back_from_labels(simulated: Ledger, tmp_path: Path, detailed):
    _, ledger, notes = back(simulated, tmp_path, Style(detailed_opening=detailed))
    due = ledger.invoices.set_index(ledger.invoices["invoice_id"].map(notes["piece"]))["due_on"]
    told = simulated.invoices[simulated.invoices["kind"] == "invoice"].set_index("invoice_id")["due_on"]
    assert due.reindex(told.index).equals(told)


def payments(ledger: Ledger, number: pd.Series) -> pd.DataFrame:
    """What is tied to invoices, by day and cents."""
    tied = ledger.payments.assign(number=number)
    tied = tied[tied["number"].notna()]
    sums = tied.groupby(["number", "paid_on"], as_index=False)["amount_cents"].sum()
    return sums[sums["amount_cents"] != 0].reset_index(drop=True)


def settled(ledger: Ledger) -> set[str]:
    """Invoices that are paid to the cent."""
    paid = ledger.payments.groupby("invoice_id")["amount_cents"].sum()
    owed = ledger.invoices[ledger.invoices["kind"] == "invoice"].set_index("invoice_id")["amount_cents"]
    return set(owed.index[paid.reindex(owed.index).fillna(0) == owed])


def test_payments_of_lettered_invoices_come_back_with_their_days_and_cents(simulated: Ledger, tmp_path: Path):
    _, ledger, notes = back(simulated, tmp_path, Style())
    whole = settled(simulated)
    found = payments(ledger, ledger.payments["invoice_id"].map(notes["piece"]))
    told = payments(simulated, simulated.payments["invoice_id"])
    deposits = simulated.payments.loc[simulated.payments["invoice_id"].isna(), "customer_id"]
    plain = set(simulated.invoices.loc[~simulated.invoices["customer_id"].isin(deposits), "invoice_id"])
    noted = set(simulated.payments.loc[simulated.payments["amount_cents"] < 0, "invoice_id"].dropna())
    compared = (whole & plain) - noted
    assert len(compared) > 300
    last = [
        table[table["number"].isin(compared)].groupby("number")["paid_on"].max() for table in (found, told)
    ]
    assert (last[0] == last[1]).mean() > 0.98
    sums = [
        table[table["number"].isin(compared)].groupby("number")["amount_cents"].sum()
        for table in (found, told)
    ]
    assert sums[0].equals(sums[1])


def test_the_fewer_letters_the_more_is_inferred_and_the_summary_says_how_much(
    simulated: Ledger, tmp_path: Path
):
    shares = []
    for share in (1.0, 0.5, 0.0):
        summary, _, _ = back(simulated, tmp_path / str(share), Style(lettered_share=share))
        cents = {how: amount for how, (_, amount) in summary.settled.items()}
        shares.append(cents.get("inferred", 0) / sum(cents.values()))
    assert shares[0] < 0.2 < shares[1] < 0.9 < shares[2]


def test_losses_come_back_as_signals(tmp_path: Path):
    simulated = simulate(150, 24, seed=1)[0]
    summary, ledger, _ = back(simulated, tmp_path, Style())
    assert {"doubtful", "write_off"} <= set(summary.signals)
    for signal in ledger.signals[ledger.signals["kind"] == "write_off"].itertuples():
        known = simulated.signals[simulated.signals["customer_id"] == signal.customer_id]
        assert signal.seen_on in set(known.loc[known["kind"] == "write_off", "seen_on"])


def test_files_follow_the_norm(simulated: Ledger, tmp_path: Path):
    files = write_years(simulated, tmp_path, Style(purchases=20))
    assert siren.is_valid(SELLER)
    assert [path.name for path in files] == [f"{SELLER}FEC{year}1231.txt" for year in (2025, 2026)]
    for path in files:
        file = read_fec(path)
        assert (file.unbalanced, file.faults, file.siren) == ((), (), SELLER)
        numbers = [row.split("\t")[2] for row in path.read_text().splitlines()[1:]]
        for journal in ("VE", "BQ"):
            mine = list(dict.fromkeys(one for one in numbers if one.startswith(journal)))
            assert mine == [f"{journal}{nth:06d}" for nth in range(1, len(mine) + 1)]


def test_the_same_seed_writes_the_same_files(simulated: Ledger, tmp_path: Path):
    contents = [
        [path.read_bytes() for path in write_years(simulated, tmp_path / nth, Style(lettered_share=0.5))]
        for nth in ("a", "b")
    ]
    assert contents[0] == contents[1]


def test_letters_are_used_again_every_year(simulated: Ledger, tmp_path: Path):
    used = [set(read_fec(path).lines["letter"]) - {""} for path in write_years(simulated, tmp_path)]
    assert "A" in used[0] & used[1]
