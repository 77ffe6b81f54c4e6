"""The verdict on a customer's page is what the API says is available, and what a decision then says."""

import pytest

from serving.web.view_models.verdict import available_verdict
from serving.web.words import words
from tests.serving.served import overridden, served
from tests.serving.web.test_parity import KINDS, a_customer_that, file_of
from tests.serving.web.visiting import said, visitor


def held_against_the_api(customer_id: str) -> None:
    file = file_of(customer_id)
    view = available_verdict(file["available"], file["in_force"]["grade"], words("fr"))
    text = said(visitor().get(f"/customers/{customer_id}"))
    for line in (view.headline, view.reason, view.allowed):
        assert " ".join(line.split()) in text, line


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_and_the_api_say_the_same_of_what_may_be_ordered(kind: str):
    held_against_the_api(a_customer_that(kind))


@pytest.mark.parametrize(("what", "value"), [("limit", 1_234.0), ("limit", 0.0), ("grade", "C")])
def test_they_do_so_under_an_override(what: str, value: object):
    customer_id = a_customer_that("grade B")
    with overridden(customer_id, what, value):
        held_against_the_api(customer_id)


@pytest.mark.parametrize("kind", ["grade A", "grade B", "grade C"])
def test_the_largest_order_that_is_said_to_be_available_fits_when_it_is_asked_for(kind: str):
    customer_id = a_customer_that(kind)
    available = file_of(customer_id)["available"]
    if available["outcome"] == "refer" or not available["largest_order_eur"]:
        pytest.skip("nothing is available on credit")
    order = {"amount_eur": available["largest_order_eur"], "terms_days": available["terms_days"]}
    means = [one["value"] for one in available["conditions"] if one["code"] == "means_of_payment"]
    order |= {"means_of_payment": means[0]} if means else {}
    answer = served().client().post("/v1/decisions", json={"customer_id": customer_id, **order}).json()
    assert answer["exposure_after_eur"] <= answer["limit_in_force_eur"] + 0.01
    assert answer["outcome"] != "refer"
