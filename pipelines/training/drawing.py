"""Training rows drawn from a ledger part by part, without loading it as a whole.

Two passes, as a nightly run: each part is surveyed, then each draws its share of the rows and computes their
features with the counts of all parts. The rows depend neither on the parts nor on who computes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.features.build import FeatureBuilder
from models.features.portfolio_counts import PortfolioCounts
from models.features.running import day_number
from models.learning.candidates import limit_of
from models.learning.rows import PartRows, rows_of_parts
from models.ledger.conversion import currencies_of, require_single
from models.ledger.files import fingerprint, joint_fingerprint
from pipelines.workers import ThisProcess

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from models.learning.candidates import Ranks
    from models.learning.rows import RowRequest, TrainingRows
    from pipelines.ledger_parts import LedgerParts
    from pipelines.workers import Workers


@dataclass(frozen=True, slots=True)
class DrawnRows:
    """Rows of each request, and the fingerprint of the ledger as known on the day of its parts."""

    rows: tuple[TrainingRows, ...]
    data_hash: str


@dataclass(frozen=True, slots=True, eq=False)
class _Survey:
    """What the draw needs to know of a part.

    Parameters
    ----------
    ranks
        The smallest ranks of its candidates, for each request.
    """

    data_hash: str
    currencies: tuple[str, ...]
    has_invoices: bool
    ranks: tuple[Ranks, ...]


def draw(parts: LedgerParts, requests: Sequence[RowRequest], workers: Workers | None = None) -> DrawnRows:
    """Draw the rows of requests from a ledger as known at the end of the parts' day.

    Parameters
    ----------
    workers
        This process if None.

    Raises
    ------
    LedgerError
        A part cannot be read, or the ledger has several currencies.
    """
    workers, wanted = ThisProcess() if workers is None else workers, tuple(requests)
    surveys, found = list[_Survey](), list[PortfolioCounts]()
    for survey, counted in workers.run(_surveyed, (parts, wanted), range(parts.count)):
        surveys.append(survey)
        found = [PortfolioCounts.summed([*found, counted])]
    require_single(code for survey in surveys for code in survey.currencies)
    # Without any invoice, customers are asked about from their first statement: `FeatureBuilder.asked_from`.
    with_invoices = any(survey.has_invoices for survey in surveys)
    asked = [part for part, survey in enumerate(surveys) if survey.has_invoices == with_invoices]
    limits = tuple(
        limit_of([surveys[part].ranks[place] for part in asked], request.most)
        for place, request in enumerate(wanted)
    )
    drawn = list(workers.run(_drawn, (parts, wanted, found[0], limits), asked))
    return DrawnRows(
        tuple(rows_of_parts([of_part[place] for of_part in drawn]) for place in range(len(wanted))),
        joint_fingerprint([survey.data_hash for survey in surveys]),
    )


def _surveyed(job: tuple[LedgerParts, tuple[RowRequest, ...]], part: int) -> tuple[_Survey, PortfolioCounts]:
    """Read a part; return its survey and its counts on every day."""
    parts, requests = job
    known = parts.read(part)
    builder = FeatureBuilder.of(known)
    ranks = tuple(request.candidates(builder).smallest(request.most) for request in requests)
    invoices = bool(builder.book.is_invoice.any())
    counts = builder.counts_until(
        day_number(parts.as_of), payments=any(request.reads_invoices for request in requests)
    )
    return _Survey(fingerprint(known), currencies_of(known), invoices, ranks), counts


def _drawn(
    job: tuple[LedgerParts, tuple[RowRequest, ...], PortfolioCounts, tuple[np.uint64, ...]], part: int
) -> list[PartRows]:
    """Read a part again; return its rows of each request."""
    parts, requests, counts, limits = job
    builder = FeatureBuilder.of(parts.read(part)).within(counts)
    return [PartRows.of(request, builder, limit) for request, limit in zip(requests, limits, strict=True)]
