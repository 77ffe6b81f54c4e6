"""Commands on legal entities: list, suggest, join and split.

Wiring only; `pipelines.cli.app` registers them.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from pipelines.cli import wiring
from pipelines.cli.console import console
from pipelines.cli.wiring import ByOption, LangOption, LedgerOption, ReasonOption

entities = typer.Typer(
    no_args_is_help=True, help="Customer numbers that are one legal entity: one risk, one limit."
)

Number = Annotated[str, typer.Argument(help="A customer's number.")]


@entities.command("list")
def entities_list(ledger: LedgerOption = None, lang: LangOption = "fr") -> None:
    """List legal entities of several customer numbers, and what was decided."""
    from models.ledger.decision_file import read_decisions
    from models.ledger.entity_files import read_joined
    from models.ledger.versions import reading
    from pipelines.cli.console import entities as console_entities

    with reading(ledger or wiring.settings().ledger) as version:
        console_entities.standing(read_joined(version), read_decisions(version), lang)


@entities.command("matches")
def entities_matches(
    ledger: LedgerOption = None,
    least: Annotated[float, typer.Option(min=50, max=100, help="The least likeness of names offered.")] = 90,
    lang: LangOption = "fr",
) -> None:
    """Offer customer numbers without SIREN whose names are like another's; nothing is joined."""
    from models.ledger.decision_file import read_decisions
    from models.ledger.entity_files import read_joined_ledger
    from models.ledger.versions import reading
    from pipelines.cli.console import entities as console_entities
    from pipelines.entities.suggestions import find_offers

    with reading(ledger or wiring.settings().ledger) as version:
        found = find_offers(read_joined_ledger(version).customers, read_decisions(version), least)
    console_entities.offered(found, lang)


@entities.command("join")
def entities_join(
    one: Number, other: Number, reason: ReasonOption, by: ByOption = None, ledger: LedgerOption = None
) -> None:
    """Decide that two customer numbers are one legal entity; the next night counts them together."""
    from pipelines.entities.decisions import join

    with wiring.changing(ledger or wiring.settings().ledger) as draft:
        made = join(draft, one, other, by or wiring.user(), reason, dt.datetime.now(dt.UTC))
    console.say(f"{made.customer_id} and {made.other_id} are one legal entity from the next night on")


@entities.command("split")
def entities_split(
    one: Number, other: Number, reason: ReasonOption, by: ByOption = None, ledger: LedgerOption = None
) -> None:
    """Decide that two customer numbers are not one legal entity: undoes a join, ends an offer."""
    from pipelines.entities.decisions import split

    with wiring.changing(ledger or wiring.settings().ledger) as draft:
        made = split(draft, one, other, by or wiring.user(), reason, dt.datetime.now(dt.UTC))
    console.say(
        f"{made.customer_id} and {made.other_id} are apart from the next night on, and not offered again"
    )
