"""Draws orders for the tests of decisions."""

from collections.abc import Sequence

from hypothesis import strategies as st

from models.law.legal_terms import BASES
from models.policy.decision.condition import Condition
from models.policy.decision.exposure import Commitments
from models.policy.decision.order import Order
from models.policy.means_of_payment import MEANS_OF_PAYMENT


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Draw any order that there may be."""
    return Order(
        amount_eur=draw(st.integers(1, 50_000_000)) / 100,
        terms_days=draw(st.integers(0, 90)),
        deposit_share=draw(st.one_of(st.just(0.0), st.floats(0, 1))),
        prepaid=draw(st.booleans()),
        invoice_basis=draw(st.sampled_from(BASES)),
        means_of_payment=draw(st.sampled_from(MEANS_OF_PAYMENT)),
        commitments=draw(commitments),
    )


euros = st.integers(0, 10_000_000).map(lambda cents: cents / 100)
commitments = st.one_of(st.just(Commitments()), st.builds(Commitments, euros, euros, euros))


def ways(made: Sequence[Condition]) -> list[list[Condition]]:
    """Return the groups of conditions of which each is said to be enough."""
    always = [one for one in made if one.role == "always"]
    some = [[*always, one] for one in made if one.role == "one_of"]
    return [*(some or ([always] if always else [])), *([one] for one in made if one.role == "alone")]
