"""Demo portfolios that several test modules read; each is simulated once in a process."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pipelines.demo.simulator import Truth, simulate

if TYPE_CHECKING:
    from models.ledger.ledger import Ledger


@cache
def small() -> tuple[Ledger, Truth]:
    return simulate(400, 24, seed=11)


@cache
def medium() -> tuple[Ledger, Truth]:
    return simulate(4_000, 36, seed=5)
