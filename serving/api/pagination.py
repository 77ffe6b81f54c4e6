"""A stretch of a published list as one document.

Owns the fields of a page of a list other than its rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from serving.store import ListPage, Run

ListRow = TypeVar("ListRow")


def stretch_document(
    run: Run, found: ListPage[ListRow], document: Callable[[ListRow], dict[str, Any]]
) -> dict[str, Any]:
    """Return the rows with the run they are of, how many match in all, and where the next stretch starts."""
    return {
        "as_of": run.key.as_of.isoformat(),
        "run_id": run.run_id,
        "items": [document(row) for row in found.items],
        "total": found.total,
        "limit": found.limit,
        "offset": found.offset,
        "next_offset": found.next_offset,
    }
