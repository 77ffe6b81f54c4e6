"""Late payment on many ledgers: ours beside what is obvious, losses included, in one table.

Sets: a real ledger at rolling cuts, random parts of it with 60 to 150 customers, and made-up ledgers from 40
to 20,000 customers. At each cut one model learns from what was known then, and is asked about every invoice
issued in the 45 days after, at its issue: the chance of every delay comes from its one curve. Beside it stand
the customer's own past, which needs no model, and two textbook models on the same features and rows.
Differences are paired; their standard errors come of customers drawn again, or of the ledgers where there are
several.

`--write DIR` keeps the answers, `--before DIR` puts answers that another version of the program wrote there
beside. Run as `python -m benchmarks.ledgers [--sets real parts made] [--cuts ...]`; the first two need the
real data beside the project.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.baselines import logistic
from benchmarks.peers import markdown, past_days_late, past_share, plain_lightgbm, read_shared
from models.errors import NotEnoughDataError
from models.features.build import FeatureBuilder
from models.features.curves import ANCHORS, BOUNDS
from models.features.running import day_numbers
from models.learning.labels import days_late_label, late_label
from models.learning.rows import LateRows, draw_rows
from models.ledger.ledger import as_known_on
from pipelines.demo.simulator import simulate
from pipelines.training.backtest import last_day, late_model
from pipelines.training.bootstrap import Draws
from pipelines.training.late_fit import late_candidates
from pipelines.training.metrics import measure
from pipelines.training.params import Params
from pipelines.training.plan import known_features

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from models.arrays import Floats, Ints
    from models.ledger.ledger import Ledger

DATA = "ledgers/highradius_2019-11-30.csv"
CUTS = tuple(
    dt.date(2019, month, day)
    for month, day in ((5, 31), (6, 15), (6, 30), (7, 15), (7, 31), (8, 15), (8, 31), (9, 15))
)
"""After those on which anything was chosen: 31 March to 15 May."""
PART_CUTS = (dt.date(2019, 6, 30), dt.date(2019, 8, 15))
PARTS = 20
MADE = {40: 3, 150: 3, 500: 3, 2_000: 3, 20_000: 3}
"""How many ledgers of each number of customers are made."""
DAYS = (0, 5, 15, 30)
ASKED_DAYS, OPEN_UNTIL = 45, 75
LEAST_BAD = 5
DRAWS = 200
OURS, PAST, MEAN, TREES, REGRESSION, BEFORE = (
    "Encours", "customer's past share", "customer's past mean", "plain LightGBM", "logistic regression",
    "before",
)  # fmt: skip
LIKE, MEDIAN = "past median of like invoices", "median"


@dataclass(frozen=True, slots=True, eq=False)
class CutAnswers:
    """Questions at one cut of one ledger, answered.

    Parameters
    ----------
    chances
        By delay, then by who answers, shape `(n,)`.
    labels
        By delay: whether it came to be later, NaN where that cannot be told.
    medians
        Days late by who answers.
    """

    owner: Ints
    invoice: list[str]
    labels: dict[int, Floats]
    chances: dict[int, dict[str, Floats]]
    late: Floats
    medians: dict[str, Floats]
    band: tuple[Floats, Floats]
    seconds: float


def ask(ledger: Ledger, cut: dt.date, params: Params, *, textbook: bool) -> CutAnswers | None:
    """Train at a cut and ask about what came after; None where nothing was issued."""
    whole = FeatureBuilder.of(ledger)
    book, end = whole.book, last_day(ledger)
    day = int(day_numbers(np.array([cut], dtype="datetime64[D]"))[0])
    issued = (book.issued > day) & (book.issued <= day + ASKED_DAYS)
    document = np.flatnonzero(book.is_invoice & (book.owner >= 0) & issued)
    if not len(document):
        return None
    frame = whole.documents(document, book.issued[document])
    began = time.perf_counter()
    model = late_model(ledger, cut, 30, params.late)
    seconds = time.perf_counter() - began
    ours = model.chances(frame)
    known = FeatureBuilder.of(as_known_on(ledger, cut)) if textbook else None
    mean = past_days_late(book, document)["past mean"]
    labels, chances = {}, {}
    for days in DAYS:
        labels[days] = late_label(book, document, days, end)
        said = {
            OURS: ours[:, list(BOUNDS).index(days)],
            PAST: past_share(book, document, days),
            MEAN: 1.0 / (1.0 + np.exp(-(mean - days) / 10.0)),
        }
        if known is not None:
            said |= _textbook(known, frame, days, day, params)
        chances[days] = said
    late, final = days_late_label(book, document, end)
    low, middle, high = model.days_late(frame).T
    like = np.nan_to_num(frame["alike_median"].to_numpy())
    return CutAnswers(
        book.owner[document], book.invoice_ids[document].tolist(), labels, chances,
        np.where(final, late, np.nan), {OURS: middle, LIKE: like}, (low, high), seconds,
    )  # fmt: skip


def _textbook(
    known: FeatureBuilder, frame: pd.DataFrame, days: int, cut: int, params: Params
) -> dict[str, Floats]:
    """Answer by models that learn from the same features of the same invoices, asked at issue."""
    rows = draw_rows(known, LateRows(days, cut, params.late.most_rows, params.late.seed))
    rows = rows.take(rows.frame["invoice_age_days"].to_numpy() == 0) if len(rows) else rows
    columns = [f.name for f in known_features(rows, late_candidates(days)) if not f.categorical]
    if not len(rows) or rows.label.min() == rows.label.max():
        share = np.full(len(frame), rows.label.mean() if len(rows) else 0.0)
        return {TREES: share, REGRESSION: share}
    return {
        TREES: plain_lightgbm(rows.frame, rows.label, frame, columns),
        REGRESSION: logistic(rows.frame, rows.label, frame, columns),
    }


def ledgers(
    sets: Sequence[str], cuts: Sequence[dt.date], made: Mapping[int, int]
) -> Iterator[tuple[str, str, Ledger, dt.date]]:
    """Yield the set, the ledger's name, the ledger and a cut; `made` ledgers as many of each number."""
    real = read_shared(DATA, "highradius.toml") if {"real", "parts"} & set(sets) else None
    if real is not None and "real" in sets:
        for cut in cuts:
            yield "real ledger, 991 customers", "real", real, cut
    if real is not None and "parts" in sets:
        for seed in range(100, 100 + PARTS):
            part = part_of(real, seed)
            for cut in PART_CUTS:
                yield "its parts, 60-150 customers", f"part{seed}", part, cut
    if "made" in sets:
        for customers, count in made.items():
            for seed in range(1, count + 1):
                ledger, _ = simulate(customers, 24, seed)
                end = np.datetime64(last_day(ledger) - ASKED_DAYS - OPEN_UNTIL, "D").item()
                yield f"made up, {customers:,} customers", f"made{customers}-{seed}", ledger, end


