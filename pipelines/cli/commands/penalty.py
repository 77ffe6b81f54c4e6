"""The command `encours penalty` on late interest.

Wiring only; `pipelines.cli.app` registers it.
"""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import CreditError
from models.wording.numerals import typed_decimal, unbroken
from pipelines.cli.wiring import LangOption

if TYPE_CHECKING:
    from models.law.imputation import Imputation

app = typer.Typer()
_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"]
"""Accepted date formats: 2024-05-31 or 31/05/2024."""
_IMPUTATIONS = {
    "principal": "principal",
    "capital": "principal",
    "interest": "interest",
    "interets": "interest",
}


@app.command()
def penalty(
    amount: Annotated[str, typer.Option(help="The invoice incl. VAT, EUR, such as 1250,40.")],
    due: Annotated[dt.datetime, typer.Option(formats=_FORMATS, help="The due date.")],
    paid: Annotated[
        dt.datetime, typer.Option(formats=_FORMATS, help="The day of payment, or up to which interest runs.")
    ],
    rate: Annotated[
        str | None, typer.Option(help="The contract's rate, percent a year, such as 12,5.")
    ] = None,
    part: Annotated[
        list[str] | None, typer.Option(help="Paid before, as DATE=EUR; may be given several times.")
    ] = None,
    rates: Annotated[Path | None, typer.Option(help="TOML table of rates by half-year.")] = None,
    judgment: Annotated[
        dt.datetime | None,
        typer.Option(formats=_FORMATS, help="The day a court's order to pay became enforceable."),
    ] = None,
    proceeding: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=_FORMATS, help="The judgment that opened a proceeding: interest stops (L622-28)."
        ),
    ] = None,
    imputation: Annotated[
        str,
        typer.Option(help="What parts are set against first: principal, or interest (art. 1343-1 C. civ.)."),
    ] = "principal",
    as_json: Annotated[bool, typer.Option("--json", help="The whole sum as JSON.")] = False,
    lang: LangOption = "fr",
) -> None:
    """Compute late interest by half-year and the flat indemnity; with --judgment, interest after it apart."""
    from models.law.judgment_interest import judgment_interest
    from models.law.legal_rates import load_rates
    from models.law.penalties import penalty as compute
    from pipelines.cli.console import penalty as console_penalty

    table, order = load_rates(rates), _imputation(imputation)
    share = None if rate is None else _share(rate, lang)
    parts = [_part(one) for one in part or ()]
    owed, opened_on = _decimal("--amount", amount), proceeding and proceeding.date()
    asked = (table, share, parts)
    found = compute(owed, due.date(), paid.date(), *asked, imputation=order, opened_on=opened_on)
    after = None
    if judgment is not None:
        judged_on = judgment.date()
        before = [one for one in parts if one[0] <= judged_on]
        left = compute(
            owed, due.date(), min(judged_on, paid.date()), table, share, before, imputation=order
        ).principal_left_eur
        later = [one for one in parts if one[0] > judged_on]
        if left:
            after = judgment_interest(
                left, judged_on, paid.date(), table, later, imputation=order, opened_on=opened_on
            )
    if as_json:
        told = {"penalty": found.document(), "judgment": after.document() if after else None}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        console_penalty.penalty(found, lang)
        if after is not None:
            console_penalty.judgment(after, lang)
        elif judgment is not None:
            console_penalty.settled(lang)


def _part(text: str) -> tuple[dt.date, Decimal]:
    written, sign, amount = text.partition("=")
    for form in _FORMATS if sign else ():
        with suppress(ValueError):
            return dt.datetime.strptime(written.strip(), form).date(), _decimal("--part", amount)  # noqa: DTZ007  # a day
    raise CreditError(f"--part is {text!r}; give a date and euros, as 2026-02-28=500 or 28/02/2026=500,00")


def _share(percent: str, lang: str) -> Decimal:
    found = _decimal("--rate", percent)
    if not 0 <= found <= 100:
        raise CreditError(f"--rate is {percent}; percent a year from 0 to 100 are allowed")
    if 0 < found < 1:
        meant = f"{found * 100:f}".rstrip("0").rstrip(".")
        in_words = {
            "fr": f"attention : --rate {percent} est lu comme {found:f} % par an ; pour {meant} %, "
            f"écrivez --rate {meant}",
            "en": f"warning: --rate {percent} is read as {found:f}% a year; for {meant}%, "
            f"write --rate {meant}",
        }
        typer.echo(unbroken(in_words[lang].replace(".", ",")) if lang == "fr" else in_words[lang], err=True)
    return found / 100


def _imputation(text: str) -> Imputation:
    found = _IMPUTATIONS.get(text.strip().lower().replace("é", "e").replace("ê", "e"))
    if found is None:
        raise CreditError(f"--imputation is {text!r}; principal and interest (intérêts) are known")
    return "interest" if found == "interest" else "principal"


def _decimal(name: str, text: str) -> Decimal:
    try:
        return typed_decimal(text)
    except CreditError as error:
        raise CreditError(f"{name} {error}") from error
