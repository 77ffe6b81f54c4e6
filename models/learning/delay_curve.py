"""Distribution of days late per invoice: the probability of each delay, with P10, P50 and P90.

At a few delays, the anchors, the margin is a sum: the customer's own curve, the portfolio's level, and
trees with the delay as one more column. Between anchors the own curve keeps its shape, and the sum's
correction is interpolated. Trees are monotone in the delay, so that the whole is monotone; rounding
differences are removed. Delays already passed have probability 1.

Owns how the curve is assembled and read. The own curve is computed in `models.features.curves`, and the
sum is fitted in `pipelines.training.late_components`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from models.errors import ModelError
from models.explain.treeshap.explainer import LazyMargins
from models.features.curves import ANCHORS, BOUNDS, CURVE, columns_at, curve_name
from models.learning.additive import AdditiveModel, Boosted, Line, columns_read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lightgbm import Booster

    from models.arrays import Floats, Ints
    from models.learning.calibration import Calibration
    from models.learning.named_columns import NamedColumns

ASKED = "days_asked"
"""The trees' column with the delay to predict."""
ANY = "DAYS"
HABIT, TREES = "habit", "trees"
"""Model components: the customer's own past, and trees trained on the ledger."""
LEVELS = (0.1, 0.5, 0.9)
REPORTED = (0, 5, 15, 30, 60)
"""The delays whose probabilities an assessment reports."""
MEDIAN_SHRINKAGE = 0.7
"""Shrinkage of the median towards that of the customer's similar invoices; better than either alone."""


