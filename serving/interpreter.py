"""How the interpreter is set while it serves, and how it was before.

Owns two settings. What was loaded at the start lives until the end: the garbage collector need not walk
through it again and again. And the audit log's thread works in short steps between which it gives the
interpreter's lock away: it should get it back soon.
"""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SWITCH_S = 0.0005
"""After so long a thread that waits for the interpreter's lock gets it."""
THRESHOLDS = (10_000, 20, 50)
"""How many new objects, and collections of the younger ones, make the collector look at each generation."""


@contextmanager
def set_for_serving() -> Iterator[None]:
    """Set the interpreter for serving, and back when it is left; what was frozen before stays so."""
    switch_s, thresholds, is_frozen = sys.getswitchinterval(), gc.get_threshold(), gc.get_freeze_count() > 0
    sys.setswitchinterval(SWITCH_S)
    gc.collect()
    if not is_frozen:
        gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    try:
        yield
    finally:
        sys.setswitchinterval(switch_s)
        gc.set_threshold(*thresholds)
        if not is_frozen:
            gc.unfreeze()
