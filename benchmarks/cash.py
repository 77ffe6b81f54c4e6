"""Cash forecast at past dates: weekly receipts of open invoices beside the due date, habits and the median.

At each cut one model learns from what was known then; the open invoices are forecast for thirteen weeks and
compared with what was paid of them. Rhythm and dependence come from before the cut, as in a night. Beside it:
every invoice paid on its due date, at the median of the customer's similar invoices, and at the model's own
median; what is past is paid in the first week. Sales to come are measured apart, on invoices issued later.
Errors are a share of what was paid: the weekly WAPE, and the pinball loss at P10, P50 and P90. Standard
errors are over cuts, whose weeks overlap.

Run as `python -m benchmarks.cash [--cuts 2019-06-30 ...] [--seeds 1 2 3]`; the first ledger needs the
real data beside the project.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.peers import markdown, read_shared
from models.features.build import FeatureBuilder
from models.features.running import day_numbers
from models.ledger.ledger import as_known_on
from models.portfolio.cash_forecast import LEVELS, ReceiptDependence, WeeklyMoments
from models.portfolio.past_receipts import PastReceipts, habit_chances, received_eur
from models.portfolio.payment_weeks import DAYS, WEEKS, week_shares
from models.portfolio.recurring_sales import recurring_receipts
from pipelines.demo.simulator import simulate
from pipelines.training.backtest import last_day, late_model
from pipelines.training.params import Params

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.arrays import Floats
    from models.ledger.ledger import Ledger

DATA = "ledgers/highradius_2019-11-30.csv"
CUTS = tuple(
    dt.date(2019, month, day)
    for month, day in ((4, 30), (5, 15), (5, 31), (6, 15), (6, 30), (7, 15), (7, 31), (8, 15), (8, 31))
)
MADE_CUTS = 4
MADE_CUSTOMERS, MADE_MONTHS, MADE_DAYS_APART = 1_000, 30, 28
OURS, ALONE, HABITS = "Encours", "Encours, invoices independent", "Encours, habits alone"
MEDIAN, LIKE, DUE = "each invoice at its median", "each customer's habit", "due date"
SALES = "sales to come, of what is paid of them"
SOON = 4

Scores = dict[str, dict[str, list[float]]]


def ask(ledger: Ledger, cut: dt.date, scores: Scores) -> None:
    """Train at a cut, forecast, and add to the scores what thirteen weeks made of it."""
    day = int(day_numbers(np.array([cut], dtype="datetime64[D]"))[0])
    model = late_model(ledger, cut, 30, Params().late)
    known = FeatureBuilder.of(as_known_on(ledger, cut))
    past = PastReceipts.of(known, day)
    rhythm, dependence = past.rhythm.rhythm(), past.forecasts.dependence()
    whole = FeatureBuilder.of(ledger)
    book = whole.book
    documents = np.flatnonzero(book.open_on(day))
    frame = whole.documents(documents, np.full(len(documents), day))
    late, open_eur = frame["days_past_due"].to_numpy(), book.left_on(day)[documents] / 100
    received = received_eur(book, documents, day)
    later = np.flatnonzero(book.is_invoice & (book.owner >= 0) & (book.issued > day))
    sales = recurring_receipts(known.book, day, past.lags).sum(axis=0) / 100
    _add(scores[SALES], received_eur(book, later, day), sales, None)
    points = {
        DUE: np.zeros(len(documents)),
        LIKE: np.nan_to_num(frame["alike_median"].to_numpy()),
        MEDIAN: model.days_late(frame)[:, 1],
    }
    for who, days in points.items():
        _add(scores[who], received, by_week(days - late, open_eur), None)
    curves = {OURS: model.chances(frame), HABITS: habit_chances(whole, documents, day)}
    for who, chances in curves.items():
        shares = week_shares(chances, late, day, rhythm)
        moments = WeeklyMoments.of(open_eur, shares, book.owner[documents])
        _add(scores[who], received, moments.mean_eur, dependence.band(moments))
        if who == OURS:
            independent = ReceiptDependence(0.0, 0.0).band(moments)
            _add(scores[ALONE], received, moments.mean_eur, independent)


def by_week(ahead: Floats, open_eur: Floats) -> Floats:
    """Sum invoices by the week of one day of payment each; what lies in the past is paid on the first day."""
    week = ((np.maximum(ahead, 1) - 1) // 7).astype(np.int64)
    inside = week < WEEKS
    return np.bincount(week[inside], open_eur[inside], WEEKS).astype(np.float64)


def _add(scores: dict[str, list[float]], received: Floats, expected: Floats, band: Floats | None) -> None:
    total, off = received.sum(), np.abs(received - expected)
    scores["WAPE"].append(float(off.sum() / total))
    scores[f"WAPE, {SOON} weeks"].append(float(off[:SOON].sum() / received[:SOON].sum()))
    scores["bias"].append(float((expected - received).sum() / total))
    if band is None:
        return
    for place, level in enumerate(LEVELS):
        beyond = received - band[:, place]
        loss = np.maximum(level * beyond, (level - 1) * beyond).sum() / total
        scores[f"pinball P{round(level * 100)}"].append(float(loss))
    inside = (band[:, 0] <= received) & (received <= band[:, 2])
    scores["covered"].append(float(inside.mean()))
    scores[f"covered, {SOON} weeks"].append(float(inside[:SOON].mean()))


def report(title: str, scores: Scores) -> None:
    """Print one line for each who, mean ± standard error over cuts, and the gap to the median's WAPE."""
    names = list(scores[OURS])
    lines: list[list[object]] = []
    for who in (OURS, ALONE, HABITS, MEDIAN, LIKE, DUE, SALES):
        found = scores[who]
        cells = [_mean(found[name]) if name in found else "" for name in names]
        gap = np.mean(found["WAPE"]) / np.mean(scores[MEDIAN]["WAPE"]) - 1
        lines.append([who, *cells, "" if who == SALES else f"{gap:+.1%}"])
    cuts = len(scores[OURS]["WAPE"])
    print(f"\n### {title}, {cuts} cuts: mean ± standard error\n")
    print(markdown(["who", *names, "WAPE against the median"], lines))


def _mean(values: Sequence[float]) -> str:
    return f"{np.mean(values):.3f} ± {np.std(values, ddof=1) / len(values) ** 0.5:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", nargs="+", type=dt.date.fromisoformat, default=CUTS)
    parser.add_argument("--seeds", nargs="*", type=int, default=[1, 2, 3], help="of made ledgers")
    parser.add_argument("--no-real", action="store_true", help="leave the real ledger out")
    chosen = parser.parse_args()
    print(f"{dt.datetime.now(tz=dt.UTC).date()}; receipts of open invoices over {WEEKS} weeks")
    real = None if chosen.no_real else read_shared(DATA, "highradius.toml")
    if real is not None:
        scores: Scores = defaultdict(lambda: defaultdict(list))
        for cut in chosen.cuts:
            ask(real, cut, scores)
        report(f"Real ledger, {len(real.customers)} customers", scores)
    made: Scores = defaultdict(lambda: defaultdict(list))
    for seed in chosen.seeds:
        ledger, _ = simulate(MADE_CUSTOMERS, MADE_MONTHS, seed)
        for place in range(MADE_CUTS):
            end = last_day(ledger) - DAYS - MADE_DAYS_APART * place
            ask(ledger, np.datetime64(end, "D").item(), made)
    if chosen.seeds:
        report(f"Made-up ledgers of {MADE_CUSTOMERS:,} customers", made)


if __name__ == "__main__":
    main()
