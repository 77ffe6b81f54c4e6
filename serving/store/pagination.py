"""A stretch of a list, whatever stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Stretch(Generic[Row]):
    """A stretch of a list: `total` counts all that match, `items` starts at `offset`."""

    items: tuple[Row, ...]
    total: int
    limit: int
    offset: int

    @property
    def next_offset(self) -> int | None:
        """Return where the next stretch starts, None after the last one."""
        end = self.offset + len(self.items)
        return end if self.items and end < self.total else None
