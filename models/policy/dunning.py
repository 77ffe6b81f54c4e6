"""Dunning steps of an overdue customer: the tone of a reminder, then legal action, by days past due.

Owns the choice of the step by the section `[dunning]` of the policy. Whom to chase first, and what a call can
still save, is `models.portfolio.worklist`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.policy.sections.dunning import DunningRules

Tone = Literal["courteous", "firm", "formal", "legal"]
TONES: tuple[Tone, ...] = ("courteous", "firm", "formal", "legal")
"""Steps by rising severity; the last one is no reminder of ours, but hands the debt over."""
FORMAL_AT = TONES.index("formal")


@dataclass(frozen=True, slots=True)
class DunningStep:
    """The present and the next dunning step, in days past the due date of the oldest overdue invoice.

    Parameters
    ----------
    last_day, next_day
        On which day of delay the present step was due, and on which the next one is.
    next_tone
        In which tone the next step is.
    spared
        Whether it would be formal or legal, but for its being a first delay.
    """

    tone: Tone
    last_day: int
    next_day: int
    next_tone: Tone
    spared: bool


def step_of(
    days_overdue: int, payer_grade: str, *, ever_late: bool, rules: DunningRules
) -> DunningStep | None:
    """Return the dunning step for a delay.

    Parameters
    ----------
    days_overdue
        Of the oldest invoice that may be chased.
    ever_late
        Whether the customer paid any invoice late before.

    Returns
    -------
    Step or None
        None where it is too early for a first reminder.

    Examples
    --------
    >>> from models.policy.document import load_policy
    >>> rules = load_policy().dunning
    >>> step_of(25, "good", ever_late=True, rules=rules)
    DunningStep(tone='firm', last_day=20, next_day=30, next_tone='firm', spared=False)
    >>> step_of(41, "good", ever_late=False, rules=rules).tone
    'firm'
    """
    if days_overdue < rules.first_reminder_days:
        return None
    plain = _first_days(payer_grade, rules, ever_late=True)
    first_days = plain if ever_late else _first_days(payer_grade, rules, ever_late=False)
    tone = _tone_at(days_overdue, first_days)
    began = first_days[tone]
    last_day = began + (days_overdue - began) // rules.repeat_days * rules.repeat_days
    later = [day for name, day in first_days.items() if day > days_overdue and TONES.index(name) > 0]
    next_day = min([last_day + rules.repeat_days, *later])
    is_spared = TONES.index(tone) < FORMAL_AT <= TONES.index(_tone_at(days_overdue, plain))
    return DunningStep(tone, last_day, next_day, _tone_at(next_day, first_days), spared=is_spared)


def _first_days(payer_grade: str, rules: DunningRules, *, ever_late: bool) -> dict[Tone, int]:
    """Return the first day of each tone; a first delay postpones the formal tone and what follows it."""
    firm = max(int(rules.firm_after_days[payer_grade]), rules.first_reminder_days)
    formal = firm + int(rules.formal_after_firm_days[payer_grade])
    if not ever_late:
        formal = max(formal, rules.first_delay_days + 1)
    legal = formal + rules.legal_after_formal_days
    return {"courteous": rules.first_reminder_days, "firm": firm, "formal": formal, "legal": legal}


def _tone_at(days_overdue: int, first_days: Mapping[Tone, int]) -> Tone:
    return next(tone for tone in reversed(TONES) if days_overdue >= first_days[tone])
