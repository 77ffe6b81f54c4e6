"""How a customer is chased: from which day on, and in which tone.

Owns the section `[dunning]` of the policy and the choice of the tone. Whom to chase first, and what is at
risk, is `models.portfolio.worklist`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.policy.reading import PolicyReader

Tone = Literal["courteous", "firm", "formal"]
TONES: tuple[Tone, ...] = ("courteous", "firm", "formal")


@dataclass(frozen=True, slots=True)
class DunningRules:
    """When the tone changes, in days past the due date, days in dispute not counted.

    Parameters
    ----------
    de_minimis_eur
        A customer that owes less than this past due is not chased.
    first_reminder_days
        The first, courteous reminder leaves when an invoice is overdue for so many days.
    firm_after_days, formal_after_firm_days
        By payer grade: from which day on the tone is firm, and how many days after that it is formal. A
        better payer is given more time.
    first_delay_days
        A customer that never paid late is not written to formally before its delay exceeds this.
    repeat_days
        A reminder in the same tone is repeated after so many days.
    """

    de_minimis_eur: float
    first_reminder_days: int
    firm_after_days: Mapping[str, float]
    formal_after_firm_days: Mapping[str, float]
    first_delay_days: int
    repeat_days: int


@dataclass(frozen=True, slots=True)
class Step:
    """Where a customer stands on the ladder, in days past the due date of its oldest overdue invoice.

    Parameters
    ----------
    last_day, next_day
        On which day of delay the present step was due, and on which the next one is.
    next_tone
        In which tone the next step is.
    spared
        Whether it would be formal, but for its being a first delay.
    """

    tone: Tone
    last_day: int
    next_day: int
    next_tone: Tone
    spared: bool


def read_dunning(reader: PolicyReader, payer_grades: Sequence[str]) -> DunningRules:
    """Read the section `[dunning]`."""
    key = "dunning"
    return DunningRules(
        de_minimis_eur=reader.number(f"{key}.de_minimis_eur", 0.0),
        first_reminder_days=reader.whole(f"{key}.first_reminder_days", 1, 365),
        firm_after_days=reader.numbers(f"{key}.firm_after_days", payer_grades, 1.0, 365.0, "falling"),
        formal_after_firm_days=reader.numbers(
            f"{key}.formal_after_firm_days", payer_grades, 1.0, 365.0, "falling"
        ),
        first_delay_days=reader.whole(f"{key}.first_delay_days", 0, 365),
        repeat_days=reader.whole(f"{key}.repeat_days", 1, 365),
    )


def step_of(days_overdue: int, payer_grade: str, *, ever_late: bool, rules: DunningRules) -> Step | None:
    """Choose the tone for a delay.

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
    >>> rules = DunningRules(50.0, 3, {"good": 20.0}, {"good": 20.0}, 45, 10)
    >>> step_of(25, "good", ever_late=True, rules=rules)
    Step(tone='firm', last_day=20, next_day=30, next_tone='firm', spared=False)
    >>> step_of(41, "good", ever_late=False, rules=rules).tone
    'firm'
    """
    if days_overdue < rules.first_reminder_days:
        return None
    plain = _ladder(payer_grade, rules, ever_late=True)
    ladder = plain if ever_late else _ladder(payer_grade, rules, ever_late=False)
    tone = _tone_at(days_overdue, ladder)
    began = ladder[tone]
    last_day = began + (days_overdue - began) // rules.repeat_days * rules.repeat_days
    later = [day for name, day in ladder.items() if day > days_overdue and TONES.index(name) > 0]
    next_day = min([last_day + rules.repeat_days, *later])
    return Step(
        tone, last_day, next_day, _tone_at(next_day, ladder), spared=_tone_at(days_overdue, plain) != tone
    )


def _ladder(payer_grade: str, rules: DunningRules, *, ever_late: bool) -> dict[Tone, int]:
    """Return the first day of each tone, rising; a first delay puts the formal tone off."""
    firm = max(int(rules.firm_after_days[payer_grade]), rules.first_reminder_days)
    formal = firm + int(rules.formal_after_firm_days[payer_grade])
    if not ever_late:
        formal = max(formal, rules.first_delay_days + 1)
    return {"courteous": rules.first_reminder_days, "firm": firm, "formal": formal}


def _tone_at(days_overdue: int, ladder: Mapping[Tone, int]) -> Tone:
    return next(tone for tone in reversed(TONES) if days_overdue >= ladder[tone])
