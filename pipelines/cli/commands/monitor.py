"""The command `encours monitor`, which monitors the champion models.

Wiring only; `pipelines.cli.app` registers it. Exit codes: 0 no retraining is due, 4 retraining is due, 2
refused with a one-line reason.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import wiring
from pipelines.cli.console import console
from pipelines.cli.wiring import DayOption, LedgerOption

app = typer.Typer()
RETRAINING_DUE = 4


@app.command()
def monitor(
    as_of: DayOption = None,
    ledger: LedgerOption = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for report.html, monitoring.json and encours.prom.")
    ] = None,
) -> None:
    """Watch the models in charge: drift, outcomes, and whether to retrain; exit code 4 where it is due."""
    from models.learning.registry import Registry
    from models.policy.document import load_policy
    from pipelines.cli.console import monitor as console_watch
    from pipelines.monitoring.document import write_json, write_prometheus
    from pipelines.monitoring.monitor import watch
    from pipelines.monitoring.page import write_page

    settings, params = wiring.settings(), wiring.params().monitor
    policy = load_policy(settings.policy_path)
    with console.step("Watching the models in charge"):
        with closing(wiring.store()) as store:
            night = store.current_run()
        with wiring.ledger_parts(ledger, as_of, until_last=True) as (parts, workers):
            told = watch(Registry(), parts, policy, params, night, workers)
    folder = out or settings.work / "monitoring"
    folder.mkdir(parents=True, exist_ok=True)
    write_page(told, folder / "report.html")
    write_json(told, folder / "monitoring.json")
    write_prometheus(told, folder / "encours.prom")
    console_watch.watched(told, folder)
    raise typer.Exit(RETRAINING_DUE if told.due else 0)
