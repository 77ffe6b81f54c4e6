"""The form for somebody who is not a customer yet: read field by field, each fault beside its field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from serving.schemas import MOST_EUR, AccountsIn, AssessmentIn, ProspectIn
from serving.web.forms import Typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from serving.web.words import Words

ACCOUNTS = ("turnover", "net_income", "equity", "total_assets", "current_assets", "current_liabilities")
FIELDS = (
    "name",
    "siren",
    "naf",
    "legal_form",
    "headcount",
    "created_on",
    "amount",
    "terms",
    "forecast",
    "closed_on",
    *ACCOUNTS,
)
_MOST_FIGURE_EUR = 1e12
_KNOWN_FAULTS = {"siren": "siren", "naf": "naf", "legal_form": "legal_form", "name": "plain"}


@dataclass(frozen=True, slots=True)
class ProspectForm:
    """The form: what was typed, and what is wrong with it, by field."""

    typed: Mapping[str, str]
    faults: Mapping[str, str]


def question_of(fields: Mapping[str, str], w: Words) -> tuple[AssessmentIn | None, ProspectForm]:
    """Read the question that was typed; None where a field is at fault.

    Parameters
    ----------
    fields
        By name of `FIELDS`; what is left empty is unknown.
    """
    typed = Typed(fields, w)
    prospect = {
        "name": typed.text("name", 300, needed=True),
        "siren": typed.text("siren", 20),
        "naf": typed.text("naf", 10),
        "legal_form": typed.text("legal_form", 10),
        "headcount": typed.number("headcount", 0, 1e7, example="12"),
        "created_on": typed.day("created_on"),
    }
    accounts = _accounts(typed)
    amount = typed.number("amount", 0.01, MOST_EUR)
    terms = typed.whole("terms", 0, 365)
    forecast = typed.number("forecast", 0, MOST_EUR)
    question = None
    party = _checked(prospect, accounts, typed)
    if party is not None and not typed.faults:
        question = AssessmentIn(
            prospect=party, amount_eur=amount, terms_days=terms, yearly_forecast_eur=forecast
        )
    return question, ProspectForm({name: fields.get(name, "") for name in FIELDS}, typed.faults)


def blank() -> ProspectForm:
    """Return the form before anything is typed."""
    return ProspectForm(dict.fromkeys(FIELDS, ""), {})


def _accounts(typed: Typed) -> list[AccountsIn]:
    """Read the accounts; figures without the end of their year say nothing, so that is asked for."""
    figures = {name: typed.number(name, -_MOST_FIGURE_EUR, _MOST_FIGURE_EUR) for name in ACCOUNTS}
    known = {name: value for name, value in figures.items() if value is not None}
    closed_on = typed.day("closed_on")
    if not known:
        return []
    if closed_on is None:
        typed.wrong("closed_on", "missing")
        return []
    return [AccountsIn(closed_on=closed_on, **known)]


def _checked(fields: Mapping[str, Any], accounts: list[AccountsIn], typed: Typed) -> ProspectIn | None:
    """Check the fields as the API does, and tell each fault in the person's words."""
    given = {name: value for name, value in fields.items() if value is not None}
    try:
        return ProspectIn(**given, accounts=accounts)
    except ValidationError as error:
        for fault in error.errors():
            name = str(fault["loc"][0])
            typed.wrong(name, _KNOWN_FAULTS.get(name, "missing"))
        return None
