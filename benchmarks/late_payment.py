"""Late payment on a real ledger: ours beside a customer's own past and a plain LightGBM, same rows, same day.

Run as `python -m benchmarks.late_payment [--cuts 2019-06-30 ...]`; needs the real data beside the project.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.peers import (
    RUNNING,
    chosen_cuts,
    markdown,
    mean_and_spread,
    past_days_late,
    past_share,
    plain_lightgbm,
    read_shared,
)
from models.features import payment_history
from models.features.build import FeatureBuilder
from models.features.running import day_numbers
from models.labels import days_late_label, late_label
from models.ledger import as_known_on
from models.rows import late_rows
from pipelines.backtest import backtest_late, last_day
from pipelines.params import Params
from pipelines.training.metrics import measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.features.running import Floats, Ints
    from models.ledger import Ledger

DATA = "ledgers/highradius_2019-11-30.csv"
CUTS = (dt.date(2019, 6, 30), dt.date(2019, 7, 31), dt.date(2019, 8, 31))
LATE_DAYS = (5, 15, 30)
ASKED_DAYS = 45
SCORES = ("auc", "average_precision", "log_loss", "mean_probability", "bad_share")

DELAYS = ("mean_absolute_error", "p10_p90_coverage")

Figures = dict[str, dict[str, float]]


def late_figures(ledger: Ledger, cut: dt.date, days: int, params: Params) -> tuple[Figures, Figures]:
    """Measure ours and the peers at one cut.

    Returns
    -------
    By who answers: scores for more than `days` days late, and figures of days late.
    """
    until = cut + dt.timedelta(ASKED_DAYS)
    ours = backtest_late(ledger, cut, until, days, params.late)
    builder = FeatureBuilder.of(ledger)
    book, end = builder.book, last_day(ledger)
    at = {invoice: place for place, invoice in enumerate(book.invoice_ids)}
    document = np.array([at[invoice] for invoice in ours.answers["invoice_id"]], dtype=np.int64)
    label = late_label(book, document, days, end)
    told = ~np.isnan(label)
    answers = {
        "Encours": ours.answers["p_late"].to_numpy(np.float64),
        "plain LightGBM": _plain(ledger, builder, document, cut, days, params),
        "customer's past share": past_share(book, document, days),
    }
    scores = {who: measure(label[told], answer[told]) for who, answer in answers.items()}
    late, final = days_late_label(book, document, end)
    low, middle, high = (ours.answers[f"days_late_{name}"].to_numpy() for name in ("p10", "p50", "p90"))
    medians = {"Encours": middle, **past_days_late(book, document)}
    delays = {
        who: {"mean_absolute_error": float(np.abs(late - said)[final].mean())}
        for who, said in medians.items()
    }
    delays["Encours"]["p10_p90_coverage"] = float(((late >= low) & (late <= high))[final].mean())
    return scores, delays


def _plain(
    ledger: Ledger, builder: FeatureBuilder, document: Ints, cut: dt.date, days: int, params: Params
) -> Floats:
    """Answer by a plain LightGBM fitted on the matured rows at issue that were known at the cut."""
    day = int(day_numbers(np.array([cut], dtype="datetime64[D]"))[0])
    known = FeatureBuilder.of(as_known_on(ledger, cut))
    rows = late_rows(known, days, day, params.late.most_rows, params.late.seed)
    rows = rows.take(rows.frame["invoice_age_days"].to_numpy() == 0)
    columns = [feature.name for feature in payment_history.FEATURES if feature.name.startswith(RUNNING)]
    asked = builder.documents(document, builder.book.issued[document])
    return plain_lightgbm(rows.frame, rows.label, asked, columns)


def report(ledger: Ledger, cuts: Sequence[dt.date], params: Params) -> None:
    """Print the tables, one cut at a time and over all of them."""
    scores: dict[tuple[int, str, str], list[float]] = defaultdict(list)
    delays: dict[tuple[str, str], list[float]] = defaultdict(list)
    rows: list[list[object]] = []
    late_lines: list[list[object]] = []
    for cut in cuts:
        for days in LATE_DAYS:
            measured, late = late_figures(ledger, cut, days, params)
            for who, figures in measured.items():
                rows.append([cut, f"> {days}", who, int(figures["rows"]), *(figures[n] for n in SCORES)])
                for name in SCORES:
                    scores[days, who, name].append(figures[name])
        # Days late are asked of the last model, that of the longest delay, as the product does.
        for who, figures in late.items():
            late_lines.append([cut, who, *(figures.get(n, "") for n in DELAYS)])
            for name, value in figures.items():
                delays[who, name].append(value)
    print("\n### By cut\n")
    print(markdown(["cut", "days late", "who", "rows", *SCORES], rows), end="\n\n")
    print(markdown(["cut", "who", *DELAYS], late_lines))
    print(f"\n### Mean ± standard deviation over {len(cuts)} cuts\n")
    found = dict.fromkeys((days, who) for days, who, _ in scores)
    means = [[f"> {d}", who, *(mean_and_spread(scores[d, who, n]) for n in SCORES)] for d, who in found]
    print(markdown(["days late", "who", *SCORES], means), end="\n\n")
    names = dict.fromkeys(who for who, _ in delays)
    cells = [
        [who, *(mean_and_spread(delays[who, n]) if (who, n) in delays else "" for n in DELAYS)]
        for who in names
    ]
    print(markdown(["who", *DELAYS], cells))


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
