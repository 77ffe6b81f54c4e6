import datetime as dt

import pytest

from models.ledger.tables import FILING_KINDS, PLANS, PROCEEDINGS, SIGNAL_KINDS, UNREAD
from models.wording.formats import LANGUAGES
from serving.store.dossiers import Dossier, Event
from serving.web.view_models import events
from serving.web.view_models.events import SHOWN, events_view
from serving.web.words import words

FR = words("fr")
DAY = dt.date(2026, 5, 2)


def lines(*filings: Event, signals: tuple[Event, ...] = ()):
    return events_view(Dossier(filings=filings, signals=signals), FR).latest


def test_filings_and_signals_are_one_list_the_latest_first():
    earlier, later = Event("accounts", dt.date(2026, 1, 9)), Event("dispute", DAY)
    assert [(one.day, one.what) for one in lines(earlier, signals=(later,))] == [
        ("02/05/2026", "Litige"),
        ("09/01/2026", "Comptes annuels déposés"),
    ]


def test_a_judgment_is_told_with_its_day_and_where_it_was_read():
    (line,) = lines(Event("receivership", DAY, dt.date(2026, 4, 28), "BODACC"))
    assert (line.what, line.is_grave) == ("Redressement judiciaire", True)
    assert " ".join(line.details.split()) == "jugement du 28/04/2026 · source : BODACC"


def test_accounts_are_told_with_the_year_they_close():
    (line,) = lines(Event("accounts_confidential", DAY, dt.date(2025, 12, 31)))
    assert line.details == "exercice clos le 31/12/2025"


def test_where_a_notice_was_read_is_said_to_be_unknown_where_it_is():
    (line,) = lines(Event("sale", DAY))
    assert line.details == "source non précisée"


def test_a_cover_is_told_with_its_amount():
    (line,) = lines(signals=(Event("cover", DAY, source="Assureur", amount_eur=12_000.0),))
    assert " ".join(line.what.split()) == "Agrément de l'assureur-crédit : 12 000 €"


def test_what_is_older_than_the_latest_few_is_folded_and_none_is_lost():
    many = tuple(Event("dispute", DAY - dt.timedelta(days=n)) for n in range(SHOWN + 3))
    view = events_view(Dossier(signals=many), FR)
    assert (len(view.latest), len(view.earlier)) == (SHOWN, 3)
    assert view.latest[0].day == FR.day(DAY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_event_has_words(language):
    w = words(language)
    filings = tuple(Event(kind, DAY) for kind in (*FILING_KINDS, "accounts", "accounts_confidential"))
    signals = tuple(Event(kind, DAY, amount_eur=1.0) for kind in (*SIGNAL_KINDS, "cover", "cover_ended"))
    view = events_view(Dossier(filings=filings, signals=signals), w)
    assert all(one.what for one in (*view.latest, *view.earlier))


def test_the_proceedings_are_those_of_the_ledger():
    assert (*PROCEEDINGS, *PLANS, UNREAD) == events.PROCEEDINGS
