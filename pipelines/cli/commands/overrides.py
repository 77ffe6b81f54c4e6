"""Commands on overrides: set, withdraw, list.

Wiring only; `pipelines.cli.app` registers them. A user who can run commands on this machine can write the
store: the caller is the system's user, with the role admin.
"""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli import wiring
from pipelines.cli.console import access as console_access
from pipelines.cli.console import console
from pipelines.cli.wiring import ReasonOption

if TYPE_CHECKING:
    from serving.store import Override, OverrideKind

override = typer.Typer(
    no_args_is_help=True, help="Limits and grades that a person set in place of the model."
)

Customer = Annotated[str, typer.Argument(help="The customer's id.")]


@override.command("set")
def override_set(
    customer: Customer,
    reason: ReasonOption,
    until: Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day it is in force.")],
    limit: Annotated[float | None, typer.Option(min=0, help="The limit, EUR.")] = None,
    grade: Annotated[str | None, typer.Option(help="The grade, A to E.")] = None,
) -> None:
    """Set a limit or a grade within what the policy allows; the model's own answer stays beside it."""
    if (limit is None) == (grade is None):
        wiring.refuse("give either --limit or --grade")
    with closing(wiring.store()) as store:
        set_override, _ = wiring.setting_overrides(store)
        kind: OverrideKind = "limit" if grade is None else "grade"
        value = float(limit or 0.0) if grade is None else grade
        made = set_override(customer, kind, value, reason, until.date(), wiring.caller())
    _say(made.override)


@override.command("withdraw")
def override_withdraw(
    number: Annotated[int, typer.Argument(min=1, help="The override's number, as `list` shows it.")],
    reason: ReasonOption,
) -> None:
    """Take an override back; both stay in the history."""
    with closing(wiring.store()) as store:
        _, withdraw_override = wiring.setting_overrides(store)
        ended = withdraw_override(number, reason, wiring.caller()).override
    console.say(f"override {ended.override_id} of {ended.customer_id} is withdrawn")


@override.command("list")
def override_list(
    customer: Annotated[str | None, typer.Argument(help="The customer's id; all without it.")] = None,
) -> None:
    """List overrides, withdrawn ones too, with what the model said beside each."""
    with closing(wiring.store()) as store:
        console_access.overrides(store.overrides(customer), store.now().date())


def _say(made: Override) -> None:
    own = made.own["limit_eur" if made.kind == "limit" else "grade"]
    console.say(
        f"override {made.override_id}: {made.customer_id} has {console_access.worth(made.value)} until "
        f"{made.valid_until}; the model says {console_access.worth(own)}"
    )
