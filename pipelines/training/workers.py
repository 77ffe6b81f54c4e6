"""Parallel fits: each on one thread, as many at a time as there are cores.

The threads of one LightGBM fit synchronize many times per tree; separate fits never do. The results are the
same.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Fitted = TypeVar("Fitted")
MOST_WORKERS = 4
"""Each holds a copy of its training rows."""


def side_by_side(fits: Sequence[Callable[[], Fitted]]) -> list[Fitted]:
    """Run fits in parallel and return their results in order.

    Examples
    --------
    >>> side_by_side([lambda: 1, lambda: 2])
    [1, 2]
    """
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_WORKERS)) as pool:
        return [begun.result() for begun in [pool.submit(fit) for fit in fits]]
