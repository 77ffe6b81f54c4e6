"""The command `encours risk`, which shows what the portfolio may lose within a year.

Wiring only; `pipelines.cli.app` registers it.
"""

from __future__ import annotations

import json
from contextlib import closing
from typing import Annotated

import typer

from pipelines.cli import wiring
from pipelines.cli.wiring import LangOption

app = typer.Typer()


@app.command()
def risk(
    more_eur: Annotated[
        float,
        typer.Option("--more-cover", min=0, max=1e9, help="More cover on the ten largest risks, in euros."),
    ] = 50_000.0,
    covered_share: Annotated[
        float, typer.Option(min=0, max=1, help="Share of every insured loss that another cover would pay.")
    ] = 0.80,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    lang: LangOption = "fr",
) -> None:
    """Show what the published night may lose within a year, who bears it, concentrations and the cover."""
    from models.policy.document import load_policy
    from models.portfolio.cover import CoverChange
    from pipelines.cli.console import risk as console_risk
    from serving.usecases.portfolio_risk import PortfolioRisk
    from serving.usecases.subjects import published_run

    policy = load_policy(wiring.settings().policy_path)
    with closing(wiring.store()) as store:
        reports = PortfolioRisk(lambda: store, lambda: policy)
        found = reports(published_run(store), CoverChange(more_eur, covered_share))
    if as_json:
        typer.echo(json.dumps(found.document(), ensure_ascii=False, indent=1))
    else:
        console_risk.risk(found, lang)