@dataclass(frozen=True, slots=True)
class DelayCurve:
    """Components of the curve, for any delay.

    Parameters
    ----------
    habit_weight
        Weight of the customer's own curve.
    levels
        Added at each of `ANCHORS`, in log-odds: the portfolio's base rate, as far as trees start from it.
    booster, columns, tree_weight
        Trees, the columns they read (names of anchors' columns with `DAYS` for the delay, and `days_asked`),
        and their weight; None and empty where the model has no trees.
    read_at
        Levels at which P10, P50 and P90 are read, chosen so that they have their nominal coverage.
    """

    habit_weight: float
    levels: tuple[float, ...]
    booster: Booster | None = None
    columns: tuple[str, ...] = ()
    tree_weight: float = 0.0
    read_at: tuple[float, float, float] = LEVELS
    _trees: tuple[Boosted, ...] = field(init=False, compare=False, repr=False)
    _names: tuple[str, ...] = field(init=False, compare=False, repr=False)
    _places: Ints = field(init=False, compare=False, repr=False)
    _margins: LazyMargins | None = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        made = {days: self._trees_at(days) for days in ANCHORS} if self.booster is not None else {}
        names = tuple(dict.fromkeys(name for one in made.values() for name in one.columns if name != ASKED))
        place = {name: at for at, name in enumerate(names)}
        places = [
            [len(names) + at if name == ASKED else place[name] for name in one.columns]
            for at, one in enumerate(made.values())
        ]
        object.__setattr__(self, "_trees", tuple(made.values()))
        object.__setattr__(self, "_names", names)
        object.__setattr__(self, "_places", np.array(places, dtype=np.int64))
        object.__setattr__(self, "_margins", None if self.booster is None else LazyMargins(self.booster))

    def at(self, days: int) -> AdditiveModel:
        """Return the model for being more than `days` days late.

        Raises
        ------
        ModelError
            The delay is not one of `ANCHORS`.
        """
        require_anchor(days)
        place = ANCHORS.index(days)
        simple = (Line(HABIT, curve_name(days), self.habit_weight),)
        trees = self._trees[place : place + 1]
        return AdditiveModel(self.levels[place], columns_read(simple, trees), simple, trees)

    @property
    def read(self) -> tuple[str, ...]:
        """All columns that the curve reads."""
        trees = [name for one in self._trees for name in one.read]
        return tuple(dict.fromkeys([*trees, *CURVE, "days_past_due", "invoice_age_days", "alike_median"]))

    def chances(self, columns: NamedColumns, calibration: Calibration, paid: Floats, days: int) -> Floats:
        """Return the probability of a payment later than each of `BOUNDS`, shape `(n, n_bounds)`.

        Parameters
        ----------
        columns
            `read`, by name.
        paid
            Number of paid invoices of each row's customer, shape `(n,)`.
        days
            The delay that the calibration was fitted at: it applies fully from there on, and fades linearly
            to nothing at the due date.
        """
        own = columns.table(CURVE)
        added = np.interp(BOUNDS, ANCHORS, self.levels)[None] + (self.habit_weight - 1.0) * own
        if self._margins is not None:
            margins = self._margins.get()
            tables = self._tables(columns)
            n, n_anchors, n_columns = tables.shape
            raised = margins.margin(tables.reshape(n * n_anchors, n_columns)).reshape(n, n_anchors)
            added = added + self.tree_weight * _interpolated(raised)
        margin = own + added
        share = np.clip(BOUNDS / max(days, 1), 0.0, 1.0)
        calibrated = calibration.score(margin, np.repeat(paid[:, None], len(BOUNDS), axis=1))
        chances = 1.0 / (1.0 + np.exp(-((1 - share) * margin + share * calibrated)))
        past = columns["days_past_due"] - (columns["invoice_age_days"] <= 0)
        passed = BOUNDS[None] <= past[:, None]
        return _falling(np.where(passed, 1.0, chances), _PLACE[days])

    def quantiles(self, columns: NamedColumns, chances: Floats) -> Floats:
        """Return P10, P50 and P90 of days late, whole days, sorted, shape `(n, 3)`.

        Parameters
        ----------
        columns
            `read`, by name.
        chances
            Result of `chances` for the same columns.
        """
        low, middle, high = self.read_off(chances)
        like, past = columns["alike_median"], columns["days_past_due"]
        new = columns["invoice_age_days"] <= 0
        drawn = np.where(
            np.isnan(like) | ~new, middle, (1 - MEDIAN_SHRINKAGE) * middle + MEDIAN_SHRINKAGE * like
        )
        middle = np.maximum(np.rint(drawn), past) + 0.0
        return np.stack((np.clip(low, past, middle), middle, np.maximum(high, middle)), axis=1)

    def read_off(self, chances: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the whole days at the levels `read_at`, each of shape `(n,)`."""
        low, middle, high = (_read_off(chances, share) for share in self.read_at)
        return low, middle, high

    def with_read_at(self, read_at: Sequence[float]) -> Self:
        """Return the curve read at other levels."""
        low, middle, high = read_at
        return replace(self, read_at=(float(low), float(middle), float(high)))

    def document(self) -> dict[str, Any]:
        """Return everything but the trees as JSON values."""
        return {
            "anchors": list(ANCHORS),
            "habit_weight": self.habit_weight,
            "levels": list(self.levels),
            "columns": list(self.columns),
            "tree_weight": self.tree_weight,
            "read_at": list(self.read_at),
        }

    @classmethod
    def of_document(cls, document: Mapping[str, Any], booster: Booster | None) -> Self:
        """Build a curve from its JSON values; `ValueError` where it was fitted at other anchors."""
        if tuple(document["anchors"]) != ANCHORS:
            raise ValueError(f"the curve has anchors {document['anchors']}; {list(ANCHORS)} are read here")
        low, middle, high = map(float, document["read_at"])
        return cls(
            float(document["habit_weight"]),
            tuple(map(float, document["levels"])),
            booster,
            tuple(document["columns"]),
            float(document["tree_weight"]),
            (low, middle, high),
        )

    def _trees_at(self, days: int) -> Boosted:
        names = tuple(name.replace(ANY, str(days)) for name in self.columns)
        if self.booster is None:
            raise ValueError("a curve without trees has no component of trees")
        return Boosted(TREES, self.booster, names, self.tree_weight, {ASKED: float(days)})

    def _tables(self, columns: NamedColumns) -> Floats:
        """Return the trees' inputs at each anchor, shape `(n, n_anchors, n_columns)`.

        Each column is taken once, however many anchors read it, followed by the delays.
        """
        known = columns.table(self._names)
        asked = np.broadcast_to(np.array(ANCHORS, np.float64), (len(known), len(ANCHORS)))
        tables: Floats = np.concatenate((known, asked), axis=1)[:, self._places]
        return tables


def habit_curve() -> DelayCurve:
    """Return the curve of the customer's own past alone, which needs no training."""
    return DelayCurve(1.0, (0.0,) * len(ANCHORS))


def require_anchor(days: int) -> None:
    """Raise `ModelError` unless models are trained at a delay."""
    if days not in ANCHORS:
        known = ", ".join(str(anchor) for anchor in ANCHORS if anchor >= 0)
        raise ModelError(f"late payment is learnt at {known} days late; {days} is none of them")


def template(name: str, days: int) -> str:
    """Return an anchor column's name with `DAYS` in place of the delay; other names unchanged."""
    return name.removesuffix(str(days)) + ANY if name in columns_at(days) else name


def _interpolated(raised: Floats) -> Floats:
    """Interpolate values at the anchors over all bounds, linearly by bound index, shape `(n, n_bounds)`."""
    places = np.interp(BOUNDS, ANCHORS, np.arange(len(ANCHORS)))
    below = np.minimum(places.astype(np.int64), len(ANCHORS) - 2)
    share = places - below
    found: Floats = raised[:, below] * (1 - share) + raised[:, below + 1] * share
    return found


def _falling(chances: Floats, place: int) -> Floats:
    """Make probabilities non-increasing in the delay, keeping the one at `place`."""
    before = np.maximum.accumulate(chances[:, place::-1], axis=1)[:, ::-1]
    after = np.minimum.accumulate(chances[:, place:], axis=1)
    return np.concatenate((before, after[:, 1:]), axis=1)


def reported(chances: Floats) -> Floats:
    """Return the probabilities of exceeding each of `REPORTED`, shape `(n, 5)`, from a curve's."""
    return chances[:, [_PLACE[days] for days in REPORTED]]


_PLACE = {int(bound): place for place, bound in enumerate(BOUNDS)}


def _read_off(chances: Floats, share: float) -> Floats:
    """Return the first whole day by which a share is paid, shape `(n,)`; at most 10 % past the last bound."""
    paid = 1.0 - chances
    place = (paid >= share).argmax(axis=1)
    never = ~(paid >= share).any(axis=1)
    before = np.maximum(place - 1, 0)
    rows = np.arange(len(paid))
    low, high = paid[rows, before], paid[rows, place]
    part = np.where(high > low, (share - low) / np.where(high > low, high - low, 1.0), 1.0)
    days = BOUNDS[before] + (BOUNDS[place] - BOUNDS[before]) * np.clip(part, 0.0, 1.0)
    days = np.where(place == 0, float(BOUNDS[0]), days)
    beyond = np.rint(BOUNDS[-1] * 1.1)
    return np.where(never, beyond, np.ceil(days - 1e-9)) + 0.0
