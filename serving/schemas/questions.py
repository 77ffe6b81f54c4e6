"""What comes in: the shapes of requests, each field with its bounds.

Owns the checks of what people send; the shapes of answers are `serving.schemas.answers`'.
"""

import datetime as dt
import unicodedata
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from stdnum.fr import siren as siren_numbers

from models.assessment.assessment import CreditRequest
from models.assessment.party import Party

SOLE_TRADER = "1000"
MOST_EUR = 1e9


def _plain(value: str) -> str:
    """Refuse what no register holds and no database keeps: control characters and broken Unicode.

    What cannot be decoded in an address comes as the replacement character.
    """
    if "\ufffd" in value or not (value.isprintable() or _is_plain(value)):
        raise PydanticCustomError("plain_text", "control characters and broken Unicode are not allowed")
    return value.strip()


def _is_plain(value: str) -> bool:
    """Tell whether nothing in a text is a control character or half of one."""
    return all(unicodedata.category(letter) not in {"Cc", "Cs"} for letter in value)


def _siren(value: str) -> str:
    if not siren_numbers.is_valid(value):
        raise PydanticCustomError("siren", "a SIREN has nine digits, the last one a Luhn key")
    return str(siren_numbers.compact(value))


def _naf(value: str) -> str:
    code = value.replace(".", "").upper()
    return f"{code[:2]}.{code[2:]}"


PlainText = Annotated[str, AfterValidator(_plain)]
CustomerId = Annotated[PlainText, Field(min_length=1, max_length=200)]
Siren = Annotated[str, Field(max_length=20), AfterValidator(_siren)]
Naf = Annotated[str, Field(pattern=r"^[0-9]{2}\.?[0-9]{2}[A-Za-z]$"), AfterValidator(_naf)]
AnswerId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", description="of the header X-Answer-Id")]
Day = Annotated[dt.date, Field(ge=dt.date(1600, 1, 1), le=dt.date(2100, 12, 31))]
"""A day that a company may have lived, or that may come soon; the oldest companies are that old."""
Figure = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-1e15, le=1e15)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AccountsIn(_Request):
    """One year's accounts of a prospect, figures in euros; what is unknown is left out."""

    closed_on: Day = Field(description="end of the financial year")
    published_on: Day | None = Field(None, description="from when they are known; today where left out")
    confidential: bool = Field(default=False, description="filed but kept from the public")
    months: Annotated[float, Field(strict=True, gt=0, le=36)] | None = Field(
        12, description="length of the year"
    )
    currency: Literal["EUR"] = Field("EUR", description="ISO 4217; figures in another are converted before")
    turnover: Figure | None = Field(None, description="net sales of the year")
    gross_profit: Figure | None = Field(None, description="sales less the cost of goods sold")
    cost_of_goods_sold: Figure | None = None
    operating_expenses: Figure | None = None
    ebitda: Figure | None = None
    depreciation: Figure | None = Field(None, description="depreciation and amortisation")
    ebit: Figure | None = None
    net_income: Figure | None = Field(None, description="profit or loss of the year")
    total_assets: Figure | None = Field(None, description="balance-sheet total")
    current_assets: Figure | None = None
    inventory: Figure | None = Field(None, description="stocks")
    receivables: Figure | None = Field(None, description="what customers owe it")
    cash: Figure | None = Field(None, description="cash and equivalents")
    equity: Figure | None = Field(None, description="net worth")
    retained_earnings: Figure | None = Field(None, description="reserves included")
    total_liabilities: Figure | None = None
    current_liabilities: Figure | None = Field(None, description="liabilities due within a year")
    long_term_debt: Figure | None = Field(None, description="financial debt due beyond a year")

    @model_validator(mode="after")
    def _published_after_closing(self) -> Self:
        if self.published_on is not None and self.published_on < self.closed_on:
            raise PydanticCustomError("dates", "lies before closed_on", {"field": "published_on"})
        return self

    def row(self, today: dt.date) -> dict[str, Any]:
        """Return a row of the canonical table of accounts, less who it belongs to."""
        return {**self.model_dump(), "published_on": self.published_on or max(today, self.closed_on)}


class ProspectIn(_Request):
    """Somebody we have no history with."""

    name: Annotated[PlainText, Field(min_length=1, max_length=300)] | None = Field(
        None, description="needed where there is no siren to look up"
    )
    siren: Siren | None = Field(None, description="nine digits with a Luhn key; spaces are allowed")
    look_up: bool = Field(
        default=True,
        strict=True,
        description="fill in what is left out from public registers, where there is a siren; a batch takes "
        "kept answers alone. Notices of proceedings and closures count whatever is given",
    )
    country: str = Field("FR", pattern=r"^[A-Z]{2}$", description="ISO 3166 alpha-2")
    naf: Naf | None = Field(None, description="activity code such as 43.21A")
    legal_form: str | None = Field(
        None, pattern=r"^[0-9]{4}$", description="INSEE legal category; 1000 is a sole trader"
    )
    headcount: Annotated[float, Field(strict=True, ge=0, le=1e7)] | None = Field(None, description="staff")
    created_on: Day | None = Field(None, description="the company's creation")
    accounts: list[AccountsIn] = Field(default_factory=list, max_length=20)

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.name is None and (self.siren is None or not self.look_up):
            raise PydanticCustomError(
                "nobody", "give a name, or a siren to be looked up by", {"field": "name"}
            )
        return self

    def party(self) -> Party:
        """Return who this is; a sole trader is a natural person."""
        fields = self.model_dump(exclude={"accounts", "look_up"})
        return Party(customer_id=None, natural_person=self.legal_form == SOLE_TRADER, **fields)


class AssessmentIn(_Request):
    """A customer or a prospect, and what is asked for; what is left out follows habits and policy."""

    customer_id: CustomerId | None = Field(None, description="a customer of the portfolio")
    prospect: ProspectIn | None = Field(None, description="somebody who is not in it")
    amount_eur: Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=MOST_EUR)] | None = Field(
        None, description="the invoice asked about, incl. VAT"
    )
    terms_days: Annotated[int, Field(strict=True, ge=0, le=365)] | None = Field(
        None, description="days from the invoice to its due date"
    )
    yearly_forecast_eur: (
        Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=MOST_EUR)] | None
    ) = Field(None, description="sales expected over a year, incl. VAT")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.customer_id is None) == (self.prospect is None):
            came = "neither" if self.prospect is None else "both"
            raise PydanticCustomError(
                "one_of",
                "give either customer_id or prospect; {came} came",
                {"field": "customer_id", "came": came},
            )
        return self

    def request(self) -> CreditRequest:
        """Return what is asked for."""
        return CreditRequest(self.amount_eur, self.terms_days, self.yearly_forecast_eur)


class OverrideIn(_Request):
    """A limit or a grade in place of the model's, for a time."""

    customer_id: CustomerId
    kind: Literal["limit", "grade"]
    value: (
        Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=MOST_EUR)]
        | Literal["A", "B", "C", "D", "E"]
    ) = Field(description="euros for a limit, a letter for a grade")
    reason: Annotated[PlainText, Field(min_length=1, max_length=1000)] = Field(
        description="for who reads it later"
    )
    valid_until: Day = Field(description="the last day on which it is in force")
