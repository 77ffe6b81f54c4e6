import pytest

from serving.schemas.migration import GradeMigrationOut
from tests.serving.served import served


@pytest.mark.parametrize("method", ["cohort", "duration"])
def test_two_nights_a_month_apart_give_matrices_whose_rows_sum_to_one(method: str):
    found = served().client().get("/v1/migration").json()
    GradeMigrationOut.model_validate(found)
    report = found["migration"]
    assert (report["nights"], report["known_from"], report["as_of"]) == (2, None, found["as_of"])
    for row in report[method]["rows"].values():
        shares = [cell["share"] for cell in row["to"].values()]
        assert None in shares or sum(shares) == pytest.approx(1.0)
    assert report["cohort"]["period_months"] == 1
    assert found["vintages"]


def test_the_customers_of_all_grades_are_those_that_are_not_in_default():
    report = served().client().get("/v1/migration?horizon=1").json()["migration"]
    graded = sum(rate["customers"] for rate in report["default_rates"])
    assert 0 < graded <= served().store.search("").total


def test_what_no_night_can_tell_is_refused_by_its_name():
    late = served().client().get("/v1/migration?from=2999-01-01")
    assert (late.status_code, late.json()["type"]) == (422, "urn:encours:problem:migration-period")
    assert "2999-01-01 is after the last night" in late.json()["detail"]
    assert served().client().get("/v1/migration?horizon=61").json()["errors"][0]["field"] == "horizon"
