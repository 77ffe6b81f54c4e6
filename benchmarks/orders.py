"""Small orders that pass without a person, before and after levels approve limits instead of exposures.

Run as `python -m benchmarks.orders --demo FOLDER`. FOLDER is the `data` folder of a demo (`encours demo
--no-serve`). Every customer of its night with nothing overdue and room of more than 3,000 euros orders
2,000 euros at 30 days, asked for by role sales: once by bank transfer, once on the terms of its class.
"Before" is the packaged policy without the keys that say what levels approve, what uses the limit and what
may exceed it: such policies go on meaning what they meant. Natural persons, companies unknown to the
register and customers with too little data are counted apart: a person decides on them whoever asks.
"""

from __future__ import annotations

import argparse
import os
import re
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers import markdown
from models.assessment.assessment import CreditRequest, CustomerState
from models.assessment.order_assessment import decide_for
from models.policy.decision.order import Order
from models.policy.document import policy_from_text, policy_text
from models.policy.overrides import effective
from serving.store import open_store
from serving.usecases.assessors import load_champions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from models.assessment.assessment import Assessment
    from models.assessment.assessor import Assessor
    from models.policy.decision.decision import Decision
    from models.policy.document import Policy

AMOUNT_EUR, DAYS, ROOM_EUR, ROLE = 2_000.0, 30, 3_000.0, "sales"
BY_A_PERSON = frozenset({"natural_person", "unlisted", "confidence"})
"""Reasons for which a person decides whoever asks; stops come from the limit itself."""
LATER = (
    r"(?m)^unapproved_limit_eur.*\n",
    r"(?ms)^\[exposure\].*?(?=^#)",
    r"(?m)^within_tolerance.*\n",
    r"(?m)^de_minimis_eur = 50\.0\n(?=valid_days)",
)
"""What policies of an earlier version did not say."""


def earlier(text: str) -> Policy:
    """Return a policy as its earlier version was, without tolerance."""
    for pattern in LATER:
        text = re.sub(pattern, "", text)
    return policy_from_text(re.sub(r"tolerance_share = .*", "tolerance_share = 0.0", text), "earlier")


def own_limit(policy: Policy) -> Callable[[Assessment], Mapping[str, Any]]:
    """Return what says which limit is in force where no person has set one."""
    return lambda answer: effective(answer.document(), (), answer.as_of, policy).document()


def states_without_overdue() -> list[CustomerState]:
    """Read the customers of the published night that owe nothing past due."""
    with closing(open_store(os.environ["ENCOURS_STORE_URL"])) as store:
        run = store.current_run()
        if run is None:
            raise SystemExit("no scores are published there; run `encours demo --no-serve` into it")
        found = []
        for line in store.summaries(run.run_id):
            stored = store.customer(line.customer_id)
            if stored is not None and stored.row.overdue_eur == 0:
                row = stored.row
                found.append(
                    CustomerState.of_run(row.party, stored.as_of, row.state, row.open_eur, run.context)
                )
        return found


def decisions(assessor: Assessor, states: list[CustomerState], *, on_class_terms: bool) -> list[Decision]:
    """Ask for the small order of every customer."""
    made = []
    for state in states:
        order = Order(AMOUNT_EUR, DAYS)
        if on_class_terms:
            order = of_class(assessor.assess(state, CreditRequest(AMOUNT_EUR, DAYS)).grade, assessor.policy)
        counts = own_limit(assessor.policy)
        made.append(decide_for(assessor, state, CreditRequest(), order, counts, asker=ROLE).decision)
    return made


def of_class(grade: str, policy: Policy) -> Order:
    """Return the small order on the terms of a class."""
    terms = policy.terms
    return Order(
        AMOUNT_EUR,
        min(DAYS, int(terms.max_days[grade])),
        terms.deposit_share[grade],
        means_of_payment=terms.means_of_payment[grade],
    )


def shares(name: str, made: list[Decision]) -> tuple[list[object], Counter[str]]:
    """Return a line of the table, and why orders were referred."""
    roomy = [one for one in made if one.available_eur > ROOM_EUR]
    healthy = [one for one in roomy if not BY_A_PERSON & {reason.code for reason in one.reasons}]
    outcomes = Counter(one.outcome for one in healthy)
    why = Counter(reason.code for one in roomy for reason in one.reasons if reason.refers)
    parts = [outcomes[key] / max(len(healthy), 1) for key in ("accept", "accept_with_conditions", "refer")]
    return [name, len(roomy), len(roomy) - len(healthy), len(healthy), *(f"{one:.1%}" for one in parts)], why


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path, required=True)
    data = parser.parse_args().demo
    url = os.environ["ENCOURS_STORE_URL"] = f"sqlite:///{data / 'encours.db'}"
    os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{data / 'mlflow.db'}"
    with closing(open_store(url)) as store:
        assessor, states = load_champions(None, store), states_without_overdue()
    before = replace(assessor, policy=earlier(policy_text()))
    rows, reasons = [], []
    for name, asked in (("before", before), ("after", assessor)):
        for how, on_class_terms in (("by transfer", False), ("on the class's terms", True)):
            row, why = shares(f"{name}, {how}", decisions(asked, states, on_class_terms=on_class_terms))
            rows.append(row)
            reasons.append(f"{row[0]}: referred for {dict(why.most_common())}")
    print(f"{len(states)} customers with nothing overdue; {AMOUNT_EUR:,.0f} EUR, {DAYS} days, role {ROLE}")
    heads = ["policy, order", "room over 3,000", "for a person anyway", "others"]
    print(markdown([*heads, "accepted", "on conditions", "referred"], rows))
    print("\n".join(reasons))


if __name__ == "__main__":
    main()
