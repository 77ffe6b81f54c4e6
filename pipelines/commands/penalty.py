"""The command on late interest: `encours penalty`.

Wiring only, as in `pipelines.cli`, which hangs it beside its own.
"""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from models.errors import CreditError
from pipelines import wiring
from pipelines.console import console

app = typer.Typer()
RequiredDay = Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"])]


@app.command()
def penalty(
    amount: Annotated[str, typer.Option(help="The invoice incl. VAT, EUR, such as 1250.40.")],
    due: RequiredDay,
    paid: RequiredDay,
    rate: Annotated[str | None, typer.Option(help="The contract's rate, percent a year, such as 12.")] = None,
    part: Annotated[
        list[str] | None, typer.Option(help="Paid before, as DATE=EUR; may be given several times.")
    ] = None,
    rates: Annotated[Path | None, typer.Option(help="TOML table of rates by half-year.")] = None,
    judgment: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day a court's order to pay became enforceable."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole sum as JSON.")] = False,
    lang: Annotated[str, typer.Option(help="fr or en")] = "fr",
) -> None:
    """Compute late interest by half-year and the flat indemnity; with --judgment, interest after it apart."""
    from models.law.judgment_interest import judgment_interest
    from models.law.legal_rates import load_rates
    from models.law.penalties import penalty as compute
    from pipelines.console import penalty as console_penalty

    if lang not in console.WORDS:
        wiring.refuse(f"--lang is {lang!r}; fr and en are spoken")
    table = load_rates(rates)
    share = None if rate is None else _share(rate)
    parts = [_part(one) for one in part or ()]
    owed = _decimal("--amount", amount)
    found = compute(owed, due.date(), paid.date(), table, share, parts)
    after = None
    if judgment is not None:
        after = judgment_interest(owed, judgment.date(), paid.date(), table)
    if as_json:
        told = {"penalty": found.document(), "judgment": after.document() if after else None}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        console_penalty.penalty(found, lang)
        if after is not None:
            console_penalty.judgment(after, lang)


def _part(text: str) -> tuple[dt.date, Decimal]:
    day, sign, amount = text.partition("=")
    try:
        if sign:
            return dt.date.fromisoformat(day), _decimal("--part", amount)
    except ValueError as error:
        raise CreditError(f"--part is {text!r}; {error}; give a date and euros, as 2026-02-28=500") from error
    raise CreditError(f"--part is {text!r}; give a date and euros, as 2026-02-28=500")


def _share(percent: str) -> Decimal:
    found = _decimal("--rate", percent)
    if not 0 <= found <= 100:
        raise CreditError(f"--rate is {percent}; percent a year from 0 to 100 are allowed")
    return found / 100


def _decimal(name: str, text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation as error:
        raise CreditError(f"{name} is {text!r}; give a number such as 1250.40") from error
    if not found.is_finite():
        raise CreditError(f"{name} is {text!r}; give a number such as 1250.40")
    return found
