"""Payment history of a customer: days late over windows and last invoices, and relative to its own past.

Windows count settled invoices by settlement day. Shares "gone past" count every invoice whose lateness was
decided by the day, paid or not, so that unpaid invoices of bad payers count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features.running import NEVER, Stream, quantiles, ratio
from models.features.table import Feature
from models.published.paydex import PAYDEX_MIN_INVOICES, paydex

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.arrays import Floats, Ints
    from models.features.book import Book
    from models.features.subjects import Subjects

WINDOWS: dict[str, tuple[int, str, str]] = {
    "all": (NEVER, "depuis le début", "since the start"),
    "365d": (365, "sur 12 mois", "over 12 months"),
    "90d": (90, "sur 90 jours", "over 90 days"),
    "30d": (30, "sur 30 jours", "over 30 days"),
}
LASTS: dict[str, tuple[int, str, str]] = {
    "last10": (10, "sur les 10 dernières factures", "over the last 10 invoices"),
    "last3": (3, "sur les 3 dernières factures", "over the last 3 invoices"),
}
SHARES = (0, 15, 30, 60)
PAST = (0, 15, 30)
PAST_WINDOWS = ("all", "365d", "90d")


def _window_features(window: str, when_fr: str, when_en: str) -> list[Feature]:
    def feature(
        name: str, unit: str, low: float, high: float, sign: int, group: str, fr: str, en: str, without: float
    ) -> Feature:
        return Feature(
            f"{name}_{window}", unit, low, high, sign, "payment_history", group,
            f"{fr} {when_fr}", f"{en} {when_en}", without,
        )  # fmt: skip

    nan, inf = np.nan, np.inf
    return [
        Feature(f"n_paid_{window}", "count", 0, inf, 0, "payment_history", "history_length",
                f"factures payées {when_fr.removesuffix(' factures')}",
                f"invoices paid {when_en.removesuffix(' invoices')}", 0.0),
        feature("days_late_mean", "days", -inf, inf, 0, "lateness", "retard moyen", "mean days late", nan),
        feature("days_late_by_amount", "days", -inf, inf, 1, "lateness",
                "retard moyen pondéré par les montants", "amount-weighted days late", nan),
        feature("days_late_spread", "days", 0, inf, 0, "regularity",
                "dispersion des retards", "spread of days late", nan),
        *(
            feature(f"late{days}_share", "share", 0, 1, 1, "lateness",
                    f"part des factures payées {_late_fr(days)}",
                    f"share of invoices paid {_late_en(days)}", nan)
            for days in SHARES
        ),
    ]  # fmt: skip


def _late_fr(days: int) -> str:
    return f"avec plus de {days} jours de retard" if days else "en retard"


def _late_en(days: int) -> str:
    return f"more than {days} days late" if days else "late"


def _past_fr(days: int) -> str:
    return f"qui ont dépassé {days} jours de retard" if days else "qui ont dépassé l'échéance"


def _past_en(days: int) -> str:
    return f"that went more than {days} days past due" if days else "that went past due"


def _past_features() -> list[Feature]:
    return [
        Feature(
            f"past{days}_share_{window}", "share", 0, 1, 1, "payment_history", "lateness",
            f"part des factures {_past_fr(days)} {WINDOWS[window][1]}",
            f"share of invoices {_past_en(days)} {WINDOWS[window][2]}",
        )
        for window in PAST_WINDOWS
        for days in PAST
    ]  # fmt: skip


_OWN_PAST = [
    Feature("days_late_median_last10", "days", -np.inf, np.inf, 1, "payment_history", "lateness",
            "retard médian sur les 10 dernières factures", "median days late over the last 10 invoices"),
    Feature("days_late_p90_last10", "days", -np.inf, np.inf, 1, "payment_history", "lateness",
            "retard dépassé une fois sur dix, sur les 10 dernières factures",
            "delay exceeded one time in ten, over the last 10 invoices"),
    Feature("days_late_trend", "days", -np.inf, np.inf, 1, "payment_history", "trend",
            "retard moyen sur 90 jours, moins celui sur 12 mois",
            "mean days late over 90 days, less those over 12 months"),
    Feature("days_late_surprise", "ratio", -np.inf, np.inf, 1, "payment_history", "trend",
            "retard récent rapporté à ses écarts habituels",
            "recent lateness against its usual variation"),
    Feature("days_since_last_payment", "days", 0, np.inf, 0, "payment_history", "regularity",
            "temps écoulé depuis le dernier règlement", "time since the last payment"),
    Feature("days_since_first_invoice", "days", 0, np.inf, -1, "payment_history", "history_length",
            "ancienneté de la relation", "length of the relationship", 0.0),
    Feature("paydex_365d", "index", 20, 100, -1, "payment_history", "lateness",
            "indice de paiement sur 12 mois", "payment index over 12 months"),
]  # fmt: skip

FEATURES: list[Feature] = [
    *(
        feature
        for window, (_, fr, en) in {**WINDOWS, **LASTS}.items()
        for feature in _window_features(window, fr, en)
    ),
    *_past_features(),
    *_OWN_PAST,
]

_PAYDEX_UNIT = 100
_PAYDEX_DAYS = np.arange(-30, 121)


@dataclass(frozen=True, slots=True)
class PaymentHistory:
    """Streams that payment features are read from."""

    settled: Stream
    issued: Stream
    passed: dict[int, Stream]

    @classmethod
    def of(cls, book: Book, issued: Stream) -> PaymentHistory:
        """Sort the book's settlements and overdue events into streams, with its issues."""
        mine = book.is_invoice
        owner, late, amount = book.owner[mine], book.days_late[mine], book.amount[mine]
        table = np.array([round(paydex(float(d)) * _PAYDEX_UNIT) for d in _PAYDEX_DAYS], dtype=np.int64)
        index = table[np.clip(late, _PAYDEX_DAYS[0], _PAYDEX_DAYS[-1]) - _PAYDEX_DAYS[0]]
        values = {
            "late": late,
            "late2": late * late,
            "amount": amount,
            "late_amount": late * amount,
            "paydex_amount": index * amount,
            **{f"over{days}": late > days for days in SHARES},
        }
        settled = book.settled[mine]
        passed = {}
        for days in PAST:
            day = book.passes(days)[mine]
            passed[days] = Stream.of(owner, day, {"gone": settled >= day})
        return cls(Stream.of(owner, settled, values), issued, passed)

    def columns(self, subjects: Subjects) -> dict[str, Floats]:
        """Compute the family's features, each of shape `(n_subjects,)`."""
        stream = self.settled
        stop, start = stream.upto(subjects.owner, subjects.day), stream.start(subjects.owner)
        columns: dict[str, Floats] = {}
        for window, (days, _, _) in WINDOWS.items():
            begin = start if days == NEVER else stream.upto(subjects.owner, subjects.day - days)
            columns |= self._window(window, begin, stop)
            if window == "365d":
                weighed = ratio(
                    stream.total("paydex_amount", begin, stop), stream.total("amount", begin, stop)
                )
                columns["paydex_365d"] = np.where(
                    stop - begin >= PAYDEX_MIN_INVOICES, weighed / _PAYDEX_UNIT, np.nan
                )
        for window, (count, _, _) in LASTS.items():
            columns |= self._window(window, np.maximum(stop - count, start), stop)
        columns |= self._past(subjects)
        last10 = stream.last("late", start, stop, 10)
        columns["days_late_median_last10"], columns["days_late_p90_last10"] = quantiles(last10, 0.5, 0.9)
        columns["days_late_trend"] = columns["days_late_mean_90d"] - columns["days_late_mean_365d"]
        spread = np.maximum(columns["days_late_spread_all"], 1.0)
        columns["days_late_surprise"] = (
            columns["days_late_mean_last3"] - columns["days_late_mean_all"]
        ) / spread
        columns["days_since_last_payment"] = subjects.day - stream.day_before(start, stop)
        issues, first = self.issued.upto(subjects.owner, subjects.day), self.issued.start(subjects.owner)
        since = subjects.day - self.issued.first_day(first, issues)
        columns["days_since_first_invoice"] = np.nan_to_num(since, nan=0.0)
        return columns

    def _window(self, window: str, begin: Ints, stop: Ints) -> dict[str, Floats]:
        stream = self.settled
        count = (stop - begin).astype(np.float64)
        some: NDArray[np.float64] = np.where(count > 0, count, np.nan)
        mean = stream.total("late", begin, stop) / some
        weighed = ratio(stream.total("late_amount", begin, stop), stream.total("amount", begin, stop))
        variance = stream.total("late2", begin, stop) / some - mean * mean
        columns = {
            f"n_paid_{window}": count,
            f"days_late_mean_{window}": mean,
            f"days_late_by_amount_{window}": weighed,
            f"days_late_spread_{window}": np.sqrt(np.maximum(variance, 0.0)),
        }
        for days in SHARES:
            columns[f"late{days}_share_{window}"] = stream.total(f"over{days}", begin, stop) / some
        return columns

    def _past(self, subjects: Subjects) -> dict[str, Floats]:
        columns = {}
        for days, stream in self.passed.items():
            stop, start = stream.upto(subjects.owner, subjects.day), stream.start(subjects.owner)
            for window in PAST_WINDOWS:
                width = WINDOWS[window][0]
                begin = start if width == NEVER else stream.upto(subjects.owner, subjects.day - width)
                gone = stream.total("gone", begin, stop)
                columns[f"past{days}_share_{window}"] = ratio(gone, stop - begin)
        return columns
