"""The commands `encours backup`, `encours restore` and `encours prune`: wiring only."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import wiring
from pipelines.cli.console import console
from pipelines.cli.console import maintenance as console_maintenance
from pipelines.cli.wiring import LangOption, LedgerOption

app = typer.Typer()


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="Folder to make; an empty one is used.")],
    ledger: LedgerOption = None,
    lang: LangOption = "fr",
) -> None:
    """Back up store, ledger, models and policy as one folder, while they are in use."""
    from models.ledger.files import require_ledger
    from pipelines.maintenance.backup import back_up
    from pipelines.maintenance.installation import Installation

    if ledger is not None:
        require_ledger(ledger)
    installation = Installation.of(wiring.settings(), ledger)
    with closing(wiring.store()) as store:
        manifest = back_up(folder, installation, store)
    console_maintenance.backed_up(folder, manifest, installation, lang)


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="Folder of a backup.")],
    ledger: LedgerOption = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the data that are there; they are lost.")
    ] = False,
    lang: LangOption = "fr",
) -> None:
    """Verify a backup and put it in place; stop the server and the night before."""
    from pipelines.maintenance.installation import Installation
    from pipelines.maintenance.restore import restore as put_back

    installation = Installation.of(wiring.settings(), ledger)
    manifest = put_back(folder, installation, replace=replace)
    console_maintenance.restored(manifest, lang)


@app.command()
def prune(
    keep: Annotated[int, typer.Option("--keep", min=1, help="Nights whose documents stay.")] = 7,
    answers: Annotated[
        int, typer.Option("--answers", min=1, help="Days for which answers of registers stay.")
    ] = 400,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    ledger: LedgerOption = None,
    lang: LangOption = "fr",
) -> None:
    """Remove documents of past nights, old versions of the ledger and old answers of registers.

    What the audit log needs for replays stays, and so does the history that pages show.
    """
    from pipelines.maintenance.pruning import prune as remove
    from serving.registers.settings import RegisterSettings

    with closing(wiring.store()) as store:
        report = remove(
            store,
            ledger or wiring.settings().ledger,
            RegisterSettings().cache,
            keep=keep,
            answers_before=store.now() - dt.timedelta(days=answers),
            dry=dry_run,
            waits=lambda who: console.night_waits(who, lang),
        )
    console_maintenance.pruned(report, lang)
