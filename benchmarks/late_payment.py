"""Late payment on a real ledger: ours beside a customer's own past and textbook models, same rows, same day.

Every peer that learns has the same features, rows and day as ours. Asked of every invoice at its issue; and
of those still open a month after the cut, where the answer hangs on how long they have been open.

Run as `python -m benchmarks.late_payment [--cuts 2019-06-30 ...]`; needs the real data beside the project.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.baselines import logistic, survival
from benchmarks.peers import (
    chosen_cuts,
    markdown,
    mean_and_spread,
    past_days_late,
    past_share,
    plain_lightgbm,
    read_shared,
)
from models.features.build import INVOICE_FEATURES, FeatureBuilder
from models.features.running import day_numbers
from models.learning.calibration import HISTORIES, length_of_history
from models.learning.labels import days_late_label, late_label
from models.learning.rows import LateRows, TrainingRows, draw_rows
from models.ledger.ledger import as_known_on
from pipelines.training.backtest import last_day, late_model
from pipelines.training.metrics import measure
from pipelines.training.params import Params
from pipelines.training.plan import known_features

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from models.arrays import Floats, Ints
    from models.learning.artifact import FittedModel
    from models.ledger.ledger import Ledger

DATA = "ledgers/highradius_2019-11-30.csv"
CUTS = (dt.date(2019, 6, 30), dt.date(2019, 7, 31), dt.date(2019, 8, 31))
LATE_DAYS = (5, 15, 30)
ASKED_DAYS = 45
OPEN_AFTER = 31
SCORES = ("auc", "average_precision", "log_loss", "mean_probability", "bad_share")
DELAYS = ("mean_absolute_error", "p10_p90_coverage")

Figures = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Cut:
    """What was known at a cut, what is asked after it, and the whole ledger that tells how it went."""

    known: FeatureBuilder
    whole: FeatureBuilder
    day: int
    end: int
    document: Ints
    asked: pd.DataFrame

    @classmethod
    def of(cls, ledger: Ledger, cut: dt.date) -> Cut:
        """Ask of every invoice at its issue, from the cut to 45 days later."""
        day = int(day_numbers(np.array([cut], dtype="datetime64[D]"))[0])
        whole = FeatureBuilder.of(ledger)
        book = whole.book
        issued = (book.issued >= day) & (book.issued <= day + ASKED_DAYS)
        document = np.flatnonzero(book.is_invoice & (book.owner >= 0) & issued)
        asked = whole.documents(document, book.issued[document])
        return cls(FeatureBuilder.of(as_known_on(ledger, cut)), whole, day, last_day(ledger), document, asked)

    def rows(self, days: int, params: Params) -> TrainingRows:
        """Return what a peer learns from: the matured questions asked at issue."""
        rows = draw_rows(self.known, LateRows(days, self.day, params.late.most_rows, params.late.seed))
        return rows.take(rows.frame["invoice_age_days"].to_numpy() == 0)

    def still_open(self) -> tuple[Ints, pd.DataFrame]:
        """Return the invoices open some weeks after the cut and their features as of that day."""
        book, day = self.whole.book, self.day + OPEN_AFTER
        document = np.flatnonzero(
            book.is_invoice & (book.owner >= 0) & (book.issued < day) & (book.settled > day)
        )
        return document, self.whole.documents(document, np.full(len(document), day))


def score_figures(cut: Cut, model: FittedModel, days: int, params: Params) -> Figures:
    """Measure who tells best which invoices come to be more than `days` late, asked at issue."""
    rows = cut.rows(days, params)
    columns = [f.name for f in known_features(rows, INVOICE_FEATURES) if not f.categorical]
    told = rows.take(~np.isnan(rows.days_late))
    answers = {
        "Encours": model.probability(cut.asked),
        "plain LightGBM": plain_lightgbm(rows.frame, rows.label, cut.asked, columns),
        "logistic regression": logistic(rows.frame, rows.label, cut.asked, columns),
        "survival (discrete hazard)": survival(told.frame, told.days_late, cut.asked, columns, days)[0],
        "customer's past share": past_share(cut.whole.book, cut.document, days),
    }
    label = late_label(cut.whole.book, cut.document, days, cut.end)
    known = ~np.isnan(label)
    return {who: measure(label[known], answer[known]) for who, answer in answers.items()}


def delay_figures(cut: Cut, model: FittedModel, params: Params) -> Figures:
    """Measure who is off by how many days, asked at issue, and how much our band covers."""
    rows = cut.rows(LATE_DAYS[-1], params)
    told = rows.take(~np.isnan(rows.days_late))
    columns = [f.name for f in known_features(told, INVOICE_FEATURES) if not f.categorical]
    low, middle, high = model.days_late(cut.asked).T
    late, final = days_late_label(cut.whole.book, cut.document, cut.end)
    medians = {
        "Encours": middle,
        **past_days_late(cut.whole.book, cut.document),
        "past median of like invoices": np.nan_to_num(cut.asked["alike_median"].to_numpy()),
        "survival (discrete hazard)": survival(told.frame, told.days_late, cut.asked, columns, LATE_DAYS[-1])[
            1
        ],
    }
    figures = {
        who: {"mean_absolute_error": float(np.abs(late - said)[final].mean())}
        for who, said in medians.items()
    }
    figures["Encours"]["p10_p90_coverage"] = float(((late >= low) & (late <= high))[final].mean())
    return figures


def open_figures(cut: Cut, model: FittedModel) -> Figures:
    """Measure the answers on invoices still open, by how long they are past due."""
    book = cut.whole.book
    document, frame = cut.still_open()
    late, final = days_late_label(book, document, cut.end)
    label = late_label(book, document, LATE_DAYS[-1], cut.end)
    past, chance = frame["days_past_due"].to_numpy(), model.probability(frame)
    low, middle, high = model.days_late(frame).T
    naive = np.maximum(np.nan_to_num(frame["alike_median"].to_numpy()), past + 1)
    figures: Figures = {}
    for name, here in {
        "not due": past <= 0,
        "1-10 days": (past > 0) & (past <= 10),
        "11-30 days": (past > 10) & (past <= LATE_DAYS[-1]),
    }.items():
        told, done = here & ~np.isnan(label), here & final
        figures[name] = {
            "rows": float(told.sum()),
            "mean p": float(chance[told].mean()),
            "realised": float(label[told].mean()),
            "error of the median": float(np.abs(late - middle)[done].mean()),
            "error of habit or tomorrow": float(np.abs(late - naive)[done].mean()),
            "covered": float(((late >= low) & (late <= high))[done].mean()),
        }
    return figures


def history_figures(cut: Cut, model: FittedModel) -> list[tuple[Ints, Floats, Floats]]:
    """Return places in `HISTORIES`, outcomes and probabilities of what is asked at issue."""
    label = late_label(cut.whole.book, cut.document, LATE_DAYS[-1], cut.end)
    told = ~np.isnan(label)
    paid = cut.asked["n_paid_all"].to_numpy()
    return [(length_of_history(paid[told]), label[told], model.probability(cut.asked)[told])]


def report(ledger: Ledger, cuts: Sequence[dt.date], params: Params) -> None:
    """Print the tables, one cut at a time and over all of them."""
    tables: dict[str, dict[tuple[str, str], list[float]]] = defaultdict(lambda: defaultdict(list))
    histories: list[tuple[Ints, Floats, Floats]] = []
    for day in cuts:
        cut = Cut.of(ledger, day)
        for days in LATE_DAYS:
            model = late_model(ledger, day, days, params.late)
            _add(
                tables[f"More than {days} days late, asked at issue"], score_figures(cut, model, days, params)
            )
        # Days late and open invoices are asked of the last model, that of the longest delay, as in use.
        _add(tables["Days late, asked at issue"], delay_figures(cut, model, params))
        _add(tables["Still open a month after the cut"], open_figures(cut, model))
        histories += history_figures(cut, model)
    for title, figures in tables.items():
        print(f"\n### {title}: mean ± standard deviation over {len(cuts)} cuts, then each cut\n")
        print(_table(figures))
    print(f"\n### By length of history, more than {LATE_DAYS[-1]} days late, all cuts together\n")
    print(_by_history(histories))


def _add(table: dict[tuple[str, str], list[float]], figures: Figures) -> None:
    for who, measured in figures.items():
        for name, value in measured.items():
            table[who, name].append(value)


def _table(figures: dict[tuple[str, str], list[float]]) -> str:
    found = {name for _, name in figures}
    names = [name for name in (*SCORES, *DELAYS) if name in found] or list(
        dict.fromkeys(n for _, n in figures)
    )
    lines: list[list[object]] = []
    for who in dict.fromkeys(who for who, _ in figures):
        cells = [mean_and_spread(figures[who, name]) if (who, name) in figures else "" for name in names]
        each = " · ".join(f"{value:.3f}" for value in figures[who, names[0]])
        lines.append([who, *cells, each])
    return markdown(["who", *names, f"{names[0]} by cut"], lines)


def _by_history(told: Sequence[tuple[Ints, Floats, Floats]]) -> str:
    place, label, chance = (np.concatenate([part[k] for part in told]) for k in range(3))
    lines: list[list[object]] = []
    for code, name in enumerate(HISTORIES):
        here = place == code
        figures = measure(label[here], chance[here])
        cells = [figures.get(figure, "") for figure in ("mean_probability", "bad_share", "auc", "brier")]
        lines.append([name, int(here.sum()), *cells])
    return markdown(["paid invoices", "rows", "mean p", "realised", "AUC", "Brier"], lines)


def main() -> None:
    cuts = chosen_cuts(__doc__, CUTS)
    ledger = read_shared(DATA, "highradius.toml")
    if ledger is None:
        return
    print(f"{dt.datetime.now(tz=dt.UTC).date()}, {DATA}: {len(ledger.invoices)} invoices of")
    print(f"{len(ledger.customers)} customers; asked at issue, in the {ASKED_DAYS} days after each cut.")
    report(ledger, cuts, Params())


if __name__ == "__main__":
    main()
