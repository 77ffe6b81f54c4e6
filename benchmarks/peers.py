"""What a simple answer reaches: a customer's own past, and a plain LightGBM, with the same knowledge as ours.

Every answer on an invoice is given as of the end of its day of issue.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.features.invoice import weekday
from models.features.running import Stream, ratio
from models.learning.boosting import load_lightgbm
from models.ledger.files import read_ledger
from pipelines.sources.mapping.importing import import_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from models.arrays import Floats, Ints
    from models.features.book import Book
    from models.ledger.ledger import Ledger

RUNNING = ("n_paid_", "days_late_mean_", "late", "past")
"""How the names of running counts, means and shares of the payment history begin."""


def shared_data(name: str) -> Path | None:
    """Return a file of the real data, None where it is absent; then it says so."""
    here = Path(__file__).parents[1]
    path = Path(os.environ.get("ENCOURS_SHARED_DATA") or here.parent / "shared" / "data") / name
    if path.is_file():
        return path
    print(f"skipped: {path} is not there; set ENCOURS_SHARED_DATA to the folder of the real data")
    return None


def read_shared(name: str, mapping: str) -> Ledger | None:
    """Import a shared file through a mapping of the project; None, and a line, where it is absent."""
    path = shared_data(name)
    if path is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        import_files(Path(__file__).parents[1] / "data" / "mappings" / mapping, [path], Path(folder))
        return read_ledger(Path(folder))


def chosen_cuts(what: str | None, otherwise: Sequence[dt.date]) -> Sequence[dt.date]:
    """Return the cuts given on the command line, or the benchmark's own."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--cuts", nargs="+", type=dt.date.fromisoformat, default=otherwise)
    cuts: Sequence[dt.date] = parser.parse_args().cuts
    return cuts


def past_share(book: Book, document: Ints, days: int) -> Floats:
    """Return each customer's past share of invoices gone past `days` days late, shape `(n,)`.

    A customer without history gets everyone's share, and 0 stands where nobody has one.
    """
    mine = book.is_invoice & (book.owner >= 0)
    day, owner = book.passes(days)[mine], book.owner[mine]
    gone = (book.settled[mine] >= day).astype(np.int64)
    asked, whose = book.issued[document], book.owner[document]
    shares = []
    for streamed, wanted in ((owner, whose), (np.zeros_like(owner), np.zeros_like(whose))):
        stream = Stream.of(streamed, day, {"gone": gone})
        start, stop = stream.start(wanted), stream.upto(wanted, asked)
        shares.append(ratio(stream.total("gone", start, stop), stop - start))
    own, everyone = shares
    return np.where(np.isnan(own), np.nan_to_num(everyone), own)


def past_days_late(book: Book, document: Ints) -> dict[str, Floats]:
    """Return each customer's past mean, median and median over the due weekday, each of shape `(n,)`.

    Without history on the weekday the customer's median stands, without any everyone's.
    """
    mine = book.is_invoice & (book.owner >= 0)
    owner, settled, late = book.owner[mine], book.settled[mine], {"late": book.days_late[mine]}
    asked, whose = book.issued[document], book.owner[document]
    seven = owner * 7 + weekday(book.due[mine]), whose * 7 + weekday(book.due[document])
    everyone = _past(Stream.of(np.zeros_like(owner), settled, late), np.zeros_like(whose), asked)
    own = _past(Stream.of(owner, settled, late), whose, asked)
    same_weekday = _past(Stream.of(seven[0], settled, late), seven[1], asked)
    # Everyone's median is of every invoice before the day: only computed where the customer has no past.
    general = [
        float(np.median(past)) if len(past) and not len(mine) else 0.0
        for past, mine in zip(everyone, own, strict=True)
    ]
    rows = list(zip(own, same_weekday, general, strict=True))
    return {
        "past mean": np.array([float(np.mean(mine)) if len(mine) else other for mine, _, other in rows]),
        "past median": np.array([float(np.median(mine)) if len(mine) else other for mine, _, other in rows]),
        "past median of the due weekday": np.array(
            [float(np.median(due if len(due) else mine)) if len(mine) else other for mine, due, other in rows]
        ),
    }


def plain_lightgbm(
    train: pd.DataFrame, label: Floats, asked: pd.DataFrame, columns: Sequence[str], **parameters: float
) -> Floats:
    """Fit LightGBM on some columns and return probabilities, shape `(n,)`.

    Parameters
    ----------
    parameters
        What is not LightGBM's default.
    """
    model = load_lightgbm().LGBMClassifier(verbose=-1, random_state=7, n_jobs=2, **parameters)
    model.fit(train[list(columns)], label)
    probability: Floats = model.predict_proba(asked[list(columns)])[:, 1]
    return probability


def markdown(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Lay a table out as Markdown, figures with three decimals.

    Examples
    --------
    >>> print(markdown(["who", "AUC"], [["ours", 0.9]]))
    | who | AUC |
    |---|---|
    | ours | 0.900 |
    """
    lines = [list(header), *([_cell(value) for value in row] for row in rows)]
    told = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([told[0], "|" + "---|" * len(header), *told[1:]])


def mean_and_spread(values: Sequence[float]) -> str:
    """Return the mean and the standard deviation of figures over the cuts.

    Examples
    --------
    >>> mean_and_spread([0.5, 0.7])
    '0.600 ± 0.100'
    """
    return f"{np.mean(values):.3f} ± {np.std(values):.3f}"


def _past(stream: Stream, owner: Ints, day: Ints) -> list[Ints]:
    values, bounds = stream.values["late"], zip(stream.start(owner), stream.upto(owner, day), strict=True)
    return [values[start:stop] for start, stop in bounds]


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
