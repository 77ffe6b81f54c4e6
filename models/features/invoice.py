"""Features of the queried invoice: relative amount, terms, calendar, age.

Customers pay in runs, so the weekday and the day of the month of the due date are informative, as are the
customer's similar invoices (`models.features.similar_invoices`). The calendar month is left out: with under
two years of history it would mistake a trend for a season.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features import curves
from models.features import similar_invoices as alike
from models.features.running import ratio
from models.features.similar_invoices import weekday
from models.features.table import Feature

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.arrays import Floats, Ints
    from models.features.curves import Curves
    from models.features.running import Stream
    from models.features.similar_invoices import SettledInvoices

_INF = np.inf


def _invoice(
    name: str, unit: str, low: float, high: float, sign: int, group: str, fr: str, en: str
) -> Feature:
    return Feature(name, unit, low, high, sign, "invoice", group, fr, en)


FEATURES: list[Feature] = [
    _invoice("amount_eur", "eur", 0, _INF, 0, "amount", "montant de la facture", "amount of the invoice"),
    _invoice("amount_to_usual", "ratio", 0, _INF, 0, "amount",
             "montant rapporté à la facture moyenne de ce client",
             "amount against this customer's mean invoice"),
    _invoice("terms_days", "days", 0, _INF, 0, "terms", "délai de paiement", "payment terms"),
    _invoice("due_weekday", "code", 0, 6, 0, "calendar",
             "jour de la semaine", "weekday"),
    _invoice("due_day_of_month", "days", 1, 31, 0, "calendar",
             "jour du mois", "day of the month"),
    _invoice("due_to_month_end", "days", 0, 30, 0, "calendar",
             "temps jusqu'à la fin du mois", "time to the end of the month"),
    _invoice("invoice_age_days", "days", 0, _INF, 0, "invoice_age",
             "âge de la facture", "age of the invoice"),
    _invoice("days_past_due", "days", -_INF, _INF, 0, "invoice_age",
             "temps écoulé depuis l'échéance", "time past due"),
    *alike.FEATURES,
    *curves.FEATURES,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class InvoiceQueries:
    """Queried invoices, real or hypothetical: arrays of shape `(n,)`, days since 1970-01-01, euros."""

    issued: Ints
    due: Ints
    amount_eur: Floats


@dataclass(frozen=True, slots=True)
class Habit:
    """A customer's habits: its settled invoices, its curves, and a stream of issued amounts."""

    alike: SettledInvoices
    curves: Curves
    issued: Stream

    def usual_eur(self, owner: Ints, day: Ints) -> Floats:
        """Return the mean amount of a customer's invoices issued by the end of a day, NaN where none."""
        start, stop = self.issued.start(owner), self.issued.upto(owner, day)
        return ratio(self.issued.total("amount", start, stop), stop - start) / 100

    def kept(self, owner: Ints, day: Ints) -> dict[str, Floats]:
        """Compute the state columns that invoice features are derived from, each of shape `(n,)`."""
        return {
            **self.alike.kept(owner, day),
            "usual_eur": self.usual_eur(owner, day),
            **self.curves.kept(owner, day),
        }


def describe(
    asked: InvoiceQueries, day: Ints, usual_eur: Floats, like: Mapping[str, Floats]
) -> dict[str, Floats]:
    """Compute the family's features for invoices as of days, each of shape `(n,)`.

    Parameters
    ----------
    usual_eur
        The customer's mean invoice amount.
    like
        `models.features.similar_invoices.COLUMNS` and `models.features.curves.COLUMNS` for the invoices.
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
        **like,
    }
