"""What a rule of a ledger may say: its vocabulary, and nothing else.

The rules themselves are plain data in `suites/`, one file a table, which `loading` reads; `checks` runs them.
An error makes every figure computed from the table doubtful; a warning is worth a look. What one row must
hold to get in at all is the sources' business.
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
"""Rules of the whole table, on a figure of `pipelines.validation.comparison`."""


@dataclass(frozen=True, slots=True)
class TableRule:
    """One thing that holds of a table.

    Parameters
    ----------
    name, name_fr
        A sentence that is true when the rule holds, in English and in French.
    what
        How it is checked. `none` wants a derived column of `pipelines.validation.derived` to be all empty: it
        holds the values at fault. `in_order` wants the first of two dates never after the second.
    columns
        The columns it looks at; none where the whole table is measured.
    low, high
        Bounds of `between` and of a measure (both in) and of `above` (`low` out).
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
