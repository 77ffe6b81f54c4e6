"""Outcomes of a customer's peers: late and default rates of its sector and size, as known by the day.

Only outcomes decided by the day count. A small group is shrunk to its sector, and the sector to the
portfolio. The outcomes of disjoint sets of customers add up, so that a part of a portfolio can be scored with
the peers of the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features.running import DAY_BITS, Stream
from models.features.table import Feature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.arrays import Floats, Ints
    from models.features.book import Book

FEATURES: list[Feature] = [
    Feature("peer_late30_rate", "share", 0, 1, 1, "peers", "peers",
            "taux de retard de plus de 30 jours à secteur et taille semblables, sur 12 mois",
            "share of invoices more than 30 days late in the same sector and size, over 12 months"),
    Feature("peer_default_rate", "share", 0, 1, 1, "peers", "peers",
            "taux de défaillance à secteur et taille semblables, sur 12 mois",
            "default rate in the same sector and size, over 12 months"),
]  # fmt: skip

_STAFF_BANDS = np.array([10.0, 50.0, 250.0])
_GROUPS_A_DIVISION = len(_STAFF_BANDS) + 2
_EVERYONE = 100 * _GROUPS_A_DIVISION
GROUPS = _EVERYONE
"""Number of peer groups; their codes run from 0."""
_LEVELS = _EVERYONE + 2 + 100
"""Number of codes of groups, of the portfolio and of sectors."""
_SEEN_DAYS = 30
"""Days after which a customer that was first seen counts among those that may default."""
_PRIOR = 50.0
"""Prior weight of the parent rate, in cases."""


def peer_group(division: Floats, headcount: Floats) -> Ints:
    """Return the group's code: sector division by staff band, each with a band for the unknown.

    Examples
    --------
    >>> peer_group(np.array([43.0, np.nan]), np.array([12.0, np.nan])).tolist()
    [216, 4]
    """
    band = np.where(
        np.isnan(headcount), len(_STAFF_BANDS) + 1, np.searchsorted(_STAFF_BANDS, headcount, "right")
    )
    sector = np.nan_to_num(division, nan=0.0).astype(np.int64)
    return (sector * _GROUPS_A_DIVISION + band).astype(np.int64)


@dataclass(frozen=True, slots=True)
class PeerOutcomes:
    """Outcomes of customers by peer group, by sector and over the portfolio, as streams by level."""

    late: Stream
    entries: Stream
    defaults: Stream

    @classmethod
    def of(cls, book: Book, group: Ints, first_seen: Ints, defaulted: Ints) -> PeerOutcomes:
        """Sort outcomes into streams.

        Parameters
        ----------
        group, first_seen, defaulted
            Each customer's peer group, the day it was first seen and the day it first defaulted (as known
            on that day), shape `(n_customers,)`.
        """
        owned = book.is_invoice & (book.owner >= 0)
        day, owner = book.passes(30)[owned], book.owner[owned]
        bad = (book.settled[owned] >= day).astype(np.int64)
        late = _levels(group[owner], day, {"bad": bad})
        return cls(late, _levels(group, first_seen, {}), _levels(group, defaulted, {}))

    @classmethod
    def summed(cls, parts: Sequence[PeerOutcomes]) -> PeerOutcomes:
        """Add up the outcomes of disjoint sets of customers."""
        return cls(
            _summed([part.late for part in parts]),
            _summed([part.entries for part in parts]),
            _summed([part.defaults for part in parts]),
        )

    def on(self, day: int) -> PeerOutcomes:
        """Return the outcomes that rates as of the end of a day read, at most one event a level each."""
        level = np.arange(_LEVELS, dtype=np.int64)
        late, decided, failed, entered = self._counts(level, np.full(_LEVELS, day, dtype=np.int64))
        return PeerOutcomes(
            _on_one_day(day, {"n": decided, "bad": late}),
            _on_one_day(day - _SEEN_DAYS, {"n": entered}),
            _on_one_day(day, {"n": failed}),
        )

    def rates(self, group: Ints, day: Ints) -> dict[str, Floats]:
        """Compute both rates for peer groups as of days, shape `(n,)`."""
        late_rate, default_rate = np.full(len(group), np.nan), np.full(len(group), np.nan)
        for level in (np.full_like(group, _EVERYONE + 1), _sector(group), group):
            late, decided, failed, entered = self._counts(level, day)
            late_rate = _lean(late, decided, late_rate)
            default_rate = _lean(failed, np.maximum(entered, failed), default_rate)
        return {"peer_late30_rate": late_rate, "peer_default_rate": default_rate}

    def _counts(self, level: Ints, day: Ints) -> tuple[Ints, ...]:
        """Return late and decided invoices, defaults and customers, each of shape `(n,)`."""
        begin, stop = self.late.upto(level, day - 365), self.late.upto(level, day)
        late, decided = self.late.total("bad", begin, stop), self.late.total("n", begin, stop)
        known = self.entries.upto(level, day - _SEEN_DAYS)
        entered = self.entries.total("n", self.entries.start(level), known)
        begin, stop = self.defaults.upto(level, day - 365), self.defaults.upto(level, day)
        return late, decided, self.defaults.total("n", begin, stop), entered


@dataclass(frozen=True, slots=True)
class Peers:
    """Customers with their peers.

    Parameters
    ----------
    group
        Each customer's peer group, shape `(n_customers,)`.
    outcomes
        Outcomes of these customers, or of the whole portfolio that they are a part of.
    """

    group: Ints
    outcomes: PeerOutcomes

    def columns(self, owner: Ints, day: Ints) -> dict[str, Floats]:
        """Compute the family's features, each of shape `(n_subjects,)`."""
        return self.outcomes.rates(self.group[owner], day)


def _sector(group: Ints) -> Ints:
    return _EVERYONE + 2 + group // _GROUPS_A_DIVISION


def _levels(group: Ints, day: Ints, values: dict[str, Ints]) -> Stream:
    """Count cases and sum values by day for groups, sectors and the portfolio."""
    daily = _daily(Stream.of(group, day, {"n": np.ones_like(group), **values}))
    group, day = daily.keys >> DAY_BITS, daily.days()
    owner = np.concatenate((np.full_like(group, _EVERYONE + 1), _sector(group), group))
    totals = {name: np.tile(value, 3) for name, value in daily.values.items()}
    return _daily(Stream.of(owner, np.tile(day, 3), totals))


def _daily(events: Stream) -> Stream:
    """Merge the events of one owner and day."""
    last = np.append(events.keys[1:] != events.keys[:-1], True)[: len(events.keys)]  # an array's value
    sums = {name: np.append(0, running[1:][last]) for name, running in events.sums.items()}
    return Stream(events.keys[last], sums)


def _summed(streams: Sequence[Stream]) -> Stream:
    keys = np.concatenate([one.keys for one in streams])
    values = {name: np.concatenate([one.values[name] for one in streams]) for name in streams[0].sums}
    return _daily(Stream.of(keys >> DAY_BITS, keys & ((1 << DAY_BITS) - 1), values))


def _on_one_day(day: int, values: dict[str, Ints]) -> Stream:
    """Return a stream with one event of each level that has cases."""
    level = np.flatnonzero(values["n"])
    return Stream.of(level, np.full(len(level), day), {name: value[level] for name, value in values.items()})


def _lean(bad: Ints, count: Ints, prior: Floats) -> Floats:
    own = np.where(count > 0, bad / np.maximum(count, 1), np.nan)
    leaning = (bad + _PRIOR * np.nan_to_num(prior, nan=0.0)) / (count + _PRIOR)
    return np.where(np.isnan(prior), own, leaning)
