"""The section `[dunning]`: from which day of delay on each tone is used."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from models.policy.grades import PAYER_GRADES
from models.policy.sections.fields import Euros, OneForEach, PolicySection, Share

_ByPayerGrade = Annotated[
    Mapping[str, Annotated[float, Field(ge=1, le=365)]], OneForEach(PAYER_GRADES, "falling")
]


class DunningRules(PolicySection):
    """Dunning steps in days past the due date, days in dispute not counted.

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
    before_due_days, before_due_eur
        A reminder leaves so many days before a due date, where the euros at risk reach the amount; 0 days:
        never.
    legal_after_formal_days
        A debt goes to lawyers or a collection agency so many days after the formal notice.
    lost_after_days
        A debt overdue for longer counts as lost.
    half_life_days
        What a call can save halves each so many days, from the thirtieth day past due on.
    insolvency_dividend_share
        Share of a declared claim that a proceeding is expected to pay.
    """

    de_minimis_eur: Euros
    first_reminder_days: Annotated[int, Field(ge=1, le=365)]
    firm_after_days: _ByPayerGrade
    formal_after_firm_days: _ByPayerGrade
    first_delay_days: Annotated[int, Field(ge=0, le=365)]
    repeat_days: Annotated[int, Field(ge=1, le=365)]
    before_due_days: Annotated[int, Field(ge=0, le=60)] = 7
    before_due_eur: Euros = 5_000.0
    legal_after_formal_days: Annotated[int, Field(ge=1, le=365)] = 30
    lost_after_days: Annotated[int, Field(ge=90, le=3650)] = 730
    half_life_days: Annotated[float, Field(ge=1, le=3650)] = 180.0
    insolvency_dividend_share: Share = 0.05
