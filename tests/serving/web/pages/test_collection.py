import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

from serving.store import open_store
from tests.serving.served import an_app_over
from tests.serving.web.visiting import Visitor, said, visitor, visitor_at, with_people

TODAY = dt.datetime.now(dt.UTC).date()
LATER = (TODAY + dt.timedelta(days=9)).isoformat()


def chased(place: int) -> str:
    return with_people().store.worklist(limit=50).items[place].customer_id


def apart(folder: Path) -> Visitor:
    """Return somebody signed in over a copy of the store: a line that waits leaves everybody's list."""
    source, url = with_people().store._engine.url.database, folder / "encours.db"
    with closing(sqlite3.connect(str(source))) as read, closing(sqlite3.connect(url)) as written:
        read.backup(written)
    store = open_store(f"sqlite:///{url}")
    return visitor_at(an_app_over(store), store, "sales")


def test_a_promise_is_recorded_on_the_page_and_its_line_waits(tmp_path: Path):
    who, person = chased(3), apart(tmp_path)
    sent = {"kind": "promise", "amount_eur": "1 000,50", "until": LATER, "note": "M. Martin, comptable"}
    answer = person.post(f"/worklist/{who}", **sent)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/worklist/{who}#done")
    text = said(person.get(f"/worklist/{who}"))
    assert "En attente : 1 000,50 € promis" in text.replace("\u202f", " ").replace("\xa0", " ")
    assert "M. Martin, comptable" in text
    assert f'href="/worklist/{who}"' not in person.get("/worklist").text
    assert f'href="/worklist/{who}"' in person.get("/worklist", parked="1").text
    shown = person.get("/exports/worklist.csv").text.strip().splitlines()
    waiting = person.get("/exports/worklist.csv", parked="1").text.strip().splitlines()
    assert (len(shown), len(waiting)) == (with_people().store.worklist().total, 2)


def test_a_fault_stands_at_its_field_with_what_was_typed():
    answer = visitor("sales").post(f"/worklist/{chased(4)}", kind="promise", note="sans date")
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 2
    assert 'value="sans date"' in answer.text


def test_the_letter_comes_in_the_language_asked_for():
    who = chased(5)
    assert "Texte à copier" in said(visitor().get(f"/worklist/{who}"))
    page = visitor().get(f"/worklist/{who}", letter="en").text
    assert 'lang="en" rows="16"' in page


def test_the_stages_have_counts_that_make_up_the_list_and_the_export_has_the_same_lines():
    person = visitor()
    total = said(person.get("/worklist")).replace("\xa0", " ")
    shown = person.get("/exports/worklist.csv").text.strip().splitlines()
    assert f"Toutes ({len(shown) - 1})" in total
    assert len(shown) - 1 == with_people().store.worklist().total


def test_what_was_done_is_seen_on_the_customers_page():
    who, person = chased(6), visitor("sales")
    person.post(f"/worklist/{who}", kind="note", note="rappeler le comptable")
    text = said(person.get(f"/customers/{who}"))
    assert "Dernières actions" in text
    assert "rappeler le comptable" in text
