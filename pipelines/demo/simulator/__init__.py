"""The demo portfolio: a simulated French B2B seller's ledger, with its hidden truth.

Provides a portfolio without anybody's data. `simulate` draws it, `write_demo` writes it.
"""

from pipelines.demo.simulator.simulation import simulate, write_demo
from pipelines.demo.simulator.truth import Truth

__all__ = ["Truth", "simulate", "write_demo"]
