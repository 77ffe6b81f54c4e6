"""Reads checked values out of a parsed policy file, collecting every fault before complaining once.

Owns what a value may look like; which keys a policy has is `models.policy.policy`'s.
"""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeVar

from models.errors import PolicyError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Order = Literal["any", "rising", "falling"]
T = TypeVar("T")


class PolicyReader:
    """Hands out the values of a policy file by dotted key, and remembers what was wrong with them.

    A faulty value is answered with a stand-in, so that reading goes on; `finish` then raises.

    Parameters
    ----------
    values
        The parsed file: nested tables.
    source
        What to call the file in a message.
    """

    def __init__(self, values: Mapping[str, object], source: str) -> None:
        self._flat = dict(_flatten(values))
        self._source = source
        self._asked: set[str] = set()
        self._faults: list[str] = []

    def text(self, key: str, choices: Sequence[str] = ()) -> str:
        """Return a non-empty text, one of `choices` where they are given."""
        allowed = f"one of {', '.join(choices)}" if choices else "a text that is not empty"
        value = self._take(key, allowed)
        if isinstance(value, str) and value.strip() and (not choices or value in choices):
            return value
        return self._fault(key, value, allowed, choices[0] if choices else "")

    def number(self, key: str, low: float, high: float = math.inf, *, above_low: bool = False) -> float:
        """Return a finite number from `low` to `high`; `above_low` leaves `low` itself out."""
        return self._number(key, self._take(key, _span(low, high, above_low)), low, high, above_low)

    def whole(self, key: str, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""
        allowed = f"a whole number from {low} to {high}"
        value = self._take(key, allowed)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        return self._fault(key, value, allowed, low)

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self._take(key, "true or false")
        return value if isinstance(value, bool) else self._fault(key, value, "true or false", stand_in=False)

    def numbers(
        self, key: str, names: Sequence[str], low: float, high: float = math.inf, order: Order = "any"
    ) -> Mapping[str, float]:
        """Return one number a name of the table `key`, in the order of `names`, each from `low` to `high`.

        Parameters
        ----------
        order
            Whether the numbers, in the order of `names`, may not fall (`rising`) or not rise (`falling`).
        """
        found = {name: self.number(f"{key}.{name}", low, high) for name in names}
        came = list(found.values())
        if order != "any" and came != sorted(came, reverse=order == "falling"):
            self._faults.append(
                f"{key}: got {came}; allowed are {order} numbers from {names[0]} to {names[-1]}"
            )
        return MappingProxyType(found)

    def texts(self, key: str, names: Sequence[str], choices: Sequence[str]) -> Mapping[str, str]:
        """Return one of `choices` for each name of the table `key`."""
        return MappingProxyType({name: self.text(f"{key}.{name}", choices) for name in names})

    def steps(self, key: str, threshold: str, value: str) -> tuple[tuple[int, float], ...]:
        """Return a list of tables as pairs of a threshold (whole, rising) and an amount (rising, from 0)."""
        allowed = f"a list of tables {{{threshold} = whole number, {value} = amount}}, both rising"
        rows = self._take(key, allowed)
        if not isinstance(rows, list):
            return self._fault(key, rows, allowed, ())
        pairs: list[tuple[int, float]] = []
        for row in rows:
            if not isinstance(row, dict) or set(row) != {threshold, value}:
                return self._fault(key, row, allowed, ())
            if isinstance(row[threshold], bool) or not isinstance(row[threshold], int):
                return self._fault(key, row, allowed, ())
            amount = self._number(f"{key}.{value}", row[value], 0.0, math.inf, above_low=False)
            pairs.append((row[threshold], amount))
        thresholds, amounts = [p[0] for p in pairs], [p[1] for p in pairs]
        if (
            thresholds != sorted(set(thresholds))
            or amounts != sorted(amounts)
            or min(thresholds, default=1) < 1
        ):
            return self._fault(key, rows, allowed, ())
        return tuple(pairs)

    def finish(self) -> None:
        """Raise every fault at once, unknown keys among them.

        Raises
        ------
        PolicyError
            Where there is any fault.
        """
        known = ", ".join(sorted(self._asked))
        unknown = [f"{key}: no such key; allowed are {known}" for key in self._flat if key not in self._asked]
        faults = [*self._faults, *unknown]
        if faults:
            raise PolicyError(f"{self._source}: {len(faults)} to correct: " + "; ".join(faults))

    def _take(self, key: str, allowed: str) -> object:
        self._asked.add(key)
        if key not in self._flat:
            self._faults.append(f"{key}: missing; allowed is {allowed}")
            return None
        return self._flat[key]

    def _number(self, key: str, value: object, low: float, high: float, above_low: bool) -> float:  # noqa: FBT001  # private, passed on
        if isinstance(value, int | float) and not isinstance(value, bool):
            above = value > low if above_low else value >= low
            if math.isfinite(value) and above and value <= high:
                return float(value)
        return self._fault(key, value, _span(low, high, above_low), low)

    def _fault(self, key: str, came: object, allowed: str, stand_in: T) -> T:
        if came is not None:
            self._faults.append(f"{key}: got {came!r}; allowed is {allowed}")
        return stand_in


def _span(low: float, high: float, above_low: bool) -> str:  # noqa: FBT001  # private, passed on
    start = f"above {low:g}" if above_low else f"from {low:g}"
    return f"a number {start}" if high == math.inf else f"a number {start} to {high:g}"


def _flatten(values: Mapping[str, object], prefix: str = "") -> list[tuple[str, object]]:
    flat: list[tuple[str, object]] = []
    for key, value in values.items():
        if isinstance(value, dict):
            flat.extend(_flatten(value, f"{prefix}{key}."))
        else:
            flat.append((prefix + key, value))
    return flat
