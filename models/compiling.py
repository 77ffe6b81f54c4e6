"""Compiles inner loops with numba, and keeps the result on disk wherever that is possible.

numba is imported here at the top and costs half a second: import this module, and modules whose loops it
compiles, inside functions only. The result is kept in `__pycache__` beside the code, else in the user's cache
folder; `NUMBA_CACHE_DIR` names another. Loops run in the thread that calls them, free of the interpreter's
lock, so that several threads may run them side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numba

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_Loops = TypeVar("_Loops", bound="Callable[..., Any]")

CORES: int = numba.config.NUMBA_NUM_THREADS
"""The cores this process may use, or what the environment variable `NUMBA_NUM_THREADS` says."""


def compiled(function: _Loops) -> _Loops:
    """Compile a function at its first call; where no folder can keep the result, anew in each process."""
    try:
        done: _Loops = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # how numba says that it can write to none of its folders
        done = numba.njit(nogil=True)(function)
    return done
