"""Enrich a prospect with what public registers know: what was left out is theirs, what was given stays.

Owns which of their values become a prospect's fields, and which rows of the ledger's tables their notices
are. Asking them is `serving.usecases.register_lookup`' business. A notice counts whatever was given: nobody
can leave a proceeding out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from serving.schemas.questions import AccountsIn, AssessmentIn, ProspectIn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from serving.registers.lookup import ProspectFacts
    from serving.registers.yearly_accounts import YearAccounts

FIELDS = ("name", "naf", "legal_form", "headcount", "created_on")
MOST_YEARS = 20


@dataclass(frozen=True, slots=True)
class Enriched:
    """A question whose prospect is filled in.

    Parameters
    ----------
    found
        What the registers say; None where nobody was looked up.
    names
        The prospect's fields that are theirs, `accounts` among them.
    """

    question: AssessmentIn
    found: ProspectFacts | None = None
    names: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return what an answer says of it: `facts`, with what they filled; nothing without a look-up."""
        if self.found is None:
            return {}
        return {"facts": {**self.found.document(), "filled": list(self.names)}}


def enrich(question: AssessmentIn, find: Callable[[str], ProspectFacts]) -> Enriched:
    """Fill in what a question leaves out of its prospect, where it has a SIREN and may be looked up.

    A value of theirs that a prospect may not have is left out.

    Parameters
    ----------
    find
        Looks a SIREN up.
    """
    prospect = question.prospect
    if prospect is None or prospect.siren is None or not prospect.look_up:
        return Enriched(question)
    found = find(prospect.siren)
    theirs: dict[str, Any] = {}
    for name in FIELDS:
        if name in found.facts and name not in prospect.model_fields_set:
            theirs |= _accepted(prospect.siren, name, found.facts[name].value)
    if "accounts" not in prospect.model_fields_set:
        years = years_of(found)
        theirs |= {"accounts": years} if years else {}
    filled = question.model_copy(update={"prospect": prospect.model_copy(update=theirs)})
    return Enriched(filled, found, tuple(theirs))


def years_of(found: ProspectFacts) -> list[AccountsIn]:
    """Return the accounts that the registers publish, the latest last."""
    made = [_year(one) for one in found.accounts[-MOST_YEARS:]]
    return [one for one in made if one is not None]


def filings_of(found: ProspectFacts) -> list[dict[str, Any]]:
    """Return the rows of the table of filings, without whose they are: notices, and that it has ceased."""
    rows: dict[tuple[str, dt.date], dict[str, Any]] = {}
    for one in (*found.notices, *found.unread):
        _enter(rows, one.kind, one.happened_on, one.published_on, f"BODACC {one.notice_id}")
    active, ceased_on = found.facts.get("active"), found.facts.get("ceased_on")
    said = ceased_on or active
    if said is not None and (ceased_on is not None or said.value is False):
        day = said.value if isinstance(said.value, dt.date) else said.as_of
        _enter(rows, "closure", min(day, said.as_of), said.as_of, said.source)
    return list(rows.values())


def is_natural_person(found: ProspectFacts) -> bool:
    """Tell whether the registers know it for a natural person."""
    said = found.facts.get("natural_person")
    return said is not None and said.value is True


def _accepted(siren: str, name: str, value: object) -> Mapping[str, Any]:
    try:
        return {name: getattr(ProspectIn.model_validate({"siren": siren, name: value}), name)}
    except ValidationError:
        return {}


def _year(year: YearAccounts) -> AccountsIn | None:
    try:
        return AccountsIn.model_validate(
            {
                "closed_on": year.closed_on,
                "published_on": max(year.known_on, year.closed_on),
                "confidential": year.confidential,
                "months": year.months,
                **year.figures,
            }
        )
    except ValidationError:
        return None


def _enter(
    rows: dict[tuple[str, dt.date], dict[str, Any]],
    kind: str,
    judged_on: dt.date,
    published_on: dt.date,
    source: str,
) -> None:
    """Enter an event once, known from its earliest publication."""
    known = rows.get((kind, judged_on))
    if known is None or published_on < known["published_on"]:
        rows[kind, judged_on] = {
            "kind": kind,
            "judged_on": judged_on,
            "published_on": published_on,
            "source": source,
        }
