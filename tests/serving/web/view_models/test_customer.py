import datetime as dt

from models.assessment.related_exposure import EntityNumber, shared_entities
from serving.store.dossiers import Dossier, PaidInvoice
from serving.store.published_rows import HistoryPoint
from serving.web.view_models.customer import answer_view, customer_view
from serving.web.words import words
from tests.serving.store.builders import AS_OF, an_invoice
from tests.serving.web.view_models.builders import a_document, a_file, an_override, in_force

FR = words("fr")


def test_a_customer_without_a_name_is_called_by_its_number():
    assert customer_view(a_file(row={"name": None}), in_force(), FR).name == "C1"


def test_what_is_unknown_has_no_picture():
    view = customer_view(a_file(), in_force(), FR)
    assert (view.payments, view.aged, view.past, view.alert) == (None, None, None, None)


def test_the_aged_balance_adds_the_open_invoices_up():
    late = an_invoice("F1", "C1", due_on=AS_OF - dt.timedelta(days=40), open_eur=100.0)
    due = an_invoice("F2", "C1", due_on=AS_OF, open_eur=50.5)
    view = customer_view(a_file(invoices=(late, due)), in_force(), FR)
    assert view.aged is not None
    assert [row[1] for row in view.aged.rows] == [FR.eur(x) for x in (50.5, 0, 100, 0, 0)]
    assert [line.days_past_due for line in view.invoices] == [40, 0]


def test_days_in_dispute_do_not_count_where_the_night_told():
    line = an_invoice("F1", "C1", due_on=AS_OF - dt.timedelta(days=40), days_overdue=10, disputed=True)
    assert customer_view(a_file(invoices=(line,)), in_force(), FR).invoices[0].days_past_due == 10


def test_the_use_of_the_limit_is_that_of_the_limit_in_force():
    told = in_force(limit_eur=2_400.0, limit_from="override", overrides=(an_override("limit", 2_400.0),))
    view = customer_view(a_file(), told, FR)
    assert "50" in view.use.sentence
    assert view.use.rows[0][1] == FR.eur(2_400)


def test_paid_invoices_and_nights_are_drawn():
    day = AS_OF - dt.timedelta(days=60)
    dossier = Dossier((PaidInvoice("F0", day, day, 5, 100.0),))
    nights = (HistoryPoint(1, AS_OF, 0.01, 0.2, "B", 28_000.0, 1_200.0, 200.0),)
    view = customer_view(a_file(dossier=dossier, history=nights), in_force(), FR)
    assert view.payments is not None
    assert view.past is not None


def test_a_grade_that_was_set_is_shown_with_who_set_it():
    told = in_force(grade="D", grade_from="override", overrides=(an_override("grade", "D"),))
    view = answer_view(a_document(), FR, told)
    assert view.grade == "D"
    assert "Note D" in view.grade_gauge.sentence
    assert view.grade_set_by is not None


def test_an_unknown_index_is_said_so():
    assert "moins de trois factures" in answer_view(a_document(paydex=None), FR).index_gauge.sentence


def test_terms_are_told_in_the_persons_language():
    assert answer_view(a_document(), FR).terms.means == "virement à l'échéance"
    assert answer_view(a_document(), words("en")).terms.means == "bank transfer when due"


def test_a_means_of_payment_that_is_not_known_yet_keeps_its_name():
    assert answer_view(a_document(means_of_payment="barter"), FR).terms.means == "barter"


def test_other_numbers_of_the_legal_entity_come_with_what_they_owe():
    other = EntityNumber("C9", "Élan Négoce", 1_500.0, 12.0, in_default=False, pd_12m=0.02)
    own = EntityNumber("C1", "Société Élan", 250.0, 0.0, in_default=False, pd_12m=0.01)
    sums = shared_entities([("732829320", own), ("732829320", other)])
    view = customer_view(a_file({"open_eur": 250.0}, context={"surroundings": sums}), in_force(), FR)
    assert view.entity is not None
    assert view.entity["open_eur"] == 1_750.0
    assert [one["customer_id"] for one in view.entity["others"]] == ["C9"]
    assert customer_view(a_file(), in_force(), FR).entity is None
