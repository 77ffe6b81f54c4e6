"""Makes rows by hand for the tests of what judges models."""

from dataclasses import replace

import numpy as np
import pandas as pd

from models.learning.rows import TrainingRows

SNAPSHOT = 20_000
"""A day, in days since 1970."""


def customers_asked(label: list[float], **changes: object) -> TrainingRows:
    """Return rows of default: customers that buy 36,500 EUR a year and want 3,000 EUR of credit."""
    count = len(label)
    columns: dict[str, object] = {
        "invoiced_365d_eur": 36_500.0,
        "days_since_first_invoice": 900.0,
        "open_eur": 0.0,
        "n_paid_all": 100.0,
        **{f"late{days}_share_all": 0.0 for days in (0, 15, 30, 60)},
        "closures": 0.0,
        "proceedings": 0.0,
        "oldest_overdue_days": 0.0,
        "turnover": 10_000_000.0,
        "equity_ratio": 0.4,
        "total_assets": 5_000_000.0,
    }
    return _rows(columns | changes, label, np.arange(count), np.full(count, SNAPSHOT))


def invoices_asked(label: list[float], days_late: list[float], **changes: object) -> TrainingRows:
    """Return rows of late payment: invoices of 36,500 EUR, each of a customer of its own, asked at issue."""
    count = len(label)
    columns: dict[str, object] = {"invoice_age_days": 0.0, "amount_eur": 36_500.0, "n_paid_all": 10.0}
    return _rows(columns | changes, label, np.arange(count), np.full(count, SNAPSHOT), days_late)


def _rows(
    columns: dict[str, object],
    label: list[float],
    owner: np.ndarray,
    day: np.ndarray,
    days_late: list[float] | None = None,
) -> TrainingRows:
    count = len(label)
    return TrainingRows(
        pd.DataFrame(columns, index=range(count)),
        np.array(label),
        owner.astype(np.int64),
        day.astype(np.int64),
        np.full(count, np.nan) if days_late is None else np.array(days_late),
        np.array([f"S{k}" for k in range(count)], dtype=object),
        np.full(count, np.nan),
        np.full(count, np.nan),
    )


def with_later_outcomes(known: TrainingRows, cut: int, seed: int = 0) -> TrainingRows:
    """Return rows whose invoices that were not settled by the cut end otherwise, some of them never."""
    rng = np.random.default_rng(seed)
    so_far = cut - known.due
    after = known.lateness > so_far
    other = np.where(rng.random(len(known)) < 0.3, np.inf, so_far + rng.integers(1, 200, len(known)))
    changed = np.where(after, other, known.lateness)
    assert (changed != known.lateness).sum() > 50
    noise = np.where(after, rng.normal(0, 90, len(known)), known.days_late)
    return replace(known, lateness=changed, days_late=noise)
