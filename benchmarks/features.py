"""Seconds, rows a second and memory of the features, beside pandas' own rolling windows in the same run.

Run as `python -m benchmarks.features [invoices] [customers] [seed]`. The baseline computes the count and the
mean of days late over the same four windows, as of each invoice's issue, by `groupby` and `rolling`; it is
run on some of the customers and compared per row and column.
"""

from __future__ import annotations

import resource
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.features.build import FeatureBuilder
from models.ledger.ledger import from_frames

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.ledger.ledger import Ledger

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

DAYS = 3 * 365
START = np.datetime64("2023-10-01", "s")
BASELINE_CUSTOMERS = 1_000
WINDOWS = (DAYS, 365, 90, 30)


def make_ledger(invoices: int, customers: int, seed: int) -> Ledger:
    """Draw a ledger of three years: one invoice in ten paid in two parts, 3 % disputed, 2 % never paid."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"C{number:06d}" for number in range(customers)], dtype=object)
    weight = rng.lognormal(0, 1, customers)
    who = rng.choice(customers, invoices, p=weight / weight.sum())
    issued = rng.integers(0, DAYS, invoices)
    due = issued + rng.choice([30, 45, 60], invoices)
    paid = np.maximum(due + np.round(rng.normal(rng.normal(5, 10, customers)[who], 12)).astype(int), issued)
    cents = np.round(np.exp(rng.normal(11.5, 1.0, invoices))).astype(np.int64)
    disputed = rng.random(invoices) < 0.03
    begins = due + rng.integers(-10, 20, invoices)
    settles = (rng.random(invoices) > 0.02) & (paid < DAYS)
    parts = settles & (rng.random(invoices) < 0.1)
    number = np.array([f"F{place:08d}" for place in range(invoices)], dtype=object)
    documents = pd.DataFrame(
        {
            "invoice_id": number,
            "customer_id": ids[who],
            "kind": "invoice",
            "issued_on": _dates(issued),
            "due_on": _dates(due),
            "amount_cents": cents,
            "currency": "EUR",
            "disputed_from": _dates(begins, disputed),
            "disputed_to": _dates(begins + rng.integers(5, 60, invoices), disputed),
        }
    )
    parties = pd.DataFrame({"customer_id": ids, "naf": "43.21A", "headcount": 12.0})
    payments = _payments(documents, paid, settles, parts)
    return from_frames({"customers": parties, "invoices": documents, "payments": payments})


def _payments(documents: pd.DataFrame, paid: Ints, settles: Bools, parts: Bools) -> pd.DataFrame:
    """Pay what is settled: at once, or a third on the day and the rest 15 days later."""
    cents = documents["amount_cents"].to_numpy()
    first = np.where(parts, cents // 3, cents)
    line = np.concatenate((np.flatnonzero(settles), np.flatnonzero(parts)))
    later = np.arange(len(line)) >= settles.sum()
    return pd.DataFrame(
        {
            "payment_id": [f"P{place:08d}" for place in range(len(line))],
            "invoice_id": documents["invoice_id"].to_numpy()[line],
            "customer_id": documents["customer_id"].to_numpy()[line],
            "paid_on": _dates(np.where(later, paid[line] + 15, paid[line])),
            "amount_cents": np.where(later, (cents - first)[line], first[line]),
        }
    )


def naive(builder: FeatureBuilder) -> tuple[float, int]:
    """Compute count and mean of days late over the windows by pandas, on some customers.

    Returns
    -------
    Seconds, and how many figures came out.
    """
    book = builder.book
    mine = np.flatnonzero(book.owner < BASELINE_CUSTOMERS)
    begin = time.perf_counter()
    epoch = np.datetime64("1970-01-01", "D")
    paid = mine[book.settled[mine] < DAYS + 30_000]
    events = pd.DataFrame(
        {
            "who": book.owner[paid],
            "day": epoch + book.settled[paid],
            "late": book.days_late[paid].astype(float),
        }
    ).sort_values(["who", "day"])
    asked = pd.DataFrame({"who": book.owner[mine], "day": epoch + book.issued[mine]}).sort_values("day")
    for window in WINDOWS:
        rolled = events.set_index("day").groupby("who")["late"].rolling(f"{window}D").agg(["count", "mean"])
        asked = pd.merge_asof(
            asked, rolled.reset_index().sort_values("day"), on="day", by="who", suffixes=("", f"_{window}")
        )
    return time.perf_counter() - begin, len(asked) * 2 * len(WINDOWS)


def _dates(days: np.ndarray, there: np.ndarray | None = None) -> np.ndarray:
    dates = START + days.astype("timedelta64[D]").astype("timedelta64[s]")
    return dates if there is None else np.where(there, dates, np.datetime64("NaT", "s"))


def main(invoices: int = 1_000_000, customers: int = 20_000, seed: int = 1) -> None:
    ledger = make_ledger(invoices, customers, seed)
    held = _peak_gb()
    begin = time.perf_counter()
    builder = FeatureBuilder.of(ledger)
    prepared = time.perf_counter()
    document = np.flatnonzero(builder.book.is_invoice)
    frame = builder.documents(document, builder.book.issued[document])
    done = time.perf_counter()
    seconds = done - begin
    print(f"{invoices} invoices, {len(ledger.payments)} payments, {customers} customers")
    print(f"prepare {prepared - begin:.2f} s, rows {done - prepared:.2f} s, both {seconds:.2f} s")
    print(f"{len(frame) / (done - prepared):,.0f} rows/s of {frame.shape[1]} columns once prepared")
    print(f"peak memory {_peak_gb():.2f} GB, of it {held:.2f} GB before the first feature")
    naive_seconds, figures = naive(builder)
    ours, theirs = seconds / frame.size, naive_seconds / figures
    print(
        f"a figure: {ours * 1e9:.0f} ns here, {theirs * 1e9:.0f} ns by rolling windows: {theirs / ours:.0f} x"
    )


def _peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
