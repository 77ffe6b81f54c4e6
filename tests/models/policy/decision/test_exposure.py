from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import PolicyError
from models.policy.decision.exposure import NO_COMMITMENTS, Commitments, exposure_eur
from models.policy.document import load_policy
from models.policy.sections.exposure import OPEN_INVOICES_ALONE
from tests.models.policy.builders import earlier_policy
from tests.models.policy.order_builders import commitments
from tests.models.policy.test_document import written

EVERY = load_policy().exposure


def test_the_packaged_policy_counts_every_document_and_an_earlier_one_invoices_alone():
    assert (EVERY.open_invoices, EVERY.delivered_not_invoiced) == (True, True)
    assert (EVERY.ordered_not_delivered, EVERY.deposits) == (True, True)
    assert earlier_policy().exposure == OPEN_INVOICES_ALONE


@given(st.floats(-1e6, 1e6), commitments)
def test_deposits_pay_the_orders_they_were_made_for_and_money_on_account_pays_no_order(
    open_eur: float, on_order: Commitments
):
    invoices = exposure_eur(open_eur, NO_COMMITMENTS, EVERY)
    found = exposure_eur(open_eur, on_order, EVERY)
    assert max(round(open_eur, 2), 0.0) == pytest.approx(invoices, abs=0.005)
    assert invoices <= found
    orders = on_order.delivered_not_invoiced_eur + on_order.ordered_not_delivered_eur
    assert found == pytest.approx(invoices + max(orders - on_order.deposits_eur, 0.0), abs=0.005)


@pytest.mark.parametrize(
    ("leaves_out", "owed"),
    [
        ("open_invoices", 650.0),
        ("delivered_not_invoiced", 1_450.0),
        ("ordered_not_delivered", 1_150.0),
        ("deposits", 1_700.0),
    ],
)
def test_each_document_counts_or_not_as_the_policy_says(leaves_out: str, owed: float):
    rules = EVERY.with_fields({leaves_out: False})
    assert exposure_eur(1_000.0, Commitments(200.0, 500.0, 50.0), rules) == owed


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("ordered_not_delivered = true", "ordered_not_delivered = 1", "exposure.ordered_not_delivered"),
        ("deposits = true\n", "", "exposure.deposits"),
        ("open_invoices = true", "open_invoice = true", "exposure.open_invoice"),
    ],
)
def test_a_section_that_cannot_be_is_refused_by_line_and_key(tmp_path: Path, old: str, new: str, key: str):
    with pytest.raises(PolicyError, match=rf"policy\.toml:\d+: {key}"):
        load_policy(written(tmp_path, (old, new)))
