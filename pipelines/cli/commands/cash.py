"""The command `encours cash`, which prints the receipts expected in the coming weeks.

Wiring only; `pipelines.cli.app` registers it.
"""

from __future__ import annotations

import json
from contextlib import closing
from enum import StrEnum
from typing import Annotated

import typer

from models.errors import CreditError
from pipelines.cli import wiring
from pipelines.cli.wiring import LangOption

app = typer.Typer()


class Grouping(StrEnum):
    """What receipts are grouped by."""

    grade = "grade"
    sector = "sector"
    group = "group"


@app.command()
def cash(
    by: Annotated[
        Grouping | None, typer.Option(help="Also by grade, by sector or by legal group of the customers.")
    ] = None,
    with_sales: Annotated[
        bool, typer.Option("--with-sales", help="Also what sales to come may bring, in a column of its own.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The whole answer as JSON.")] = False,
    lang: LangOption = "fr",
) -> None:
    """Forecast the receipts of thirteen weeks from the open invoices of the published night."""
    from pipelines.cli.console import cash as console_cash
    from serving.usecases.cash import cash_forecast

    with closing(wiring.store()) as store:
        found = cash_forecast(store)
    if found is None:
        raise CreditError("the published night has no cash forecast; run `encours nightly`")
    if as_json:
        typer.echo(json.dumps(found.document(), ensure_ascii=False))
    else:
        console_cash.cash(found, by, lang, with_sales=with_sales)
