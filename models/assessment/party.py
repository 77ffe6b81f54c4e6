"""Who is assessed: a customer or a prospect, with its register data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self, cast

import orjson

from models.law.insolvency import Insolvency

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Party:
    """Who is assessed: what identifies it and what stands in the registers.

    Parameters
    ----------
    unlisted
        Whether the public register was asked for its SIREN and holds none such: a wrong number, a false one,
        or a company that keeps out of it.
    insolvency
        How it stands with the insolvency courts by what was published; None where nothing was.
    """

    customer_id: str | None
    name: str | None = None
    siren: str | None = None
    country: str | None = None
    naf: str | None = None
    legal_form: str | None = None
    headcount: float | None = None
    created_on: dt.date | None = None
    natural_person: bool = False
    group_id: str | None = None
    unlisted: bool = False
    insolvency: Insolvency | None = None

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Make a party of its JSON values; what this version does not know is left out."""
        known = {field.name: document[field.name] for field in fields(cls) if field.name in document}
        created_on = known.get("created_on")
        if isinstance(created_on, str):
            known["created_on"] = dt.date.fromisoformat(created_on)
        if isinstance(known.get("insolvency"), dict):
            known["insolvency"] = Insolvency.from_document(known["insolvency"])
        return cls(**known)

    def document(self) -> dict[str, Any]:
        """Return the party as plain JSON values, dates in ISO form."""
        return cast("dict[str, Any]", orjson.loads(orjson.dumps(self)))
