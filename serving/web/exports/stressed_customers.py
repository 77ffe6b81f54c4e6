"""The table of customers before and after a stress scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serving.usecases.stress import StressAnswer
    from serving.web.exports.tables import CellValue

COLUMNS = (
    "customer_id",
    "name",
    "sector",
    "failed",
    *(
        f"{figure}_{side}"
        for figure in ("pd_12m", "grade", "limit_eur", "open_eur", "expected_loss_eur", "above_limit_eur")
        for side in ("before", "after")
    ),
)


def stress_rows(found: StressAnswer) -> Iterator[tuple[CellValue, ...]]:
    """Yield every customer before and after, in the order of `COLUMNS`."""
    for one in found.customers:
        before, after = one.before, one.after
        yield (
            one.customer_id,
            one.name,
            one.sector,
            one.failed,
            *(before.pd_12m, after.pd_12m),
            *(before.grade, after.grade),
            *(before.limit_eur, after.limit_eur),
            *(before.open_eur, after.open_eur),
            *(round(before.expected_loss_eur, 2), round(after.expected_loss_eur, 2)),
            *(round(before.above_limit_eur, 2), round(after.above_limit_eur, 2)),
        )
