"""Where two answers differ: every path whose values are not exactly the same.

Owns the comparison of JSON values; what a difference comes from is `serving.usecases.replay`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MISSING = "(absent)"
"""Stands for a value that one of both answers does not have."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not the same: where it stands, what it was and what it is.

    Parameters
    ----------
    path
        Names and places from the top, such as `limit.terms.3.value_eur`.
    cause
        What it comes from, where that is known.
    """

    path: str
    then: Any
    now: Any
    cause: str = ""

    def document(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {"path": self.path, "then": self.then, "now": self.now, "cause": self.cause}


def differences(then: Any, now: Any, cause: str = "", path: str = "") -> tuple[Difference, ...]:  # noqa: ANN401  # JSON values of any kind
    """Return where two JSON values differ, in the order of the first; figures are compared to the last digit.

    A whole number and a float of the same value are the same; true and 1 are not.

    Examples
    --------
    >>> differences({"a": [1, 2], "b": 0.1}, {"a": [1, 3], "b": 0.1}, "model")
    (Difference(path='a.1', then=2, now=3, cause='model'),)
    """
    if isinstance(then, dict) and isinstance(now, dict):
        names = [*then, *(name for name in now if name not in then)]
        pairs = [(name, then.get(name, MISSING), now.get(name, MISSING)) for name in names]
    elif isinstance(then, list) and isinstance(now, list):
        longest = range(max(len(then), len(now)))
        pairs = [(str(place), _at(then, place), _at(now, place)) for place in longest]
    elif _same(then, now):
        return ()
    else:
        return (Difference(path, then, now, cause),)
    below = (differences(one, other, cause, f"{path}.{name}" if path else name) for name, one, other in pairs)
    return tuple(found for some in below for found in some)


def _at(values: list[Any], place: int) -> Any:  # noqa: ANN401  # a JSON value of any kind
    return values[place] if place < len(values) else MISSING


def _same(then: Any, now: Any) -> bool:  # noqa: ANN401  # JSON values of any kind
    return isinstance(then, bool) == isinstance(now, bool) and bool(then == now)