def part_of(ledger: Ledger, seed: int) -> Ledger:
    """Return a random part of a ledger: 60 to 150 of its customers with all that is theirs."""
    drawn = np.random.default_rng(seed)
    ids = ledger.customers["customer_id"].to_numpy(object)
    chosen = set(drawn.choice(ids, drawn.integers(60, 151), replace=False))
    tables = {
        name: getattr(ledger, name)[getattr(ledger, name)["customer_id"].isin(chosen)].reset_index(drop=True)
        for name in ("customers", "invoices", "payments")
    }
    return replace(ledger, **tables)


Scores = dict[tuple[str, int, str], dict[str, list[float]]]


def score(
    asked: CutAnswers, title: str, table: Scores, draws: dict[tuple[str, int, str], list[float]]
) -> None:
    """Add what one cut measured to the table, with what customers drawn again make of the gap in AUC."""
    for days in DAYS:
        told = ~np.isnan(asked.labels[days])
        label = asked.labels[days][told]
        if min(label.sum(), (1 - label).sum()) < LEAST_BAD:
            continue
        again = Draws.of(asked.owner[told], DRAWS, 7)
        ours = measure(label, np.clip(asked.chances[days][OURS][told], 1e-4, 1 - 1e-4))
        mine = again.aucs(label, asked.chances[days][OURS][told])
        for who, said in asked.chances[days].items():
            figures = measure(label, np.clip(said[told], 1e-4, 1 - 1e-4))
            for name in ("auc", "average_precision", "log_loss", "calibration_error"):
                table[title, days, who][name].append(figures[name])
            table[title, days, who]["gained"].append(ours["auc"] - figures["auc"])
            table[title, days, who]["saved"].append(figures["log_loss"] - ours["log_loss"])
            if who != OURS:
                spread = np.nanstd(mine - again.aucs(label, said[told]))
                draws[title, days, who].append(float(spread))


