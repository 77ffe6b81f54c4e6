"""Fits side by side: each on one thread, as many at a time as there are cores.

The threads of one LightGBM fit wait for each other many times a tree; fits of their own never do. What a fit
gives is the same either way.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Fitted = TypeVar("Fitted")
MOST_WORKERS = 4
"""Each holds a copy of the rows that it learns from."""


def side_by_side(fits: Sequence[Callable[[], Fitted]]) -> list[Fitted]:
    """Run fits at the same time and return what each gives, in order.

    Examples
    --------
    >>> side_by_side([lambda: 1, lambda: 2])
    [1, 2]
    """
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_WORKERS)) as pool:
        return [begun.result() for begun in [pool.submit(fit) for fit in fits]]
