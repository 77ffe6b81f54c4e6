"""Find customers whose names are close to what somebody typed: typing errors, and words in any order.

Owns the index of a run's names, which is read once per run and kept in memory: no database does this the
same way as another.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from serving.store import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from serving.store import Store

MOST_FOUND = 50
_WORD = re.compile(r"\w+")
_ONE_ERROR_FROM, _TWO_ERRORS_FROM = 4, 8


@dataclass(frozen=True, slots=True)
class NameIndex:
    """The words of names, each with the customers that have it.

    Examples
    --------
    >>> index = NameIndex.of([("C1", "menuiserie dupont"), ("C2", "boulangerie martin")])
    >>> index.find("Dupotn menuisrie"), index.find("boulangeriemartin"), index.find("lefebvre")
    (('C1',), ('C2',), ())
    """

    customers: Mapping[str, tuple[str, ...]]
    words: tuple[str, ...]

    @classmethod
    def of(cls, names: Iterable[tuple[str, str]]) -> NameIndex:
        """Index names, given as pairs of a customer's id and a name without case and accents."""
        customers: dict[str, list[str]] = {}
        for customer_id, name in names:
            words = _WORD.findall(name)
            for word in {*words, "".join(words)}:
                customers.setdefault(word, []).append(customer_id)
        return cls({word: tuple(found) for word, found in customers.items()}, tuple(customers))

    def find(self, text: str) -> tuple[str, ...]:
        """Return the customers whose names have every word of a text, up to errors, the fewest errors first.

        A word of 4 to 7 letters may have one error, a longer one two; neighbours that are swapped are one.
        Words that begin with a word of the text are found too, and names written in one word.

        Returns
        -------
        tuple of str
            At most `MOST_FOUND`.
        """
        words = _WORD.findall(fold(text))
        if not words or "".join(words).isdecimal():
            return ()
        errors = self._errors(words)
        for customer_id, count in self._errors(["".join(words)]).items():
            errors[customer_id] = min(count, errors.get(customer_id, count))
        return tuple(sorted(errors, key=lambda one: (errors[one], one))[:MOST_FOUND])

    def _errors(self, words: list[str]) -> dict[str, int]:
        """Return the errors of each customer whose name has all words."""
        found = self._errors_of(words[0])
        for word in words[1:]:
            further = self._errors_of(word)
            found = {one: count + further[one] for one, count in found.items() if one in further}
        return found

    def _errors_of(self, word: str) -> dict[str, int]:
        allowed = (len(word) >= _ONE_ERROR_FROM) + (len(word) >= _TWO_ERRORS_FROM)
        close = {near: int(count) for near, count, _ in process.extract(
            word, self.words, scorer=OSA.distance, score_cutoff=allowed, limit=None
        )}  # fmt: skip
        close |= {longer: 0 for longer in self.words if longer.startswith(word)}
        errors: dict[str, int] = {}
        for near, count in sorted(close.items(), key=lambda one: -one[1]):
            errors |= dict.fromkeys(self.customers[near], count)
        return errors


@dataclass(slots=True)
class SimilarNames:
    """Find customers of a run by names that are close to a text; safe in threads.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    """

    store: Callable[[], Store]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _run_id: int | None = None
    _index: NameIndex | None = None

    def __call__(self, run_id: int, text: str) -> tuple[str, ...]:
        """Return customers as `NameIndex.find` does; the names of the last run asked about are kept."""
        if not text.strip():
            return ()
        with self._lock:
            if self._index is None or self._run_id != run_id:
                self._index = NameIndex.of(self.store().customer_names(run_id))
                self._run_id = run_id
            index = self._index
        return index.find(text)
