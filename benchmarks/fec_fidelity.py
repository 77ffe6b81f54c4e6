"""How much of a ledger comes back from its FEC files, and what inference costs where letters lack.

Run as `python -m benchmarks.fec_fidelity [customers] [months] [seed]`. A simulated ledger is written as FEC
files with fewer and fewer letters, with opening balances line by line or as one balance, and imported again;
invoices paid in full in the simulation are compared by the day of their last payment.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from models.ledger.files import read_ledger
from pipelines.demo.fec import Style, write_years
from pipelines.demo.simulator import simulate
from pipelines.sources.fec.importing import import_fec

if TYPE_CHECKING:
    from models.ledger.ledger import Ledger


def paid_on(ledger: Ledger, number: pd.Series) -> pd.Series:
    """The day from which each invoice is paid in full, by its number."""
    bills = ledger.invoices.assign(number=number)[ledger.invoices["kind"] == "invoice"]
    paid = ledger.payments.groupby("invoice_id").agg(cents=("amount_cents", "sum"), day=("paid_on", "max"))
    both = bills.set_index("invoice_id")[["number", "amount_cents"]].join(paid)
    whole = both[both["cents"] == both["amount_cents"]]
    return whole.set_index("number")["day"]


def main(customers: int = 1_000, months: int = 36, seed: int = 1) -> None:
    simulated, _ = simulate(customers, months, seed)
    told = paid_on(simulated, simulated.invoices["invoice_id"])
    print(f"{customers} customers x {months} months: {len(told):,} invoices paid in full")
    print("lettered  opening  inferred  paid too  same day  within 7 days  median |error|")
    for detailed in (True, False):
        for share in (1.0, 0.8, 0.5, 0.0):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                style = Style(lettered_share=share, detailed_opening=detailed)
                summary = import_fec(write_years(simulated, folder, style), folder / "ledger")
                notes = pd.read_parquet(folder / "ledger" / "fec_notes.parquet")
                ledger = read_ledger(folder / "ledger")
            pieces = notes[notes["table"] == "invoices"].set_index("id")["piece"]
            found = paid_on(ledger, ledger.invoices["invoice_id"].map(pieces)).reindex(told.index)
            error = (found - told).dt.days.abs().dropna()
            cents = {how: amount for how, (_, amount) in summary.settled.items()}
            inferred = cents.get("inferred", 0) / sum(cents.values())
            opened = "lines" if detailed else "balance"
            print(
                f"{share:8.0%}  {opened:7}  {inferred:8.1%}  {len(error) / len(told):8.1%}  "
                f"{(error == 0).mean():8.1%}  {(error <= 7).mean():13.1%}  {error.median():14.0f}"
            )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
