from serving.store import AuditFilter
from tests.serving.served import ASSIGNEE
from tests.serving.web.visiting import said, visitor, with_people


def two_customers() -> list[str]:
    return [one.customer_id for one in with_people().store.search("", 2).items]


def form(person: object, **fields: object) -> dict[str, object]:
    return {"csrf_token": person.csrf_token, "customer": two_customers(), **fields}  # type: ignore[attr-defined]


def test_ticked_customers_are_marked_as_reviewed_and_the_list_says_so():
    person = visitor("analyst")
    sent = form(person, act="review", note="comptes lus", back="grade=&sort=-open_eur&offset=25&evil=//x")
    answer = person.client.post("/selection", data=sent)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?sort=-open_eur&offset=25&done=review&count=2"
    assert "Clients marqués comme revus aujourd'hui" in said(person.get(answer.headers["location"]))
    for customer_id in two_customers():
        (review, *_) = with_people().store.reviews(customer_id, 1, 0).items
        assert (review.who, review.note) == ("dominique", "comptes lus")
        assert with_people().store.audit(1, about=AuditFilter(customer_id)).items[0].action == "review"
    assert "revu le" in said(person.get("/"))


def test_ticked_customers_are_assigned_and_found_by_it():
    person, ids = visitor("analyst"), two_customers()
    answer = person.client.post("/selection", data=form(person, act="assign", assignee=ASSIGNEE))
    assert answer.headers["location"] == "/?done=assign&count=2"
    mine = person.get("/", assigned_to=ASSIGNEE).text
    assert all(f'href="/customers/{one}"' in mine for one in ids)
    assert f"suivi par {ASSIGNEE}" in said(person.get("/"))
    person.client.post("/selection", data=form(person, act="assign", assignee=""))
    mine = person.get("/", assigned_to=ASSIGNEE).text
    assert not any(f'href="/customers/{one}"' in mine for one in ids)


def test_sales_take_ticked_customers_away_and_change_nothing():
    person, newest = visitor("sales"), with_people().store.newest_follow_up()
    answer = person.client.post("/exports/selection.csv", data=form(person))
    assert [line.split(";")[0] for line in answer.text.splitlines()[1:]] == two_customers()
    assert person.client.post("/selection", data=form(person, act="review")).status_code == 403
    assert 'value="review"' not in person.get("/").text
    assert with_people().store.newest_follow_up() == newest


def test_nothing_ticked_and_another_sites_form_do_nothing():
    person, newest = visitor("analyst"), with_people().store.newest_follow_up()
    answer = person.client.post("/selection", data=form(person, customer=[], act="review"))
    assert answer.headers["location"] == "/?done=nothing&count=0"
    assert "cochez d'abord" in said(person.get("/?done=nothing"))
    assert person.client.post("/selection", data=form(person, csrf_token="", act="review")).status_code == 403
    assert with_people().store.newest_follow_up() == newest
