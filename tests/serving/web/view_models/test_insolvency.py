import datetime as dt

import orjson
import pytest

from models.law.insolvency import Insolvency
from models.law.insolvency_words import notice_of
from models.wording.formats import LANGUAGES
from serving.web.exports.sheet import sheet
from serving.web.view_models.customer import answer_view
from serving.web.view_models.insolvency import insolvency_view
from serving.web.words import words
from tests.serving.web.exports.test_sheet import a_head, read
from tests.serving.web.view_models.builders import a_document

AS_OF = dt.date(2026, 11, 21)
JUDGED = dt.date(2026, 10, 5)
PUBLISHED = dt.date(2026, 10, 13)
OPEN = Insolvency("open", "liquidation", JUDGED, JUDGED, PUBLISHED, "BODACC A20261")
PLAN = Insolvency("plan", "safeguard", JUDGED, plan_until=dt.date(2036, 10, 5))
UNREAD = Insolvency("none", unread_on=JUDGED, unread_source="BODACC A20262")


def told(found: Insolvency) -> dict[str, object]:
    document: dict[str, object] = orjson.loads(orjson.dumps(notice_of(found, AS_OF, 2)))
    return document


def test_a_proceeding_is_shown_with_its_days_and_what_to_do():
    view = insolvency_view(told(OPEN), words("fr"))
    assert view is not None
    assert (view.is_open, view.heading) == (True, "Liquidation judiciaire")
    assert [value for _, value in view.facts] == ["05/10/2026", "13/10/2026", "13/12/2026", "BODACC A20261"]
    assert any("Déclarer la créance avant le 13/12/2026" in one for one in view.sentences)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("found", [OPEN, PLAN, UNREAD])
def test_whatever_was_judged_stands_on_the_sheet_before_the_figures(language, found):
    w = words(language)
    document = a_document(insolvency=told(found), pd_12m=None if found.is_open else a_document()["pd_12m"])
    answer = answer_view(document, w)
    assert answer.insolvency is not None
    pages, text = read(sheet(a_head(), answer, w))
    flat = " ".join(text.split())
    assert pages == 1
    assert flat.index(answer.insolvency.heading) < flat.index(" ".join(w("limit.title").split()))
    assert (" ".join(w("probability.happened").split()) in flat) == found.is_open


def test_under_a_proceeding_the_stops_alone_are_the_working():
    document = a_document(insolvency=told(OPEN), pd_12m=None)
    labels = [term.label for term in answer_view(document, words("fr")).limit.terms]
    assert labels
    assert all(label.startswith("Blocage") for label in labels)


def test_nothing_is_shown_where_nothing_was_judged():
    assert insolvency_view(None, words("fr")) is None
