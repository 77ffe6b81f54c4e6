"""Movement of provisions between two closings, claim by claim, in whole cents.

Owns what raised or lowered each provision, so that opening, additions, reversals and closing tie out for each
invoice, each customer and in all.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

from models.errors import CreditError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from models.portfolio.provisions import ProvisionLine

Standard = Literal["ifrs", "french"]
"""By IFRS 9's matrix, or by French accounts."""
STANDARDS: tuple[Standard, ...] = ("ifrs", "french")


@dataclass(frozen=True, slots=True)
class Movement:
    """What moved a provision, in whole cents: opening + added - used - unused = closing.

    Parameters
    ----------
    used_cents
        Reversed because the claim was lost.
    unused_cents
        Reversed because it was paid, or is worth more than was thought.
    written_off_cents
        Amounts excl. VAT that became certain losses since; not part of the equation.
    """

    opening_cents: int = 0
    added_cents: int = 0
    used_cents: int = 0
    unused_cents: int = 0
    closing_cents: int = 0
    written_off_cents: int = 0

    def __add__(self, other: Movement) -> Movement:
        """Add the movements of disjoint claims."""
        pairs = ((getattr(self, one.name), getattr(other, one.name)) for one in fields(self))
        return Movement(*(left + right for left, right in pairs))

    def document(self) -> dict[str, Any]:
        """Return the movement in euros."""
        return {name.replace("_cents", "_eur"): cents / 100 for name, cents in asdict(self).items()}


NO_MOVEMENT = Movement()


@dataclass(frozen=True, slots=True)
class ClaimMovement:
    """Movement of one invoice's provision; `before` or `after` is None where that closing lacks it."""

    before: ProvisionLine | None
    after: ProvisionLine | None
    moved: Movement

    @property
    def line(self) -> ProvisionLine:
        """The newest of its lines."""
        found = self.after or self.before
        if found is None:
            raise CreditError("a movement belongs to a closing at least")
        return found


def movement(
    before: Sequence[ProvisionLine], after: Sequence[ProvisionLine], standard: Standard
) -> list[ClaimMovement]:
    """Return the movement of each invoice of either closing, by customer and invoice.

    A claim that is gone from the later closing was paid; one that was written off stays in it, as lost.
    """
    provision = _provision(standard)
    earlier = {line.invoice_id: line for line in before}
    later = {line.invoice_id: line for line in after}
    found = [
        ClaimMovement(*pair, _moved(*pair, provision))
        for name in earlier.keys() | later.keys()
        if (pair := (earlier.get(name), later.get(name)))
    ]
    return sorted(found, key=lambda one: (one.line.customer_id, one.line.invoice_id))


def total(movements: Iterable[ClaimMovement]) -> Movement:
    """Add up movements."""
    return sum((one.moved for one in movements), NO_MOVEMENT)


def by_customer(movements: Iterable[ClaimMovement]) -> dict[str, Movement]:
    """Add up movements by customer, in their order."""
    found: dict[str, Movement] = {}
    for one in movements:
        who = one.line.customer_id
        found[who] = found.get(who, NO_MOVEMENT) + one.moved
    return found


def _provision(standard: Standard) -> Callable[[ProvisionLine], int]:
    if standard == "ifrs":
        return lambda line: line.matrix_cents
    return lambda line: line.french_cents


def _moved(
    before: ProvisionLine | None, after: ProvisionLine | None, provision: Callable[[ProvisionLine], int]
) -> Movement:
    opening = provision(before) if before else 0
    closing = provision(after) if after else 0
    is_lost = after is not None and after.is_lost
    is_new_loss = after is not None and is_lost and not (before is not None and before.is_lost)
    fallen = max(opening - closing, 0)
    return Movement(
        opening,
        max(closing - opening, 0),
        fallen if is_lost else 0,
        0 if is_lost else fallen,
        closing,
        after.excl_vat_cents if after is not None and is_new_loss else 0,
    )
