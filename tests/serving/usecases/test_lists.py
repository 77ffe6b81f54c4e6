from serving.store import WorklistEntry
from serving.usecases.lists import listed_alert, listed_chase, listed_customer, listed_exposure
from tests.serving.store.builders import a_customer, an_alert, to_chase

LINE = a_customer("C1", limit_eur=1_000.0, open_eur=1_200.0, grade="B").summary()
STANDS = {
    "limit_in_force_eur": 1_000.0,
    "limit_from": "model",
    "grade_in_force": "B",
    "grade_from": "model",
    "use_share": 1.2,
    "over_limit_eur": 200.0,
}


def test_a_line_keeps_the_models_own_figures_beside_what_is_in_force():
    told = listed_customer(LINE, {})
    assert told["limit_eur"] == 1_000.0
    assert told.items() >= STANDS.items()


def test_who_is_chased_comes_with_what_is_owed_in_all():
    told = listed_chase(WorklistEntry(to_chase("C1", 3), LINE), {})
    assert (told["place"], told["open_eur"]) == (3, 1_200.0)
    assert told.items() >= STANDS.items()


def test_an_alert_is_told_with_where_its_customer_stands_after_it():
    row = an_alert("C1", after={"grade": "B", "limit_eur": 1_000.0}, before={"grade": "A", "limit_eur": 9.0})
    assert listed_alert(row, {}).items() >= STANDS.items()


def test_an_exposure_keeps_what_the_night_published():
    line = {"customer_id": "C1", "limit_eur": 1_000.0, "grade": "B", "open_eur": 1_200.0, "share": 0.1}
    assert listed_exposure(line, {}) == line | STANDS
