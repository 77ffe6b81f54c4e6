"""Writes `serving/api/examples.json`: questions to the API and what a small demo answers, lists cut short.

Run it with `python -m tests.serving.make_examples` where the shape of an answer has changed.
"""

import datetime as dt
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from serving.api.description import EXAMPLES
from serving.app import create_app
from serving.callers import Caller
from serving.settings import Settings
from serving.usecases.provisions import Provisions
from tests.models.fitted import fitted
from tests.models.portfolio.provision_cases import AS_OF, a_claim, a_closing
from tests.serving.asked_registers import asked as asked_registers
from tests.serving.asked_registers import insolvent
from tests.serving.fakes import TestClient
from tests.serving.registers.samples import ONE
from tests.serving.served import ASSIGNEE, Served, served

SHOWN = 2
PROMISED_ON = "2099-12-31"
PROSPECT = {
    "name": "Menuiserie Exemple",
    "naf": "43.32A",
    "legal_form": "5499",
    "headcount": 12,
    "created_on": "2011-05-02",
    "accounts": [
        {"closed_on": "2025-12-31", "turnover": 1_850_000, "equity": 240_000, "total_assets": 910_000}
    ],
}
PENALTY = {
    "amount_eur": "1200.50",
    "due_on": "2025-05-31",
    "paid_on": "2025-08-20",
    "contract_rate": "0.05",
    "payments": [{"paid_on": "2025-06-15", "amount_eur": "200.50"}],
}


def asked(who: str) -> dict[str, tuple[str, str, dict[str, Any] | None]]:
    """Method, path and question of every operation, by its name."""
    order = {"customer_id": who, "amount_eur": 12_000.0, "terms_days": 30}
    many = {"items": [{"customer_id": who}, {"customer_id": "unknown"}]}
    return {
        "health_healthz": ("get", "/healthz", None),
        "health_readyz": ("get", "/readyz", None),
        "assessments_assess": ("post", "/v1/assessments", {"prospect": PROSPECT, "amount_eur": 4_000.0}),
        "assessments_assess_many": ("post", "/v1/assessments/batch", many),
        "decisions_decide": ("post", "/v1/decisions", order),
        "customers_search": ("get", "/v1/customers?limit=2", None),
        "customers_customer": ("get", f"/v1/customers/{who}?counterfactuals=true", None),
        "portfolio_portfolio": ("get", "/v1/portfolio", None),
        "portfolio_history": ("get", "/v1/portfolio/history", None),
        "cash_cash": ("get", "/v1/cash", None),
        "stress_shipped": ("get", "/v1/stress", None),
        "stress_stress": ("post", "/v1/stress", {"name": "severe_recession", "reverse_eur": 100_000.0}),
        "migration_migration": ("get", "/v1/migration", None),
        "risk_risk": ("get", "/v1/risk", None),
        "alerts_alerts": ("get", "/v1/alerts?limit=2", None),
        "worklist_worklist": ("get", "/v1/worklist?limit=2", None),
        "penalties_penalties": ("post", "/v1/penalties", PENALTY),
        "models_models": ("get", "/v1/models", None),
        "policy_policy": ("get", "/v1/policy", None),
    }


def examples(place: Served) -> dict[str, dict[str, Any]]:
    """Ask everything, and cut the answers short."""
    who = place.store.customers_by_risk(60)[-1].customer_id
    client = place.client("admin")
    found = {name: ask(client, *call) for name, call in asked(who).items()}
    answer_id = client.post("/v1/assessments", json={"customer_id": who}).json()["answer_id"]
    found["assessments_look_up"] = ask(client, "get", f"/v1/assessments/{answer_id}", None)
    found["assessments_replay_answer"] = ask(client, "get", f"/v1/assessments/{answer_id}/replay", None)
    found["overrides_add"] = ask(client, "post", "/v1/overrides", an_override(who))
    kept = found["overrides_add"]["answer"]["override_id"]
    found["overrides_read"] = ask(client, "get", f"/v1/overrides?customer_id={who}", None)
    withdrawn = f"/v1/overrides/{kept}?reason=Garantie+non+obtenue+de+la+maison+m%C3%A8re"
    found["overrides_withdraw"] = ask(client, "delete", withdrawn, None)
    promised = {"customer_id": who, "kind": "promise", "amount_eur": 1000.0, "until": PROMISED_ON}
    promised["note"] = "M. Martin rappelle après le virement"
    found["worklist_record_action"] = ask(client, "post", "/v1/worklist/actions", promised)
    chased = place.store.worklist(limit=1).items[0].customer_id
    found["worklist_letter"] = ask(client, "get", f"/v1/worklist/letter?customer_id={chased}", None)
    found["worklist_actions"] = ask(client, "get", f"/v1/worklist/actions?customer_id={who}", None)
    reviewed = {"customer_ids": [who], "note": "Comptes 2025 lus : rien à changer"}
    found["reviews_add"] = ask(client, "post", "/v1/reviews", reviewed)
    found["reviews_read"] = ask(client, "get", f"/v1/reviews?customer_id={who}", None)
    assigned = {"customer_ids": [who], "assignee": ASSIGNEE}
    found["assignments_add"] = ask(client, "post", "/v1/assignments", assigned)
    found["assignments_read"] = ask(client, "get", f"/v1/assignments?assignee={ASSIGNEE}", None)
    found |= cases(client, who)
    keep_closing(place)
    found["provisions_closings"] = ask(client, "get", "/v1/provisions", None)
    of_customer = f"/v1/provisions/{AS_OF}?customer_id=C1"
    found["provisions_closing"] = ask(client, "get", of_customer, None)
    found["audit_read"] = ask(client, "get", "/v1/audit?limit=2", None)
    found["registers_look_up"] = looked_up(place)
    return found


