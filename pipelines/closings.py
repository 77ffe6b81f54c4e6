"""Claims and flows of a ledger as of a closing, read part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.portfolio.claims import ClaimBook, claim_book

if TYPE_CHECKING:
    from models.policy.sections.provisions import ProvisionRules
    from pipelines.ledger_parts import LedgerParts
    from pipelines.workers import Workers


def read_claims(parts: LedgerParts, workers: Workers, rules: ProvisionRules) -> ClaimBook:
    """Read the claims of all parts as known at the end of the parts' day.

    Raises
    ------
    LedgerError
        A part cannot be read.
    """
    return ClaimBook.summed(list(workers.run(_read_part, (parts, rules), range(parts.count))))


def _read_part(job: tuple[LedgerParts, ProvisionRules], part: int) -> ClaimBook:
    parts, rules = job
    return claim_book(parts.read(part), parts.as_of, rules)
