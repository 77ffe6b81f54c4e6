"""Commands on cases: list, accept, refuse.

Wiring only; `pipelines.cli.app` registers them. The system's user answers with the level that the policy
gives an administrator, as on the pages.
"""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli import wiring
from pipelines.cli.console import cases as console_cases
from pipelines.cli.wiring import LangOption, ReasonOption

if TYPE_CHECKING:
    from serving.usecases.case_answers import CaseOutcome

cases = typer.Typer(no_args_is_help=True, help="Orders and limits sent to the credit department.")

MOST_LISTED = 500
Number = Annotated[int, typer.Argument(min=1, help="The case's number, as `list` shows it.")]


@cases.command("list")
def cases_list(
    every: Annotated[bool, typer.Option("--all", help="Answered ones too; else those that wait.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As the API answers.")] = False,
    lang: LangOption = "fr",
) -> None:
    """List cases, the newest first; at most 500."""
    from serving.store import PENDING, CaseFilter
    from serving.usecases.cases import CaseDesk

    wanted = CaseFilter() if every else CaseFilter(states=PENDING)
    with closing(wiring.store()) as store, wiring.crediting(store) as services:
        found = CaseDesk(services).page(wanted, wiring.caller(), MOST_LISTED, 0)
    if as_json:
        typer.echo(json.dumps([one.document() for one in found.items], ensure_ascii=False, indent=1))
    else:
        console_cases.listed(found, lang)


@cases.command("accept")
def cases_accept(number: Number, reason: ReasonOption, lang: LangOption = "fr") -> None:
    """Accept what a case asks; an accepted limit is in force at once."""
    _answer(number, "accept", reason, lang)


@cases.command("refuse")
def cases_refuse(number: Number, reason: ReasonOption, lang: LangOption = "fr") -> None:
    """Refuse what a case asks."""
    _answer(number, "refuse", reason, lang)


def _answer(number: int, outcome: CaseOutcome, reason: str, lang: str) -> None:
    from serving.usecases.case_answers import AnswerCase, CaseAnswer

    with closing(wiring.store()) as store, wiring.crediting(store) as services:
        answer = AnswerCase(services, lambda: None)
        console_cases.answered(answer(number, CaseAnswer(outcome, reason), wiring.caller()), lang)