def keep_closing(place: Served) -> None:
    """Keep a closing of three claims, as the command does."""
    claims = a_claim(1, 45), a_claim(2, 10), a_claim(6, 120, reason="receivership")
    Provisions(lambda: place.store).keep(a_closing(*claims), Caller("anne", "system", "command"))


def cases(client: TestClient, who: str) -> dict[str, dict[str, Any]]:
    """Ask for a limit, comment it and take it back; what one person asks, another must answer."""
    reason = "Le client double ses commandes au printemps"
    wish = {"customer_id": who, "limit_eur": 1_000.0, "reason": reason}
    found = {"cases_send": ask(client, "post", "/v1/cases", wish)}
    case_id = found["cases_send"]["answer"]["case_id"]
    place, said = f"/v1/cases/{case_id}", {"reason": "Bilan 2025 transmis par le client"}
    found["cases_comment"] = ask(client, "post", f"{place}/comments", said)
    found["cases_get"] = ask(client, "get", place, None)
    found["cases_read"] = ask(client, "get", f"/v1/cases?customer_id={who}&limit=2", None)
    refusal = {"outcome": "refuse", "reason": "Le bilan ne porte pas ce plafond"}
    found["cases_answer"] = ask(served().client("analyst"), "post", f"{place}/answer", refusal)
    other = client.post("/v1/cases", json=wish).json()["case_id"]
    back = {"reason": "Le client paie à la commande"}
    found["cases_withdraw"] = ask(client, "post", f"/v1/cases/{other}/withdrawal", back)
    return found


def looked_up(place: Served) -> dict[str, Any]:
    """Look a made-up company up in registers of this machine."""
    with TemporaryDirectory() as folder, asked_registers(insolvent(), Path(folder)) as (lookups, _):
        app = create_app(Settings(_env_file=None), fitted().assessor, place.store, lookups)  # type: ignore[call-arg]  # pydantic-settings' own
        client = TestClient(app, headers={"X-API-Key": place.keys["sales"]})
        return ask(client, "get", f"/v1/registers/{ONE}", None)


def ask(client: TestClient, method: str, path: str, question: dict[str, Any] | None) -> dict[str, Any]:
    """Return a question with its answer, cut short."""
    answer = client.request(method, path, json=question)
    if answer.is_error:
        raise ValueError(f"{method} {path}: {answer.text}")
    return ({} if question is None else {"question": question}) | {"answer": short(answer.json())}


def an_override(customer_id: str) -> dict[str, Any]:
    """A limit set for a month."""
    until = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)
    return {
        "customer_id": customer_id,
        "kind": "limit",
        "value": 1_000.0,
        "reason": "Garantie de la maison mère attendue pour la fin du mois",
        "valid_until": until.isoformat(),
    }


def short(value: Any) -> Any:  # noqa: ANN401  # JSON values of any kind
    """Cut lists, long tables and long texts."""
    if isinstance(value, dict):
        return {key: short(item) for key, item in value.items()}
    if isinstance(value, list):
        return [short(item) for item in value[:SHOWN]]
    if isinstance(value, str) and len(value) > 400:
        return value[:200] + "…"
    return value


def main() -> None:
    """Write the file."""
    text = json.dumps(examples(served()), indent=1, ensure_ascii=False)
    EXAMPLES.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
