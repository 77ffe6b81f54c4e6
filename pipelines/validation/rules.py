"""Vocabulary of the ledger's rules.

The rules are data in `suites/`, one file per table, which `loading` reads and `checks` runs. An error makes
every figure computed from the table unreliable; a warning is to be reviewed. The sources validate single rows
on import.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]
What = Literal[
    "some_rows",
    "unique",
    "filled",
    "among",
    "between",
    "above",
    "not_equal",
    "pattern",
    "in_order",
    "none",
    "one_value",
    "volume",
    "newest",
    "age",
    "inferred",
    "inferred_rise",
]
MEASURED: tuple[What, ...] = ("volume", "newest", "age", "inferred", "inferred_rise")
"""Rules on a figure of the whole table, of `pipelines.validation.comparison`."""


@dataclass(frozen=True, slots=True)
class TableRule:
    """A condition on a table.

    Parameters
    ----------
    name, name_fr
        A sentence that is true if the rule holds, in English and in French.
    what
        Kind of check. `none` requires a derived column of `pipelines.validation.derived`, which contains
        faulty values, to be all empty. `in_order` requires the first of two dates not to be after the second.
    columns
        The columns checked; none where the whole table is measured.
    low, high
        Bounds of `between` and of a measure (inclusive) and of `above` (`low` exclusive).
    allowed
        Values of `among`, or the values `not_equal` forbids.
    """

    table: str
    name: str
    what: What
    columns: tuple[str, ...] = ()
    level: Level = "error"
    low: float | None = None
    high: float | None = None
    allowed: tuple[str | int, ...] = ()
    pattern: str = ""
    name_fr: str = ""

    def sentence(self, lang: str) -> str:
        """Return the rule in `fr` or `en`."""
        return self.name_fr if lang == "fr" and self.name_fr else self.name
