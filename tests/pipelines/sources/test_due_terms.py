import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sources.due_terms import LONGEST_TERMS_DAYS, Due, read_due

DAY = dt.date(2026, 1, 10)


@pytest.mark.parametrize(
    ("label", "due"),
    [
        ("Facture 12 Ech. 31/03/2026", dt.date(2026, 3, 31)),
        ("ECHEANCE : 31-03-26 DUPONT", dt.date(2026, 3, 31)),
        ("F12 éch au 31.03.2026", dt.date(2026, 3, 31)),
        ("échéance 310326", dt.date(2026, 3, 31)),
        ("ech 31032026", dt.date(2026, 3, 31)),
        ("ech 20260331", dt.date(2026, 3, 31)),
        ("F12 à 30 j", dt.date(2026, 2, 9)),
        ("F12 A 30 JOURS", dt.date(2026, 2, 9)),
        ("règlement 45 jours", dt.date(2026, 2, 24)),
        ("30 jours net", dt.date(2026, 2, 9)),
        ("F12 45 FDM", dt.date(2026, 2, 28)),
        ("30 jours fin de mois", dt.date(2026, 2, 28)),
        ("45j F.D.M.", dt.date(2026, 2, 28)),
        ("fin de mois 45 jours", dt.date(2026, 3, 17)),
        ("FDM + 45", dt.date(2026, 3, 17)),
        ("Facture comptant", DAY),
        ("paiement à réception", DAY),
        ("ech 2026-03-31", dt.date(2026, 3, 31)),
        ("Échéance 31 mars 2026", dt.date(2026, 3, 31)),
        ("échéance : 1er avril 26", dt.date(2026, 4, 1)),
        ("ECH 15 FEVR. 2026", dt.date(2026, 2, 15)),
        ("échéance le quinze mars deux mille vingt-six", dt.date(2026, 3, 15)),
        ("F12 échéance 20/03", dt.date(2026, 3, 20)),
        ("F12 échéance 05/01", dt.date(2027, 1, 5)),
        ("ech fin mars", dt.date(2026, 3, 31)),
        ("date limite de paiement 20.03.2026", dt.date(2026, 3, 20)),
        ("À payer avant le 20/03/2026", dt.date(2026, 3, 20)),
        ("payable au 20/03/2026", dt.date(2026, 3, 20)),
        ("paiement au 20/03/26", dt.date(2026, 3, 20)),
        ("LCR au 31/03/2026", dt.date(2026, 3, 31)),
        ("Traite 310326", dt.date(2026, 3, 31)),
        ("dû le 20/03/2026", dt.date(2026, 3, 20)),
        ("30 J FDM LE 10", dt.date(2026, 3, 10)),
        ("LCR 60 jours fin de mois le 15", dt.date(2026, 4, 15)),
        ("30JFDM20", dt.date(2026, 3, 20)),
        ("30 JFM 5", dt.date(2026, 3, 5)),
        ("45 jours fin de mois le 15", dt.date(2026, 3, 15)),
        ("fin de mois le 10", dt.date(2026, 2, 10)),
        ("FDM", dt.date(2026, 1, 31)),
        ("45 j date de facture fin de mois", dt.date(2026, 2, 28)),
        ("45 jours nets", dt.date(2026, 2, 24)),
        ("net : 45 jours", dt.date(2026, 2, 24)),
        ("30 j date de facture", dt.date(2026, 2, 9)),
        ("30 JDF", dt.date(2026, 2, 9)),
        ("LCR 30 jours", dt.date(2026, 2, 9)),
        ("à quarante-cinq jours", dt.date(2026, 2, 24)),
        ("Facture F2601-12 30 jours", dt.date(2026, 2, 9)),
    ],
)
def test_labels_as_bookkeepers_write_them_are_read(label: str, due: dt.date):
    assert read_due(label, DAY).on == due


@pytest.mark.parametrize(
    "label",
    [
        "Facture 31/03/2026",
        "Location 30 jours",
        "Mèche 310326",
        "Ech. 31/03/2025",
        "Ech. 31/03/2031",
        "Ech. 45/13/2026",
        "à 999 j",
        "Échelle 30",
        "30 j de retard",
        "F 2026 120",
        "Formation à 5 j de Lyon",
        "Conseil 4 jours",
        "Loyer fin de mois",
        "",
    ],
)
def test_labels_that_say_no_due_date_are_left_alone(label: str):
    assert read_due(label, DAY).on is None


@pytest.mark.parametrize(
    "label",
    [
        "Ech. 31/02/2026",
        "Ech. 31/03/2025",
        "échéance 30/60/90",
        "60 JF",
        "à 999 j",
        "payable le 45",
        "ech mars",
    ],
)
def test_what_looks_like_a_due_date_and_is_none_is_told_apart(label: str):
    assert read_due(label, DAY) == Due(None, unreadable=True)


@pytest.mark.parametrize("label", ["Conseil 4 jours", "Facture 12", "Échelle 30", "Échéancier joint", ""])
def test_what_does_not_look_like_one_is_not_reported(label: str):
    assert read_due(label, DAY) == Due(None, unreadable=False)


@pytest.mark.parametrize(
    ("issued", "text", "due"),
    [
        (dt.date(2026, 3, 31), "45 jours fin de mois le 15", dt.date(2026, 5, 15)),
        (dt.date(2027, 11, 25), "90 jours fin de mois le 10", dt.date(2028, 3, 10)),
        (dt.date(2026, 1, 10), "30 jours fin de mois le 31", dt.date(2026, 3, 31)),
        (dt.date(2026, 1, 10), "fin de mois le 30", dt.date(2026, 2, 28)),
    ],
)
def test_terms_with_a_day_of_the_month(issued: dt.date, text: str, due: dt.date):
    assert read_due(text, issued) == Due(due, unreadable=False)


@given(
    st.text("échEC .:/-0123456789jà fdmFDM", max_size=30), st.dates(dt.date(1995, 1, 1), dt.date(2090, 1, 1))
)
def test_whatever_a_label_says_the_due_date_follows_the_issue_within_reason(label: str, issued: dt.date):
    due = read_due(label, issued).on
    assert due is None or 0 <= (due - issued).days <= LONGEST_TERMS_DAYS


@given(st.dates(dt.date(1995, 1, 1), dt.date(2090, 1, 1)), st.integers(0, 120))
def test_a_due_date_written_out_is_read_in_each_way(issued: dt.date, days: int):
    due = issued + dt.timedelta(days=days)
    for label in (f"F1 Ech. {due:%d/%m/%Y}", f"échéance {due:%d%m%Y}", f"à payer le {due:%Y-%m-%d}"):
        assert read_due(label, issued).on == due