def report(table: Scores, draws: dict[tuple[str, int, str], list[float]], several: set[str]) -> None:
    """Print a line a set, delay and who answers."""
    lines: list[list[object]] = []
    for (title, days, who), found in table.items():
        gained = np.array(found["gained"])
        count = len(gained)
        if who == OURS:
            gap, saved = "", ""
        else:
            # Ledgers are apart from each other; cuts of one ledger are not, and share their customers' luck.
            spread = gained.std(ddof=1) / count**0.5 if title in several and count > 2 else np.mean(
                draws[title, days, who])  # fmt: skip
            gap = f"{gained.mean():+.3f} ± {spread:.3f}"
            saved = f"{np.mean(found['saved']):+.4f}"
        lines.append([
            title, f"> {days}", who, count,
            *(float(np.mean(found[name])) for name in ("auc", "average_precision")),
            f"{np.mean(found['log_loss']):.4f}", float(np.mean(found["calibration_error"])), gap, saved,
        ])  # fmt: skip
    header = ["ledgers", "days late", "who", "cuts", "AUC", "average precision", "log loss",
              "calibration error", "AUC, ours above", "log loss, ours below"]  # fmt: skip
    print(markdown(header, lines))


def days_report(found: dict[str, list[CutAnswers]]) -> None:
    """Print how far medians are off, and what P10 to P90 covers."""
    lines: list[list[object]] = []
    for title, several in found.items():
        errors = {who: [] for who in (OURS, LIKE)}
        covered, seconds = [], []
        for asked in several:
            told = ~np.isnan(asked.late)
            if not told.any():
                continue
            late = asked.late[told]
            for who, off in errors.items():
                off.append(float(np.abs(late - asked.medians[who][told]).mean()))
            low, high = (end[told] for end in asked.band)
            covered.append(float(((late >= low) & (late <= high)).mean()))
            seconds.append(asked.seconds)
        ours, like = (float(np.mean(errors[who])) for who in (OURS, LIKE))
        lines.append([
            title, len(covered), ours, like, f"{ours / like - 1:+.1%}", float(np.mean(covered)),
            float(np.max(seconds)),
        ])  # fmt: skip
    header = ["ledgers", "cuts", "error of the median, days", f"error of the {LIKE}", "gap",
              "P10-P90 covers", "longest training, s"]  # fmt: skip
    print(markdown(header, lines))


def keep(asked: CutAnswers, path: Path) -> None:
    """Write the answers of one cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    said = {f"p{days}": asked.chances[days][OURS] for days in DAYS}
    pd.DataFrame({"invoice_id": asked.invoice, **said, MEDIAN: asked.medians[OURS]}).to_parquet(path)


def beside(asked: CutAnswers, path: Path) -> None:
    """Put the answers that another version wrote beside ours, where it gave any."""
    if not path.is_file():
        return
    theirs = pd.read_parquet(path).set_index("invoice_id").reindex(asked.invoice)
    for days in DAYS:
        if f"p{days}" in theirs and theirs[f"p{days}"].notna().all():
            asked.chances[days][BEFORE] = theirs[f"p{days}"].to_numpy(np.float64)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sets", nargs="+", choices=["real", "parts", "made"], default=["real", "parts", "made"]
    )
    parser.add_argument("--cuts", nargs="+", type=dt.date.fromisoformat, default=CUTS)
    parser.add_argument(
        "--customers", nargs="+", type=int, choices=MADE, default=MADE, help="of made ledgers"
    )
    parser.add_argument("--write", type=Path)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--no-textbook", action="store_true", help="leave the textbook models out")
    chosen = parser.parse_args()
    table: Scores = defaultdict(lambda: defaultdict(list))
    draws: dict[tuple[str, int, str], list[float]] = defaultdict(list)
    found: dict[str, list[CutAnswers]] = defaultdict(list)
    names: dict[str, set[str]] = defaultdict(set)
    made = {customers: MADE[customers] for customers in chosen.customers}
    for title, name, ledger, cut in ledgers(chosen.sets, chosen.cuts, made):
        try:
            asked = ask(ledger, cut, Params(), textbook=not chosen.no_textbook)
        except NotEnoughDataError as error:
            print(f"{title}, {name}, {cut}: refused: {error}")
            continue
        if asked is None:
            continue
        if chosen.write:
            keep(asked, chosen.write / f"{name}_{cut}.parquet")
        if chosen.before:
            beside(asked, chosen.before / f"{name}_{cut}.parquet")
        score(asked, title, table, draws)
        found[title].append(asked)
        names[title].add(name)
    print(f"{dt.datetime.now(tz=dt.UTC).date()}; anchors {', '.join(map(str, ANCHORS))}\n")
    report(table, draws, {title for title, known in names.items() if len(known) > 1})
    print()
    days_report(found)


if __name__ == "__main__":
    main()
