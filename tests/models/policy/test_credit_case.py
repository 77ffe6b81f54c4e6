import json
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given

from models.errors import CreditError
from models.policy.credit_case import CreditCase, case_of
from models.policy.document import load_policy
from models.policy.limit.limit import recommend_limit
from tests.models.policy.builders import a_case, cases


@given(cases())
def test_a_case_back_from_its_document_has_the_same_limit(case: CreditCase):
    back = case_of(json.loads(json.dumps({"case": case.document()}, allow_nan=False)))
    assert back == case
    assert recommend_limit(back, load_policy()) == recommend_limit(case, load_policy())


def test_a_case_of_a_later_version_is_read_without_what_is_unknown():
    assert CreditCase.from_document({**a_case().document(), "colour": "blue"}) == a_case()


def test_an_answer_without_a_case_says_to_run_the_night():
    with pytest.raises(CreditError, match=r"no case.*encours nightly"):
        case_of({"limit": {}})


@pytest.mark.parametrize("change", [{"pd_12m": None}, {"as_of": "yesterday"}])
def test_a_case_that_is_incomplete_says_to_run_the_night(change: dict[str, object]):
    document = {**a_case().document(), **change}
    document = {name: value for name, value in document.items() if value is not None}
    with pytest.raises(CreditError, match=r"cannot be read.*encours nightly"):
        CreditCase.from_document(document)


def test_every_figure_that_is_out_of_bounds_is_named():
    wrong = replace(a_case(), pd_12m=1.5, grade="F", n_paid_late30=-1, open_eur=float("inf"))
    with pytest.raises(CreditError) as caught:
        wrong.check()
    assert all(name in str(caught.value) for name in ("pd_12m", "grade", "n_paid_late30", "open_eur"))


ORDER: dict[str, Any] = {
    "yearly_sales_forecast_eur": 1.0,
    "terms_days": 30,
    "expected_days_late": 2.0,
    "peak_exposure_eur": 3.0,
    "p_late30": 0.4,
}
WRONG = {"terms_days": -1, "expected_days_late": float("nan"), "p_late30": 1.5, "peak_exposure_eur": -1.0}


@pytest.mark.parametrize("name", WRONG)
def test_a_sound_case_with_an_order_at_fault_is_refused(name: str):
    case = a_case()
    case.check()
    case.with_order(**ORDER).check()
    with pytest.raises(CreditError, match=name):
        case.with_order(**{**ORDER, name: WRONG[name]}).check()


def test_a_case_at_fault_stays_so_whatever_it_orders_and_says_so_each_time():
    case = replace(a_case(), grade="F", open_eur=float("inf"))
    for _ in range(2):
        for asked in (case, case.with_order(**ORDER)):
            with pytest.raises(CreditError, match=r"grade is 'F'.*open_eur is inf"):
                asked.check()


def test_a_case_that_was_checked_says_and_equals_what_one_that_was_not_does():
    checked, other = a_case(), a_case()
    checked.check()
    assert (checked, hash(checked), repr(checked)) == (other, hash(other), repr(other))
    assert checked.document() == other.document()
    assert orjson.dumps(checked) == orjson.dumps(other)
    with pytest.raises(CreditError, match="pd_12m"):
        replace(checked, pd_12m=2.0).check()


@given(cases(), cases())
def test_a_case_with_another_order_is_the_case_with_these_figures_replaced(
    case: CreditCase, order: CreditCase
):
    names = ("yearly_sales_forecast_eur", "terms_days", "expected_days_late", "peak_exposure_eur", "p_late30")
    figures = {name: getattr(order, name) for name in names}
    before = case.document()
    made = case.with_order(**figures)
    assert made == replace(case, **figures)
    assert hash(made) == hash(replace(case, **figures))
    assert case.document() == before


@pytest.mark.parametrize("figure", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("name", ["turnover_eur", "peak_exposure_eur", "p_late30", "open_eur"])
def test_what_is_no_finite_number_is_refused(name: str, figure: float):
    with pytest.raises(CreditError, match=name):
        replace(a_case(), **{name: figure}).check()  # type: ignore[arg-type]  # fields by name


def test_a_copy_with_other_figures_is_what_replace_makes_and_is_checked_again():
    case = a_case()
    case.check()
    assert case.with_figures(pd_12m=0.5, grade="E") == replace(case, pd_12m=0.5, grade="E")
    with pytest.raises(CreditError, match="pd_12m is 2"):
        case.with_figures(pd_12m=2.0).check()
    with pytest.raises(TypeError, match="no colour"):
        case.with_figures(colour="blue")
