"""Parser of the Banque de France's balance sheets: lines by form and code as the ledger's figures.

Owns the format of the answer; `balance_lines.toml` defines the lines of each figure. An answer states neither
company nor publication date: the caller supplies both.
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
from serving.registers.dates import month_end_in
from serving.registers.documents import number, part, rows, text
from serving.registers.yearly_accounts import YearAccounts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from serving.registers.client import RegisterClient
    from serving.registers.settings import RegisterSettings

NAME = "Banque de France"
_MONEY = "MOA"


@dataclass(frozen=True, slots=True)
class FigureFormula:
    """A figure as a signed sum of lines: required and optional ones."""

    figure: str
    needs: tuple[tuple[str, int], ...]
    lines: tuple[tuple[str, int], ...]


@cache
def recipes() -> tuple[FigureFormula, ...]:
    """Return the formulas of the table, in its order.

    Raises
    ------
    RegisterError
        The table cannot be read, or a recipe makes no figure of a ledger or needs no line.
    """
    path = Path(__file__).with_name("balance_lines.toml")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))["recipe"]
    except (OSError, KeyError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RegisterError(f"the table of balance-sheet lines {path} cannot be read: {error}") from error
    known = {name for name, _ in FIGURES}
    for place, row in enumerate(table, 1):
        if row.get("figure") not in known or not row.get("needs"):
            raise RegisterError(f"{path}: recipe {place} makes no figure of a ledger, or needs no line")
    return tuple(
        FigureFormula(row["figure"], _signed(row["needs"]), _signed(row.get("lines", []))) for row in table
    )


def _signed(lines: list[str]) -> tuple[tuple[str, int], ...]:
    return tuple((line.removeprefix("-"), -1 if line.startswith("-") else 1) for line in lines)


def register(settings: RegisterSettings) -> Register:
    """Return the register's address and limits; a token is required."""
    token = settings.balance_token
    headers = {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}
    return Register(NAME, settings.balance_url, settings.balance_per_s, headers)


def fetch(client: RegisterClient, siren: str) -> list[YearAccounts]:
    """Return a company's balance sheets, the latest last; empty if there are none.

    Raises
    ------
    RegisterAwayError, RegisterError
        The register is away, or answers something else.
    """
    question = {
        "recipient": client.settings.balance_recipient,
        "context": "Crédit client",
        "object": "Assessment of a customer",
    }
    return client.fetch(
        register(client.settings),
        f"unites_legales/{siren}/bilans",
        lambda answer: accounts_in(answer.document, siren, answer.fetched_on),
        question,
    )


def accounts_in(document: object, siren: str, known_on: dt.date) -> list[YearAccounts]:
    """Parse an answer into each year's accounts, sorted by year.

    Raises
    ------
    RegisterError
        It is no list of balance sheets, or one of them lacks the end of its year.
    """
    if document is None:
        return []
    sheets = part(document, "data")
    if not isinstance(sheets, list):
        raise RegisterError(f"{NAME} answered without a list of balance sheets under data")
    made = [sheet_of(part(sheet, "data"), siren, known_on) for sheet in rows(sheets)]
    return sorted(made, key=lambda one: one.closed_on)


def sheet_of(sheet: object, siren: str, known_on: dt.date) -> YearAccounts:
    """Parse one balance sheet; a year given by its month ends with it.

    Raises
    ------
    RegisterError
        It lacks the end of its year.
    """
    closed_on = month_end_in(text(sheet, "date_arrete_exercice"))
    if closed_on is None:
        raise RegisterError(
            f"date_arrete_exercice {text(sheet, 'date_arrete_exercice')!r} is no month or day"
        )
    months = number(sheet, "duree_exercice")
    return YearAccounts(
        siren, closed_on, max(known_on, closed_on), confidential=False, months=months, source=NAME,
        figures=figures_of(lines_of(sheet)),
    )  # fmt: skip


def lines_of(sheet: object) -> dict[str, float]:
    """Return the amounts of a balance sheet by `form.code`; computed ones under `computed`."""
    found: dict[str, float] = {}
    for declaration in rows(part(sheet, "declarations")):
        form = text(declaration, "numero_imprime")[:4]
        for line in rows(part(declaration, "donnees")):
            values = part(line, "valeurs")
            amount = number({"value": values[0]}, "value") if isinstance(values, list) and values else None
            kind = text(line, "code_type_donnee") or _MONEY
            if amount is not None and kind == _MONEY:
                found[f"{form}.{text(line, 'code')}"] = amount
    for block in rows(part(sheet, "valeurs_calculees")):
        for name in block:
            amount = number(block, name, "valeur")
            if amount is not None:
                found[f"computed.{name}"] = amount
    return found


def figures_of(lines: Mapping[str, float]) -> dict[str, float]:
    """Compute the ledger's figures from lines, each by the first formula whose required lines are present."""
    figures: dict[str, float] = {}
    for recipe in recipes():
        if recipe.figure in figures or not all(line in lines for line, _ in recipe.needs):
            continue
        terms = (*recipe.needs, *recipe.lines)
        figures[recipe.figure] = sum(sign * lines.get(line, 0.0) for line, sign in terms)
    return figures
