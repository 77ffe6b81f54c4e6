"""How long the checks of a ledger take, side by side with reading it; takes the number of invoices."""

from __future__ import annotations

import datetime as dt
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from models.ledger.files import fingerprint, read_ledger, write_ledger
from models.ledger.ledger import Ledger, from_frames
from pipelines.validation.checks import check_run


def made_up(n: int) -> Ledger:
    """Make a sound ledger of `n` invoices, each paid, of a customer for every 200."""
    ids = pd.Series(np.char.add("F", np.arange(n).astype("U8")), dtype="str")
    owners = pd.Series(np.char.add("C", (np.arange(n) % max(n // 200, 1)).astype("U8")), dtype="str")
    issued = pd.Timestamp(2022, 1, 1) + pd.to_timedelta(np.arange(n) % 1000, unit="D")
    money = {"customer_id": owners, "amount_cents": np.arange(n) % 900_000 + 1}
    due = issued + pd.Timedelta(days=30)
    invoices = {"invoice_id": ids, "kind": "invoice", "issued_on": issued, "due_on": due, "currency": "EUR"}
    payments = {"payment_id": ids, "invoice_id": ids, "paid_on": due}
    return from_frames(
        {
            "customers": pd.DataFrame({"customer_id": owners.unique()}),
            "invoices": pd.DataFrame({**invoices, **money}),
            "payments": pd.DataFrame({**payments, **money}),
        }
    )


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_ledger(made_up(n), folder)
        began = time.perf_counter()
        ledger = read_ledger(folder)
        read = time.perf_counter()
        data = fingerprint(ledger)
        hashed = time.perf_counter()
        report = check_run(ledger, folder, dt.date(2024, 10, 1), data)
        done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024
    today, rules = dt.datetime.now(tz=dt.UTC).date(), len(report.results)
    print(f"{today}: {n:,} invoices, {n:,} payments, {rules} rules, ok {report.ok}")
    print(f"read {read - began:.1f} s, fingerprint {hashed - read:.1f} s, checks {done - hashed:.1f} s")
    print(f"checks by reading: {(done - hashed) / (read - began):.1f}; peak {peak:.1f} GB")


if __name__ == "__main__":
    main()
