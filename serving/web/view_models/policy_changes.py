"""A change of the policy as a page shows it: faults, lines that differ, who would change, and its fate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.portfolio.policy_comparison import CustomerChange, PortfolioUnderPolicy
    from serving.store.policy_changes import PolicyChange
    from serving.usecases.policy_changes import PolicyExamination
    from serving.web.words import Words

MOST_SHOWN = 25


@dataclass(frozen=True, slots=True)
class ChangedCustomer:
    """A customer whose grade or limit would change; `because` is the one key that does it, else empty."""

    customer_id: str
    name: str
    grade: str
    limit: str
    because: str


@dataclass(frozen=True, slots=True)
class ExaminationView:
    """What a changed text is and would do.

    Parameters
    ----------
    faults
        Pairs of a place in the text and what is wrong there.
    difference
        Pairs of added, removed, place or context, and a line.
    sides
        Rows of a figure's name, before and after; empty where nothing is published.
    summary
        How many customers would change, in words.
    more
        How many customers more would change than are shown.
    """

    faults: tuple[tuple[str, str], ...]
    difference: tuple[tuple[str, str], ...]
    sides: tuple[tuple[str, str, str], ...]
    summary: str
    customers: tuple[ChangedCustomer, ...]
    more: int


@dataclass(frozen=True, slots=True)
class PolicyChangeLine:
    """A proposed change, and what became of it."""

    change_id: int
    at: str
    who: str
    reason: str
    state: str
    state_words: str


def examination_view(found: PolicyExamination, w: Words) -> ExaminationView:
    """Make the view of an examination."""
    colon = w("word.colon")
    faults = tuple(
        (w("policy_change.line", line=w.number(one.line)), f"{one.key}{colon}{one.words}")
        for one in found.faults
    )
    kinds = {"+": "added", "-": "removed", "@": "place"}
    difference = tuple((kinds.get(line[:1], "context"), line) for line in found.difference)
    if found.comparison is None:
        return ExaminationView(faults, difference, (), "", (), 0)
    compared, changes = found.comparison, found.comparison.changes
    counts = {"changed": w.number(len(changes)), "count": w.number(compared.customers)}
    summary = w("policy_change.summary" if found.is_whole else "policy_change.summary_first", **counts)
    shown = tuple(_customer(one, w) for one in changes[:MOST_SHOWN])
    more = max(len(changes) - MOST_SHOWN, 0)
    return ExaminationView(
        faults, difference, _sides(compared.before, compared.after, w), summary, shown, more
    )


def change_line(change: PolicyChange, w: Words) -> PolicyChangeLine:
    """Make the line of a proposed change."""
    state = change.closed or "waiting"
    closed = {} if change.closed is None else {"who": change.closed_by, "at": w.moment(change.closed_at)}
    return PolicyChangeLine(
        change.change_id,
        w.moment(change.at),
        change.who,
        change.reason,
        state,
        w(f"policy_change.{state}", **closed),
    )


def _sides(
    before: PortfolioUnderPolicy, after: PortfolioUnderPolicy, w: Words
) -> tuple[tuple[str, str, str], ...]:
    names = ("limits_eur", "expected_loss_eur", "above_limit_eur", "above_limit", "prepaying")
    return tuple(
        (w(f"policy_change.{name}"), _figure(getattr(before, name), w), _figure(getattr(after, name), w))
        for name in names
    )


def _figure(value: float, w: Words) -> str:
    return w.number(value) if isinstance(value, int) else w.eur(value)


def _customer(one: CustomerChange, w: Words) -> ChangedCustomer:
    before, after = one.before, one.after
    return ChangedCustomer(
        one.customer_id,
        one.name or one.customer_id,
        before.grade if before.grade == after.grade else f"{before.grade} → {after.grade}",
        w.eur(before.limit_eur)
        if before.limit_eur == after.limit_eur
        else f"{w.eur(before.limit_eur)} → {w.eur(after.limit_eur)}",
        one.explained_by or "",
    )
