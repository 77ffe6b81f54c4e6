"""Whom to chase: a line a customer with the tone, what is at risk, and the invoices to name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from models.portfolio.worklist import STAGE_OF, STAGES
from serving.usecases.limit_usage import LimitUsage, usage_of_line
from serving.web.view_models.collection import state_words
from serving.web.view_models.lists import choices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.policy.overrides import InForce
    from models.portfolio.collection_actions import FollowUp
    from serving.store import WorklistEntry
    from serving.web.view_models.lists import Choice
    from serving.web.words import Words


@dataclass(frozen=True, slots=True)
class ChaseView:
    """A customer to chase.

    Parameters
    ----------
    tone
        What is proposed, of `models.portfolio.worklist.PROPOSALS`: a class for the stylesheet, shown
        with its words.
    next_step_on, next_tone
        The next step outside a proceeding; no day where none follows.
    saveable_eur
        What a call can still save.
    claim_eur
        Claim from before the opening of a proceeding, to be declared; 0 without.
    invoices
        The ones to name, as JSON values, the riskiest first.
    usage
        What the customer owes in all against the limit in force.
    on_account_eur
        Paid or credited and taken by no invoice, less than 0.
    state
        Whether it waits or a promise was broken, in words; empty where it is simply to be worked on.
    contact
        Whom to call, as JSON values; None where the ledger names nobody.
    """

    place: int
    customer_id: str
    name: str
    tone: str
    tone_words: str
    why: str
    saveable_eur: float
    at_risk_eur: float
    overdue_eur: float
    disputed_eur: float
    oldest_days: int
    next_step_on: str | None
    next_tone: str
    claim_eur: float
    lost_eur: float
    invoices: tuple[Mapping[str, Any], ...]
    usage: LimitUsage
    on_account_eur: float = 0.0
    state: str = ""
    contact: Mapping[str, str | None] | None = None


def chase_view(
    one: WorklistEntry, w: Words, made: Mapping[str, InForce], follow_up: FollowUp | None = None
) -> ChaseView:
    """Make the view of a line of the worklist.

    Parameters
    ----------
    made
        What persons decided, by customer.
    follow_up
        Where the line is after the actions about it; None where nothing was done.
    """
    row, line = one.row, one.row.line
    return ChaseView(
        row.place,
        row.customer_id,
        row.name or row.customer_id,
        row.tone,
        w(f"tone.{row.tone}"),
        w.either(line["why_fr"], line["why_en"]),
        row.saveable_eur,
        row.at_risk_eur,
        row.overdue_eur,
        line["disputed_eur"],
        line["oldest_days"],
        None if STAGE_OF[row.tone] == "insolvency" else line["next_step_on"],
        w(f"tone.{line['next_tone']}"),
        line.get("claim_eur", 0.0),
        line.get("lost_eur", 0.0),
        tuple(line["invoices"]),
        usage_of_line(one.summary, made),
        one.summary.on_account_eur,
        state_words(follow_up, w),
        line.get("contact"),
    )


def stage_choices(kept: Mapping[str, str], tones: Mapping[str, int], w: Words) -> tuple[Choice, ...]:
    """Return the stages to choose from, each with how many lines it has.

    Parameters
    ----------
    kept
        What is asked now, by field; the addresses keep the other fields.
    tones
        How many lines each proposal has.
    """
    counts = Counter({"": sum(tones.values())})
    for tone, count in tones.items():
        counts[STAGE_OF[tone]] += count
    return tuple(
        replace(one, label=f"{one.label} ({w.number(counts[stage])})")
        for stage, one in zip(
            ("", *STAGES), choices("/worklist", kept, "stage", STAGES, "stage", w), strict=True
        )
    )
