"""Parser of yearly ratios published by SIREN by INPI and the Banque de France (data set ratios_inpi_bce).

Owns its fields and their units, which are data in `ratio_fields.toml`. The set gives neither the day of
publication nor the length of the year: accounts count from the day the set was made or read.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import RegisterError
from models.ledger.tables import FIGURES
from serving.registers.client import Register
from serving.registers.dates import day_in, plain
from serving.registers.documents import fields_of, number, records_in, text
from serving.registers.identifiers import siren_in
from serving.registers.yearly_accounts import YearAccounts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from serving.registers.client import RegisterClient, RegisterResponse
    from serving.registers.settings import RegisterSettings

NAME = "Ratios INPI/BCE"
GROUP = "K"
"""The kind of balance sheet that covers a whole group, not the customer alone."""

_UNITS = ("EUR", "percent", "days", "years")
_BESIDE = frozenset({"siren", "date_cloture_exercice", "type_bilan", "confidentiality"})


@dataclass(frozen=True, slots=True)
class RatioRow:
    """A row of the set: whether it is a group's, its accounts, and its unlisted fields."""

    group: bool
    accounts: YearAccounts
    unknown: tuple[str, ...]


@cache
def fields() -> dict[str, str]:
    """Map each field to the ledger's figure, empty for fields without one.

    Raises
    ------
    RegisterError
        The table cannot be read, or names a figure or a unit that there is not.
    """
    path = Path(__file__).with_name("ratio_fields.toml")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RegisterError(f"the table of ratios {path} cannot be read: {error}") from error
    known = {name for name, _ in FIGURES}
    for name, row in table.items():
        if row.get("unit") not in _UNITS:
            raise RegisterError(f"{path}: {name} has unit {row.get('unit')!r}, none of {', '.join(_UNITS)}")
        if "figure" in row and (row["figure"] not in known or row["unit"] != "EUR"):
            raise RegisterError(f"{path}: {name} is no figure of a ledger in EUR")
    return {name: row.get("figure", "") for name, row in table.items()}


def register(settings: RegisterSettings) -> Register:
    """Return the register's address and limits."""
    return Register(NAME, settings.ratios_url, settings.ratios_per_s)


def fetch(client: RegisterClient, siren: str) -> list[YearAccounts]:
    """Return a company's own accounts, the latest last; empty if none are published.

    Raises
    ------
    RegisterAwayError, RegisterError
        The register is away, or answers something else.
    """
    question = {"where": f'siren="{siren}"', "order_by": "date_cloture_exercice desc", "limit": "100"}
    path = "catalog/datasets/ratios_inpi_bce/records"
    return client.fetch(
        register(client.settings), path, lambda answer: accounts_in_answer(answer, siren), question
    )


def accounts_in_answer(answer: RegisterResponse, siren: str) -> list[YearAccounts]:
    """Parse an answer about one SIREN, v1 or v2.1.

    Raises
    ------
    RegisterError
        It is no list of records, or a record cannot be read or is about another company.
    """
    found = [row_of(record, answer.fetched_on) for record in records_in(answer.document)]
    others = {row.accounts.siren for row in found} - {siren}
    if others:
        raise RegisterError(f"{NAME} answered about {min(others)}, asked for {siren}")
    return own(found)


def row_of(record: object, read_on: dt.date) -> RatioRow:
    """Parse one record.

    Raises
    ------
    RegisterError
        It lacks a SIREN or the end of the year.
    """
    given = fields_of(record)
    siren, closed_on = siren_in(text(given, "siren")), day_in(text(given, "date_cloture_exercice"))
    if siren is None or closed_on is None:
        raise RegisterError("a year's ratios need siren and date_cloture_exercice")
    made_on = day_in(text(record, "record_timestamp")) or read_on
    if closed_on > read_on:
        raise RegisterError(f"the year ends on {closed_on}, after it was read")
    confidential = not plain(text(given, "confidentiality") or "public").startswith("public")
    table = fields()
    figures = {
        figure: value
        for name, figure in table.items()
        if figure and not confidential and (value := number(given, name)) is not None
    }
    accounts = YearAccounts(
        siren, closed_on, max(min(made_on, read_on), closed_on), confidential, None, NAME, figures
    )
    unknown = tuple(sorted(set(given) - set(table) - _BESIDE))
    return RatioRow(text(given, "type_bilan").upper() == GROUP, accounts, unknown)


def own(found: Iterable[RatioRow]) -> list[YearAccounts]:
    """Return a year's own accounts, one for each company and year, groups' left out, sorted by year."""
    kept = {
        (row.accounts.siren, row.accounts.closed_on): row.accounts
        for row in sorted(found, key=lambda row: row.accounts.known_on)
        if not row.group
    }
    return [kept[key] for key in sorted(kept)]
