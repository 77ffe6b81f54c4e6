"""The invoice asked about: its amount against the customer's usual, its terms, its calendar, its age.

Customers pay in runs, so the weekday and the day of the month of the due date tell much, and so does what
the customer did with its last invoices due on the same weekday. The calendar month is left out on purpose:
under two years of history it is read as a season where there is only a trend.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features.running import Stream, quantiles, ratio
from models.features.table import Feature

if TYPE_CHECKING:
    from models.features.book import Book
    from models.features.running import Floats, Ints

_INF = np.inf


def _invoice(
    name: str, unit: str, low: float, high: float, sign: int, group: str, fr: str, en: str
) -> Feature:
    return Feature(name, unit, low, high, sign, "invoice", group, fr, en)


FEATURES: list[Feature] = [
    _invoice("amount_eur", "eur", 0, _INF, 0, "amount", "montant de la facture", "amount of the invoice"),
    _invoice("amount_to_usual", "ratio", 0, _INF, 0, "amount",
             "montant rapporté à la facture moyenne du client",
             "amount against the customer's mean invoice"),
    _invoice("terms_days", "days", 0, _INF, 0, "terms", "délai accordé", "terms"),
    _invoice("due_weekday", "code", 0, 6, 0, "calendar",
             "jour de la semaine de l'échéance", "due weekday"),
    _invoice("due_day_of_month", "days", 1, 31, 0, "calendar",
             "jour du mois de l'échéance", "due day of month"),
    _invoice("due_to_month_end", "days", 0, 30, 0, "calendar",
             "jours de l'échéance à la fin du mois", "days from due date to month end"),
    _invoice("invoice_age_days", "days", 0, _INF, 0, "invoice_age",
             "âge de la facture", "age of the invoice"),
    _invoice("days_past_due", "days", -_INF, _INF, 0, "invoice_age",
             "jours écoulés depuis l'échéance", "days past due"),
    _invoice("weekday_median", "days", -_INF, _INF, 1, "lateness",
             "retard médian du client pour ce jour d'échéance", "the customer's median for this due weekday"),
    _invoice("weekday_p90", "days", -_INF, _INF, 1, "lateness",
             "9e décile du client pour ce jour d'échéance", "the customer's P90 for this due weekday"),
]  # fmt: skip

WEEKDAYS = range(7)
HABIT = (
    [f"weekday{day}_median" for day in WEEKDAYS] + [f"weekday{day}_p90" for day in WEEKDAYS] + ["usual_eur"]
)
"""What is kept of a customer so that any invoice of its can be described later without its ledger."""

_LAST = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """Invoices asked about, real or not: each array of shape `(n,)`, days since 1970-01-01, euros."""

    issued: Ints
    due: Ints
    amount_eur: Floats


@dataclass(frozen=True, slots=True)
class Habit:
    """Streams of what a customer usually does: settled invoices by due weekday, and issued amounts."""

    by_weekday: Stream
    issued: Stream

    @classmethod
    def of(cls, book: Book, issued: Stream) -> Habit:
        """Sort the book's settled invoices into a stream beside its issues."""
        mine = book.is_invoice
        owner = book.owner[mine] * 7 + weekday(book.due[mine])
        return cls(Stream.of(owner, book.settled[mine], {"late": book.days_late[mine]}), issued)

    def weekday_columns(self, owner: Ints, day: Ints, due_weekday: Ints) -> tuple[Floats, Floats]:
        """Return median and P90 of the last invoices that fell due on a weekday, each of shape `(n,)`."""
        key = owner * 7 + due_weekday
        rows = self.by_weekday.last("late", self.by_weekday.start(key), self.by_weekday.upto(key, day), _LAST)
        median, p90 = quantiles(rows, 0.5, 0.9)
        return median, p90

    def usual_eur(self, owner: Ints, day: Ints) -> Floats:
        """Return the mean amount of a customer's invoices issued by the end of a day, NaN where none."""
        start, stop = self.issued.start(owner), self.issued.upto(owner, day)
        return ratio(self.issued.total("amount", start, stop), stop - start) / 100

    def kept(self, owner: Ints, day: Ints) -> dict[str, Floats]:
        """Compute the columns of `HABIT`, each of shape `(n,)`."""
        columns: dict[str, Floats] = {}
        for one in WEEKDAYS:
            median, p90 = self.weekday_columns(owner, day, np.full_like(owner, one))
            columns[f"weekday{one}_median"], columns[f"weekday{one}_p90"] = median, p90
        columns["usual_eur"] = self.usual_eur(owner, day)
        return {name: columns[name] for name in HABIT}


def describe(asked: Asked, day: Ints, usual_eur: Floats, median: Floats, p90: Floats) -> dict[str, Floats]:
    """Compute the family's features for invoices as of days, each of shape `(n,)`.

    Parameters
    ----------
    usual_eur, median, p90
        The customer's mean invoice, and its median and P90 days late for the due date's weekday.
    """
    dates = asked.due.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    of_month = (dates - month.astype("datetime64[D]")).astype(np.float64)
    length = ((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype(np.float64)
    return {
        "amount_eur": asked.amount_eur,
        "amount_to_usual": ratio(asked.amount_eur, usual_eur),
        "terms_days": (asked.due - asked.issued).astype(np.float64),
        "due_weekday": weekday(asked.due).astype(np.float64),
        "due_day_of_month": of_month + 1,
        "due_to_month_end": length - 1 - of_month,
        "invoice_age_days": np.maximum(day - asked.issued, 0).astype(np.float64),
        "days_past_due": (day - asked.due).astype(np.float64),
        "weekday_median": median,
        "weekday_p90": p90,
    }


def weekday(day: Ints) -> Ints:
    """Return the weekday of day numbers, 0 for Monday (1970-01-01 was a Thursday).

    Examples
    --------
    >>> weekday(np.array([0])).tolist()
    [3]
    """
    return (day + 3) % 7
