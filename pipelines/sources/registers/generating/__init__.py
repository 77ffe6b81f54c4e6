"""A simulated portfolio in the file formats of registers and an insurer, for the demo and tests.

All data are fictitious: names come from the simulation, and companies outside the portfolio have numbers in
an unassigned range. The entry point is `write_extracts`.
"""

from pipelines.sources.registers.generating.extracts import Extracts, write_extracts

__all__ = ["Extracts", "write_extracts"]
