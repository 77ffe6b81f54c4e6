"""What moved a customer is told with its number, its day and its amount."""

import datetime as dt
from itertools import permutations

import pytest

from models.ledger.tables import FILING_KINDS, SIGNAL_KINDS
from models.portfolio.change_events import ChangeEvent, events_sentence, sorted_events
from tests.typography import faults

SINCE, DAY = dt.date(2026, 9, 29), dt.date(2026, 9, 30)
OVERDUE = ChangeEvent("overdue", ref="F1", on=DAY, amount_eur=1_200.0)
PAID = ChangeEvent("paid", ref="F2", on=DAY, amount_eur=300.0, days_late=34)
NOTICE = ChangeEvent("notice", "receivership", on=DAY)


def test_a_sentence_names_invoices_payments_and_notices():
    fr, en = events_sentence(sorted_events([PAID, OVERDUE, NOTICE]), SINCE)
    assert "redressement judiciaire" in fr
    assert "facture F1 échue" in fr
    assert "avec 34 jours de retard" in fr.replace("\N{NO-BREAK SPACE}", " ")
    assert en.index("receivership") < en.index("invoice F1") < en.index("invoice F2")
    assert not faults(fr, "fr")


def test_the_order_of_events_does_not_depend_on_how_they_were_found():
    orders = {tuple(sorted_events(order)) for order in permutations([OVERDUE, PAID, NOTICE])}
    assert len(orders) == 1


def test_the_rest_of_one_kind_is_counted_with_its_sum():
    many = [ChangeEvent("overdue", ref=f"F{n}", on=DAY, amount_eur=100.0 * n) for n in range(1, 6)]
    fr, en = events_sentence(sorted_events(many), SINCE)
    assert "F5" in fr
    assert "F2 " not in fr
    assert "et 2 autres" in fr
    assert "and 2 others (€300)" in en


def test_a_customer_without_an_event_is_said_to_have_none():
    assert "aucun mouvement du client" in events_sentence([], SINCE)[0]


@pytest.mark.parametrize("what", [*FILING_KINDS, *SIGNAL_KINDS, "accounts", "cover", "cover_ended"])
def test_every_kind_of_the_ledger_has_words_in_both_languages(what: str):
    fr, en = ChangeEvent("notice", what, on=DAY).words()
    assert what not in fr or " " in what or what == "liquidation"
    assert fr != en
