"""Rows of the customers table as parties."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from models.assessment.party import Party
from models.ledger.tables import CUSTOMERS

if TYPE_CHECKING:
    from collections.abc import Mapping


def parties_of(customers: pd.DataFrame) -> list[Party]:
    """Convert rows of the `customers` table to parties."""
    return [_party(row) for row in customers.to_dict("records")]


def _party(row: Mapping[Any, Any]) -> Party:
    known: dict[str, Any] = {name: None if pd.isna(row[name]) else row[name] for name in _PARTY_FIELDS}
    created = known.pop("created_on")
    return Party(**known, created_on=None if created is None else created.date())


_PARTY_FIELDS = tuple(field.name for field in fields(Party) if field.name in CUSTOMERS.column_names)
"""Fields of a party that the ledger provides; `unlisted` is only determined for prospects."""
