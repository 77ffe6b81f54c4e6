"""The party assessed: a customer or a prospect, with its register data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self, cast

import orjson

from models.law.insolvency import Insolvency

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)  # without slots orjson reads its fields three times as fast
class Party:
    """A customer or a prospect: its identifiers and its register data.

    Parameters
    ----------
    unlisted
        Whether the public register was queried and does not list its SIREN: wrong, false, or a company that
        opted out of publication.
    insolvency
        Its insolvency status by published filings; None without any.
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
        """Build a party from its JSON values; keys unknown to this version are ignored."""
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
