"""The command `encours decide` on an order.

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
def decide(
    customer: Annotated[str, typer.Argument(help="The customer's id.")],
    amount: Annotated[float, typer.Option(help="The order, EUR incl. VAT.")],
    terms: Annotated[int, typer.Option(help="Days of the payment terms.")],
    basis: Annotated[
        str, typer.Option(help="net (from the invoice), eom_plus (end of month, then days) or plus_eom.")
    ] = "net",
    deposit: Annotated[float, typer.Option(help="Paid before delivery, percent of the order.")] = 0.0,
    prepaid: Annotated[bool, typer.Option("--prepaid", help="All of it is paid before delivery.")] = False,
    means: Annotated[
        str, typer.Option(help="transfer, direct_debit, bill_of_exchange or guarantee.")
    ] = "transfer",
    delivered: Annotated[float, typer.Option(help="Earlier orders delivered, on no invoice yet, EUR.")] = 0.0,
    ordered: Annotated[float, typer.Option(help="Earlier orders not delivered yet, EUR.")] = 0.0,
    deposits: Annotated[float, typer.Option(help="Deposits received for such orders, EUR.")] = 0.0,
    forecast: Annotated[float | None, typer.Option(help="Sales expected over a year, EUR.")] = None,
    role: Annotated[
        str | None, typer.Option(help="Who asks, as the policy's approval levels name it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole answer as JSON.")] = False,
    lang: LangOption = "fr",
) -> None:
    """Decide on an order now, with what last night published: outcome, conditions, what would help."""
    from models.policy.decision.exposure import Commitments
    from models.policy.decision.order import Order
    from pipelines.cli.console import decide as console_decide
    from pipelines.cli.questions import decision_question, require_customer

    commitments = Commitments(delivered, ordered, deposits)
    order = Order(amount, terms, deposit / 100, prepaid, basis, means, commitments=commitments)
    question, caller = decision_question(customer, order, forecast), wiring.caller(role)
    with closing(wiring.store()) as store:
        require_customer(store, customer)
        with wiring.deciding(store) as use_case:
            found = use_case(question, caller, with_changes=True)
    assessment, decision, changes = found.answer.assessment, found.decision, found.changes
    if as_json:
        told = {
            "decision": decision.document(),
            "counterfactuals": [one.document() for one in changes],
            "assessment": assessment.document(),
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        console_decide.decided(assessment, decision, changes, lang)
