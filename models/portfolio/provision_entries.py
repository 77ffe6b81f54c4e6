"""Entries of a closing in French accounts: what the movement of provisions changes in the books.

Owns the accounts and what is posted on them (PCG): a doubtful claim moves from 411 to 416 and back; its
depreciation is 491 against 6817, reversed by 7817; a certain loss is 654 with the VAT to recover on 44571.
Each invoice has one balanced entry, in whole cents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.portfolio.provision_movement import ClaimMovement
    from models.portfolio.provisions import ProvisionLine

CUSTOMERS, DOUBTFUL, DEPRECIATION = "411000", "416000", "491000"
CHARGE, REVERSAL, LOSS, VAT = "681740", "781740", "654000", "445710"
ACCOUNTS = {
    CUSTOMERS: "Clients",
    DOUBTFUL: "Clients douteux ou litigieux",
    DEPRECIATION: "Dépréciations des comptes de clients",
    CHARGE: "Dotations aux dépréciations des créances",
    REVERSAL: "Reprises sur dépréciations des créances",
    LOSS: "Pertes sur créances irrécouvrables",
    VAT: "TVA collectée",
}
_BY_CUSTOMER = (CUSTOMERS, DOUBTFUL, DEPRECIATION)


@dataclass(frozen=True, slots=True)
class JournalLine:
    """A line of an entry; exactly one of both amounts is above 0.

    Parameters
    ----------
    entry
        Number of its entry, from 1.
    customer_id, name
        Of the auxiliary account; None on accounts without one.
    invoice_id
        The document that it is about.
    """

    entry: int
    account: str
    customer_id: str | None
    name: str | None
    invoice_id: str
    label: str
    debit_cents: int
    credit_cents: int


def entry_lines(movements: Iterable[ClaimMovement], vat_share: float) -> list[JournalLine]:
    """Return the entries that a movement in French accounts asks for, invoice by invoice.

    Parameters
    ----------
    movements
        Of `models.portfolio.provision_movement.movement`, by French accounts.
    vat_share
        VAT as a share of the amount before tax.
    """
    found: list[JournalLine] = []
    number = 0
    for one in movements:
        posted = [*_transfer(one), *_depreciation(one), *_loss(one, vat_share)]
        number += 1 if posted else 0
        found += [_line(number, one.line, *post) for post in posted]
    return found


_Post = tuple[str, str, int]
"""An account, a label and cents, a debit above 0."""


def _transfer(one: ClaimMovement) -> Sequence[_Post]:
    was = one.before is not None and one.before.is_doubtful
    if one.after is None or one.after.is_lost or one.after.is_doubtful == was:
        return ()
    cents = one.after.open_cents
    if one.after.is_doubtful:
        return _pair("Passage en douteux", DOUBTFUL, CUSTOMERS, cents)
    return _pair("Retour en clients", CUSTOMERS, DOUBTFUL, cents)


def _depreciation(one: ClaimMovement) -> Sequence[_Post]:
    reversed_cents = one.moved.used_cents + one.moved.unused_cents
    return (
        *_pair("Dotation dépréciation", CHARGE, DEPRECIATION, one.moved.added_cents),
        *_pair("Reprise dépréciation", DEPRECIATION, REVERSAL, reversed_cents),
    )


def _loss(one: ClaimMovement, vat_share: float) -> Sequence[_Post]:
    after = one.after
    if after is None or not after.is_lost or after.booked or (one.before is not None and one.before.is_lost):
        return ()
    before_tax = int(after.open_cents / (1 + vat_share) + 0.5)
    was = one.before is not None and one.before.is_doubtful
    posted = [
        (LOSS, "Perte irrécouvrable", before_tax),
        (VAT, "TVA à récupérer sur perte", after.open_cents - before_tax),
        (DOUBTFUL if was else CUSTOMERS, "Perte irrécouvrable", -after.open_cents),
    ]
    return [post for post in posted if post[2]]


def _pair(label: str, debit: str, credit: str, cents: int) -> Sequence[_Post]:
    return ((debit, label, cents), (credit, label, -cents)) if cents else ()


def _line(number: int, claim: ProvisionLine, account: str, label: str, cents: int) -> JournalLine:
    has_customer = account in _BY_CUSTOMER
    return JournalLine(
        number,
        account,
        claim.customer_id if has_customer else None,
        claim.name if has_customer else None,
        claim.invoice_id,
        f"{label} {claim.invoice_id}",
        max(cents, 0),
        max(-cents, 0),
    )
