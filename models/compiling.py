"""Compilation of inner loops with numba, cached on disk where possible.

numba is imported at the top and costs half a second: import this module, and modules whose loops it compiles,
inside functions only. The cache is `__pycache__` next to the code, else the user's cache folder;
`NUMBA_CACHE_DIR` names another. Compiled loops release the GIL and run in the calling thread, so that several
threads may run in parallel.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

_Loops = TypeVar("_Loops", bound="Callable[..., Any]")

_LINEAR_ALGEBRA = "scipy.linalg"


@contextmanager
def _without_linear_algebra() -> Iterator[None]:
    """Hide SciPy's linear algebra, which compiled loops would need for `dot`: a third of numba's start."""
    if _LINEAR_ALGEBRA in sys.modules:
        yield
        return
    sys.modules[_LINEAR_ALGEBRA] = None  # type: ignore[assignment]  # Python's way to make an import fail
    try:
        yield
    finally:
        del sys.modules[_LINEAR_ALGEBRA]


with _without_linear_algebra():
    import numba
    import numba.np.arraymath  # looks for it once, when it is imported

CORES: int = numba.config.NUMBA_NUM_THREADS
"""Number of cores this process may use, or the environment variable `NUMBA_NUM_THREADS`."""


def compiled(function: _Loops) -> _Loops:
    """Compile a function on its first call; without a writable cache folder, once per process."""
    try:
        done: _Loops = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # raised by numba where no cache folder is writable
        done = numba.njit(nogil=True)(function)
    return done
