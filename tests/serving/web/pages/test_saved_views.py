from serving.web.view_models.search import list_query
from tests.serving.web.visiting import said, visitor


def test_a_filtered_list_is_saved_found_again_and_deleted():
    person = visitor("analyst")
    assert "Enregistrer cette vue" not in said(person.get("/"))
    page = person.get("/", grade="D", overdue="true", sort="-open_eur")
    assert "Enregistrer cette vue" in said(page)
    saved = person.post("/views", act="save", name="les D échus", query="grade=D&overdue=true&sort=-open_eur")
    assert (saved.status_code, saved.headers["location"]) == (303, "/?grade=D&overdue=true&sort=-open_eur")
    again = person.get(saved.headers["location"])
    assert 'aria-current="page">les D échus</a>' in again.text
    (view,) = [
        one for one in person.get("/views").text.split('name="view" value="')[1:] if "les D échus" in one
    ]
    assert person.post("/views", act="delete", view=view.split('"')[0]).status_code == 303
    assert "les D échus" not in said(person.get("/"))


def test_a_view_keeps_the_fields_of_the_list_only():
    assert list_query("grade=D&next=//elsewhere.example&offset=50&q=a%20b") == "grade=D&q=a+b"
    odd = visitor("sales").post("/views", act="save", name="x", query="//elsewhere.example?a=b")
    assert odd.headers["location"] == "/"
    assert visitor("sales").post("/views", act="rename", view="x", name="y").status_code == 422
    assert (
        visitor("sales").post("/views", act="save", name="x", query="grade=D", shared="1").status_code == 422
    )
