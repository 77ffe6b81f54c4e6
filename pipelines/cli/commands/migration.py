"""The command `encours migration`, which prints how grades migrate and how past quarters were paid.

Wiring only; `pipelines.cli.app` registers it.
"""

from __future__ import annotations

import datetime as dt
import json
from contextlib import closing
from typing import Annotated

import typer

from pipelines.cli import wiring
from pipelines.cli.wiring import LangOption

app = typer.Typer()


@app.command()
def migration(
    since: Annotated[
        dt.datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="Leave out the nights before this day."),
    ] = None,
    horizon: Annotated[int, typer.Option(help="Horizon of the matrices, in months (1 to 60).")] = 12,
    as_json: Annotated[bool, typer.Option("--json", help="The whole answer as JSON.")] = False,
    lang: LangOption = "fr",
) -> None:
    """Estimate how grades migrate within a horizon, from the published nights, and how quarters were paid."""
    from pipelines.cli.console import migration as console_migration
    from serving.usecases.grade_migration import grade_migration

    with closing(wiring.store()) as store:
        found = grade_migration(store, None, None if since is None else since.date(), horizon)
    if as_json:
        typer.echo(json.dumps(found.document(), ensure_ascii=False))
    else:
        console_migration.migration(found, lang)
