import pytest

from models.errors import AccessError, StoreError
from serving.callers import Caller
from serving.store import Store
from serving.usecases.saved_views import LONGEST_QUERY, SavedViews

SALES, ANALYST = Caller("camille", "sales", "session"), Caller("dominique", "analyst", "session")
ADMIN = Caller("sacha", "admin", "session")


@pytest.fixture
def views(store: Store) -> SavedViews:
    return SavedViews(lambda: store)


def names(views: SavedViews, caller: Caller) -> list[str]:
    return [one.name for one in views.seen_by(caller)]


def test_a_view_is_its_owner_s_unless_it_is_shared(views: SavedViews):
    views.save("échus D", "grade=D&overdue=true", SALES, shared=False)
    views.save("à revoir", "review=due", ANALYST, shared=True)
    assert set(names(views, SALES)) == {"à revoir", "échus D"}
    assert names(views, ANALYST) == ["à revoir"]
    with pytest.raises(AccessError):
        views.save("tous", "", SALES, shared=True)


def test_the_same_name_takes_the_new_query_and_is_one_view(views: SavedViews):
    first = views.save("mine", "grade=D", SALES, shared=False)
    again = views.save(" mine ", "grade=E", SALES, shared=False)
    assert (again.view_id, again.query) == (first.view_id, "grade=E")
    views.save("mine", "grade=A", ANALYST, shared=False)
    assert len(views.seen_by(SALES)) == 1


def test_a_view_is_renamed_and_deleted_by_its_owner_or_an_administrator(views: SavedViews):
    shared, own = (views.save(name, "q=x", ANALYST, shared=name == "shared") for name in ("shared", "own"))
    for caller in (SALES, Caller("other", "analyst", "session")):
        for act in (
            lambda who: views.rename(shared.view_id, "y", who),
            lambda who: views.delete(shared.view_id, who),
        ):
            with pytest.raises(AccessError):
                act(caller)
    with pytest.raises(AccessError):
        views.delete(own.view_id, ADMIN)
    views.rename(shared.view_id, "renamed", ADMIN)
    with pytest.raises(StoreError, match="already"):
        views.rename(own.view_id, "renamed", ANALYST)
    views.delete(own.view_id, ANALYST)
    assert names(views, ANALYST) == ["renamed"]
    with pytest.raises(StoreError, match="no view"):
        views.delete(own.view_id, ANALYST)


@pytest.mark.parametrize(
    ("name", "query"), [("", ""), (" ", ""), ("x" * 61, ""), ("a\nb", ""), ("a", "q" * (LONGEST_QUERY + 1))]
)
def test_an_odd_name_or_query_is_refused(views: SavedViews, name: str, query: str):
    with pytest.raises(StoreError):
        views.save(name, query, SALES, shared=False)
    assert views.seen_by(SALES) == ()
