"""The command `encours stress` on stress scenarios.

Wiring only; `pipelines.cli.app` registers it. Exit codes: 0 done, 2 refused, with one line per fault.
"""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import wiring
from pipelines.cli.wiring import LangOption

app = typer.Typer()


@app.command()
def stress(
    scenario: Annotated[
        str | None, typer.Argument(help="A TOML file, or the name of a scenario that ships; none lists them.")
    ] = None,
    reverse: Annotated[
        float | None, typer.Option(min=1.0, help="An amount in euros: also find what loses it.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON, with every customer whose figures change.")
    ] = False,
    lang: LangOption = "fr",
) -> None:
    """Put last night's portfolio under a stress scenario: grades, limits, losses and breaches."""
    from dataclasses import asdict

    from models.policy.document import load_policy
    from models.portfolio.scenario import scenario_from_text
    from pipelines.cli.console import console
    from pipelines.cli.console import stress as console_stress
    from serving.usecases.stress import shipped_scenarios, stress_answer, stress_base
    from serving.usecases.subjects import published_run

    if scenario is None:
        console_stress.listed(shipped_scenarios(), lang)
        return
    text = _text(scenario)
    with closing(wiring.store()) as store:
        # The scenario is read first: its faults are told without reading a portfolio.
        told = scenario_from_text(text, scenario, published_run(store).key.as_of)
        run, base = stress_base(store, load_policy(wiring.settings().policy_path), wiring.today())
    answer = stress_answer(run, base, told, scenario, reverse)
    if as_json:
        changed = (asdict(one) for one in answer.customers if one.before != one.after)
        console.say(json.dumps({**answer.document(), "customers_changed": list(changed)}, ensure_ascii=False))
        return
    console_stress.answered(answer, lang)


def _text(scenario: str) -> str:
    from serving.usecases.stress import shipped_text

    path = Path(scenario)
    if path.suffix != ".toml":
        return shipped_text(scenario)
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        wiring.refuse(f"{scenario} cannot be read: {error}; check its name")
