"""What is asked: which customer, as of which day, and about which invoice.

One shape serves a million training rows, the nightly portfolio and a single request.
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
        As of the end of which day, in days since 1970-01-01, shape `(n,)`.
    document
        The document asked about, -1 where the question is about the customer or about an invoice that does
        not exist yet, shape `(n,)`. What a customer owes on the document itself is kept out of its exposure.
    """

    owner: Ints
    day: Ints
    document: Ints

    @classmethod
    def customers(cls, owner: Ints, day: Ints) -> Subjects:
        """Ask about customers as such."""
        return cls(owner, day, np.full(len(owner), -1, dtype=np.int64))

    @classmethod
    def documents(cls, book: Book, document: Ints, day: Ints) -> Subjects:
        """Ask about documents of the book."""
        return cls(book.owner[document], day, document)

    def __len__(self) -> int:
        return len(self.owner)
