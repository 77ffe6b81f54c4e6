from serving.store import ListPage
from serving.web.view_models.search import search_view
from tests.serving.store.builders import AS_OF, a_customer


def test_lines_come_with_where_they_stand():
    lines = (a_customer("C1").summary(), a_customer("C2").summary())
    view = search_view("é&", ListPage(lines, 60, 25, 25), AS_OF, {})
    assert (view.pager.first, view.pager.last, view.pager.total) == (26, 27, 60)
    assert view.pager.before == "/?q=%C3%A9%26"
    assert view.pager.after == "/?q=%C3%A9%26&offset=27"


def test_nothing_found_is_no_line():
    view = search_view("zz", ListPage((), 0, 25, 0), AS_OF, {})
    assert (view.lines, view.pager.first, view.pager.before, view.pager.after) == ((), 0, None, None)
