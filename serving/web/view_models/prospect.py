"""The form for a prospect: read field by field, each fault next to its field.

Owns what is typed and how a prospect is shown in the form. What the registers report next to it is
`register_facts`' business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from serving.registers.identifiers import company_in
from serving.schemas.decisions import DecisionIn
from serving.schemas.questions import MOST_EUR, AssessmentIn, ProspectIn
from serving.usecases.prospect_enrichment import years_of
from serving.web.forms import Typed, figure_text
from serving.web.view_models import prospect_accounts
from serving.web.view_models.prospect_accounts import (
    SHOWN,
    read_years,
    shown_days,
    with_theirs,
    years_in_form,
)
from serving.web.view_models.simulator import DEFAULT_DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from serving.registers.lookup import ProspectFacts
    from serving.web.words import Words

ASKED = ("amount", "terms", "forecast")
FIELDS = (
    "name",
    "siren",
    "naf",
    "legal_form",
    "headcount",
    "created_on",
    *ASKED,
    *prospect_accounts.FIELDS,
)
_DESCRIBED = frozenset(FIELDS) - {"siren", *ASKED}
LOOKED_UP = "looked_up"
"""Hidden field: whose values are already in the form."""
_KNOWN_FAULTS = {"siren": "siren", "naf": "naf", "legal_form": "legal_form", "name": "plain"}


@dataclass(frozen=True, slots=True)
class ProspectForm:
    """The form: what was typed, what is wrong with it, and what the registers say, by field.

    Parameters
    ----------
    looked_up
        The SIREN whose values are in the form; empty where all values were typed.
    years_shown
        Ends of the registers' financial years that are or were in the form.
    """

    typed: Mapping[str, str]
    faults: Mapping[str, str]
    notes: Mapping[str, str] = field(default_factory=dict)
    looked_up: str = ""
    years_shown: str = ""

    @property
    def years_typed(self) -> bool:
        """Whether the years before the latest have values or faults."""
        before = prospect_accounts.FIELDS[len(prospect_accounts.FIELDS) // len(prospect_accounts.SLOTS) :]
        return any(self.typed.get(name) or name in self.faults for name in before)


def blank() -> ProspectForm:
    """Return the form before anything is typed."""
    return ProspectForm(dict.fromkeys(FIELDS, ""), {})


def is_number_alone(fields: Mapping[str, str]) -> bool:
    """Tell whether only the number and the order count: sent by the first form, or the number has changed.

    The first form has no field of the company but its number.
    """
    filled_for = fields.get(LOOKED_UP, "")
    number = company_in(fields.get("siren", ""))
    is_first = fields.keys().isdisjoint(_DESCRIBED)
    return is_first or bool(filled_for and number and number != filled_for)


def number_alone(fields: Mapping[str, str], w: Words) -> tuple[dict[str, str], ProspectForm]:
    """Return what counts of a form whose number alone is asked about, and the form with its fault if any."""
    kept = {name: fields.get(name, "") if name in (*ASKED, "siren") else "" for name in FIELDS}
    typed = Typed(kept, w)
    if typed.text("siren", 30, needed=True) and company_in(kept["siren"]) is None:
        typed.wrong("siren", "siren")
    _read_asked(typed)
    return kept, ProspectForm(kept, typed.faults)


def question_of(
    fields: Mapping[str, str], w: Words, found: ProspectFacts | None = None
) -> tuple[AssessmentIn | None, ProspectForm]:
    """Read the question that was typed; None where a field is at fault.

    Parameters
    ----------
    fields
        By name of `FIELDS`; what is left empty is unknown, and in a form that was filled it is so on purpose.
    found
        What the registers say.
    """
    typed, siren = Typed(fields, w), company_in(fields.get("siren", ""))
    prospect: dict[str, Any] = {
        "name": typed.text("name", 300, needed=siren is None and not fields.get("siren", "").strip()),
        "siren": siren or typed.text("siren", 30),
        "naf": typed.text("naf", 10),
        "legal_form": typed.text("legal_form", 10),
        "headcount": typed.number("headcount", 0, 1e7, example="12"),
        "created_on": typed.day("created_on"),
    }
    looked_up = fields.get(LOOKED_UP, "") if fields.get(LOOKED_UP) == siren else ""
    accounts = read_years(typed)
    if found is not None and (accounts or looked_up):
        shown = shown_days(fields) if looked_up else frozenset()
        accounts = with_theirs(accounts, years_of(found), shown)
    asked = _read_asked(typed)
    if looked_up:
        prospect["accounts"] = accounts
    else:
        prospect = {name: value for name, value in prospect.items() if value is not None}
        prospect |= {"accounts": accounts} if accounts else {}
    question, party = None, _checked(prospect, typed)
    if party is not None and not typed.faults:
        question = _asked_about(party, *asked)
    kept = {name: fields.get(name, "") for name in FIELDS}
    return question, ProspectForm(
        kept, typed.faults, looked_up=looked_up, years_shown=fields.get(SHOWN, "") if looked_up else ""
    )


def _read_asked(typed: Typed) -> tuple[float | None, int | None, float | None]:
    """Read what is asked for: the amount, the days of the terms, the yearly sales."""
    return (
        typed.number("amount", 0.01, MOST_EUR),
        typed.whole("terms", 0, 365),
        typed.number("forecast", 0, MOST_EUR),
    )


def _asked_about(
    prospect: ProspectIn, amount: float | None, terms: int | None, forecast: float | None
) -> AssessmentIn:
    """Return the question about an order, or about the prospect alone where no amount is given."""
    if amount is None:
        return AssessmentIn(prospect=prospect, terms_days=terms, yearly_forecast_eur=forecast)
    return DecisionIn(
        prospect=prospect,
        amount_eur=max(round(amount, 2), 0.01),
        terms_days=DEFAULT_DAYS if terms is None else terms,
        yearly_forecast_eur=forecast,
    )


def form_values(prospect: ProspectIn, w: Words) -> dict[str, str]:
    """Return the fields of a prospect; of its accounts, the latest years."""
    day = prospect.created_on
    staff = prospect.headcount
    said = {
        "name": prospect.name or "",
        "siren": w.siren(prospect.siren) if prospect.siren else "",
        "naf": prospect.naf or "",
        "legal_form": prospect.legal_form or "",
        "headcount": "" if staff is None else figure_text(staff, w.language),
        "created_on": "" if day is None else day.isoformat(),
    }
    return said | years_in_form(prospect.accounts, w)


def _checked(fields: Mapping[str, Any], typed: Typed) -> ProspectIn | None:
    """Check the fields as the API does, and tell each fault in the person's words."""
    try:
        return ProspectIn(**fields)
    except ValidationError as error:
        for fault in error.errors():
            name = str((fault["loc"] or ("name",))[0])
            typed.wrong(name, _KNOWN_FAULTS.get(name, "missing"))
        return None
