"""Rows to compute features for: customer, as-of day and, optionally, invoice.

The same structure serves training rows, the nightly portfolio and single requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from models.arrays import Ints
    from models.features.book import Book


@dataclass(frozen=True, slots=True)
class Subjects:
    """Rows to compute features for.

    Parameters
    ----------
    owner
        Customer codes of the book, shape `(n,)`.
    day
        As-of day, at its end, in days since 1970-01-01, shape `(n,)`.
    document
        The queried document, -1 for a customer as such or for an invoice that does not exist yet, shape
        `(n,)`. Its own open amount is excluded from the customer's exposure.
    """

    owner: Ints
    day: Ints
    document: Ints

    @classmethod
    def customers(cls, owner: Ints, day: Ints) -> Subjects:
        """Build rows for customers as such."""
        return cls(owner, day, np.full(len(owner), -1, dtype=np.int64))

    @classmethod
    def documents(cls, book: Book, document: Ints, day: Ints) -> Subjects:
        """Build rows for documents of the book."""
        return cls(book.owner[document], day, document)

    def __len__(self) -> int:
        return len(self.owner)
