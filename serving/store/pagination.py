"""Pagination of lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Row]):
    """A page of a list: `total` counts all matches, `items` starts at `offset`."""

    items: tuple[Row, ...]
    total: int
    limit: int
    offset: int

    @property
    def next_offset(self) -> int | None:
        """Return the offset of the next page, None after the last one."""
        end = self.offset + len(self.items)
        return end if self.items and end < self.total else None
