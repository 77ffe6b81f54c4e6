from serving.store import CustomerQuery, ListPage, Oversight, SelectionTotals
from serving.usecases.lists import ListChoices, ShownCustomers
from serving.web.view_models.search import list_options, search_view
from serving.web.words import words
from tests.serving.store.builders import AS_OF, a_customer, a_run

TOTALS = SelectionTotals(60, 1.0, 2.0, 3.0, None)


def shown(n_lines: int, offset: int = 0, size: int = 25) -> ShownCustomers:
    lines = tuple(a_customer(f"C{number}").summary() for number in range(n_lines))
    page = ListPage(lines, 60 if lines else 0, size, offset)
    return ShownCustomers(a_run(), page, {}, TOTALS, {"C0": Oversight("anne")})


def test_lines_come_with_where_they_stand_and_whose_they_are():
    view = search_view(CustomerQuery("é&"), shown(2, 25))
    assert (view.pager.first, view.pager.last, view.pager.total) == (26, 27, 60)
    assert view.pager.before == "/?q=%C3%A9%26"
    assert view.pager.after == "/?q=%C3%A9%26&offset=27"
    assert [one.oversight.assignee for one in view.lines] == ["anne", None]
    assert (view.as_of, view.totals) == (AS_OF, TOTALS)


def test_nothing_found_is_no_line():
    view = search_view(CustomerQuery("zz"), shown(0))
    assert (view.lines, view.pager.first, view.pager.before, view.pager.after) == ((), 0, None, None)


def test_the_address_keeps_filters_order_and_size_in_every_link():
    query = CustomerQuery(grade="D", is_overdue=True, sort="open_eur", is_descending=True)
    view = search_view(query, shown(50, 0, 50))
    kept = "/?grade=D&overdue=true&sort=-open_eur&limit=50"
    assert view.pager.after == f"{kept}&offset=50"
    assert view.export == "/exports/customers.csv?grade=D&overdue=true&sort=-open_eur"
    assert view.sorts["open_eur"].direction == "descending"
    assert view.sorts["open_eur"].address == kept.replace("-open_eur", "open_eur")
    assert view.sorts["name"].address == kept.replace("-open_eur", "name")
    assert view.sorts["pd_12m"].address == kept.replace("-open_eur", "-pd_12m")
    assert view.is_filtered
    assert not search_view(CustomerQuery(sort="name"), shown(1)).is_filtered


def test_sectors_are_offered_by_their_names():
    options = list_options(ListChoices(("43", "99", "34"), ("anne",)), words("fr"))
    assert options.sectors[1:] == (("43", "43 · construction"), ("99", "99 · organismes extraterritoriaux"),
                                   ("34", "34"))  # fmt: skip
    assert ("-open_eur", "Encours décroissant") in options.sorts
