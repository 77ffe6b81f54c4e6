"""The command that decides on an order: `encours decide`.

Wiring only, as in `pipelines.cli.app`, which hangs it beside its own.
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
    from models.assessment.assessment import CreditRequest
    from models.assessment.assessor import load_assessor
    from models.assessment.counterfactuals import counterfactuals
    from models.assessment.order_assessment import decide_for, request_for
    from models.policy.decision.exposure import Commitments
    from models.policy.decision.order import Order
    from pipelines.cli.asking import in_force, state_of_customer
    from pipelines.cli.console import decide as console_decide

    commitments = Commitments(delivered, ordered, deposits)
    order = Order(amount, terms, deposit / 100, prepaid, basis, means, commitments=commitments)
    order.check()
    today = dt.datetime.now(dt.UTC).date()
    with closing(wiring.store()) as store:
        state = state_of_customer(store, customer)
        path, request = wiring.settings().policy_path, CreditRequest(yearly_forecast_eur=forecast)
        assessor = load_assessor(path)
        found = decide_for(
            assessor,
            state,
            request,
            order,
            lambda answer: in_force(store, answer, path, today).document(),
            asker=role,
        )
    answer, decision = found.assessment, found.decision
    asked = request_for(state, request, order)
    helps = counterfactuals(assessor, state, asked, order, found.limit_eur, found.grade, role)
    if as_json:
        told = {
            "decision": decision.document(),
            "counterfactuals": [one.document() for one in helps],
            "assessment": answer.document(),
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        console_decide.decided(answer, decision, helps, lang)
