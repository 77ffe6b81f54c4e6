"""A made-up portfolio as registers and an insurer publish it, in their own shapes, for the demo and tests.

Nothing of it is of anybody: names come of the simulation, and companies beside the portfolio have numbers in
a range that is not given out. `write_extracts` is the way in.
"""

from pipelines.sources.registers.generating.extracts import Extracts, write_extracts

__all__ = ["Extracts", "write_extracts"]
