"""Compilation of inner loops with numba, cached on disk where possible.

numba is imported at the top and costs half a second: import this module, and modules whose loops it compiles,
inside functions only. The cache is `__pycache__` next to the code, else the user's cache folder;
`NUMBA_CACHE_DIR` names another. Compiled loops release the GIL and run in the calling thread, so that several
threads may run in parallel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numba

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_Loops = TypeVar("_Loops", bound="Callable[..., Any]")

CORES: int = numba.config.NUMBA_NUM_THREADS
"""Number of cores this process may use, or the environment variable `NUMBA_NUM_THREADS`."""


def compiled(function: _Loops) -> _Loops:
    """Compile a function on its first call; without a writable cache folder, once per process."""
    try:
        done: _Loops = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # raised by numba where no cache folder is writable
        done = numba.njit(nogil=True)(function)
    return done
