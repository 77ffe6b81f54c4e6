"""What goes out of the public registers: the shapes, each field described.

Owns the description of `ProspectFacts.document()` for the API.
"""

import datetime as dt
from typing import Literal

from pydantic import Field

from serving.schemas.answers import ResponseSchema


class FactOut(ResponseSchema):
    """One value with the register that gave it."""

    value: str | float | bool = Field(description="a day in ISO form where it is one")
    source: str = Field(description="the register")
    as_of: dt.date = Field(description="from when the register knows it")
    fetched_on: dt.date | None = Field(description="when the register was asked")


class NoticeOut(ResponseSchema):
    """A legal notice that stands."""

    kind: Literal[
        "safeguard",
        "receivership",
        "liquidation",
        "safeguard_plan",
        "receivership_plan",
        "proceeding_ended",
        "closure",
        "sale",
        "unknown",
    ] = Field(description="unknown: a person must read it")
    happened_on: dt.date = Field(description="the day of the judgment or the event")
    detail: str = Field(description="the notice's own words")
    source: str = Field(description="the register and the notice's number")
    as_of: dt.date = Field(description="its publication")
    fetched_on: dt.date | None = Field(description="when the register was asked")


class YearOut(ResponseSchema):
    """One year's accounts as the registers publish them."""

    closed_on: dt.date = Field(description="end of the financial year")
    confidential: bool = Field(description="filed but kept from the public: no figures")
    months: float | None = Field(description="length of the year")
    currency: str = Field(description="of the figures, ISO 4217")
    figures: dict[str, float] = Field(description="by the names of a prospect's accounts")
    source: str
    as_of: dt.date = Field(description="from when they are known")
    fetched_on: dt.date | None = Field(description="when the register was asked")


class FactsOut(ResponseSchema):
    """What the public registers know of a company, each value with its source and its days."""

    siren: str
    state: Literal["found", "unknown", "away"] = Field(
        description="unknown: no such company; away: the register of companies cannot be asked"
    )
    facts: dict[str, FactOut] = Field(
        description="by name; what is unknown is absent, of natural persons much is hidden"
    )
    notices: list[NoticeOut] = Field(description="filings by publication, then judgments to read")
    accounts: list[YearOut] = Field(description="the latest last")
    away: dict[str, str] = Field(description="what could not be asked, by register, and why")
    fetched: dict[str, dt.date] = Field(description="when each register was asked")


class FilledFactsOut(FactsOut):
    """The same, with what of it filled the prospect."""

    filled: list[str] = Field(description="the prospect's fields that were left out and are theirs")


class WithFacts(ResponseSchema):
    """An answer about somebody who may have been looked up."""

    facts: FilledFactsOut | None = Field(
        None,
        description="what the registers say of a prospect; absent where none was looked up",
        exclude_if=lambda facts: facts is None,
    )
