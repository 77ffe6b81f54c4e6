"""The section `[dunning]`: from which day of delay on each tone is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.policy.reading import PolicyReader


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
