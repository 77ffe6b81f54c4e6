"""What a page shows of a customer and what the API says of it are the same figures."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest

from models.policy.overrides import effective
from models.portfolio.aging import BANDS
from models.wording.formats import LANGUAGES, Language
from serving.store import CustomerSummary
from serving.usecases.customer_file import exposure_document
from serving.web.view_models.customer import customer_view
from serving.web.words import words
from tests.serving.served import overridden, served
from tests.serving.store.builders import AS_OF
from tests.serving.web.view_models.builders import a_file
from tests.serving.web.visiting import visitor, with_people

CELLS = {"dt", "dd", "th", "td"}


@dataclass
class Figures(HTMLParser):
    """The figures of a page: a name beside each, in lists of facts and in tables."""

    rows: list[list[str]] = field(default_factory=list)
    _cell: list[str] | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"tr", "dt"}:
            self.rows.append([])
        if tag in CELLS and self.rows:
            self._cell = []

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in CELLS and self._cell is not None:
            self.rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def beside(self, name: str) -> set[str]:
        """Return what stands beside a name, wherever the page has it."""
        return {row[1] for row in self.rows if len(row) == 2 and row[0] == name}


def page_of(customer_id: str, language: Language) -> Figures:
    answer = visitor().get(f"/customers/{customer_id}", lang=language)
    assert answer.status_code == 200
    found = Figures()
    found.feed(answer.text)
    return found


def file_of(customer_id: str) -> dict[str, Any]:
    found: dict[str, Any] = served().client().get(f"/v1/customers/{customer_id}").json()
    return found


KINDS: dict[str, Callable[[CustomerSummary], bool]] = {
    "grade A": lambda one: one.grade == "A" and one.open_eur > 0,
    "grade B": lambda one: one.grade == "B" and one.open_eur > 0,
    "grade C": lambda one: one.grade == "C" and one.open_eur > 0,
    "grade D": lambda one: one.grade == "D" and one.open_eur > 0,
    "grade E": lambda one: one.grade == "E" and one.open_eur > 0,
    "owes nothing": lambda one: one.open_eur == 0,
    "over its limit": lambda one: one.open_eur > one.limit_eur > 0,
    "prepays but owes": lambda one: one.open_eur > 0 and one.limit_eur == 0,
    "mostly overdue": lambda one: one.overdue_eur > one.open_eur / 2 > 0,
}


def a_customer_that(kind: str) -> str:
    """Return a customer of the demo that is of a kind."""
    lines = with_people().store.search("", 1000).items
    return next(one.customer_id for one in lines if KINDS[kind](one))


def held_side_by_side(customer_id: str, language: Language) -> None:
    """Hold a customer's page against its file of the API, figure by figure."""
    w, page, file = words(language), page_of(customer_id, language), file_of(customer_id)
    exposure, aged, answer = file["exposure"], file["aged_balance"], file["assessment"]
    assert exposure["limit_eur"] == file["in_force"]["limit_eur"]
    told = {
        w("use.limit"): {w.eur(exposure["limit_eur"])},
        w("use.owed"): {w.eur(exposure["open_eur"])},
        w("use.overdue"): {w.eur(exposure["overdue_eur"])},
        w("use.free"): {w.eur(exposure["available_eur"])},
        w("probability.default"): {
            w.share(answer["pd_12m"]["value"]) if answer["pd_12m"] else w("probability.happened")
        },
        w("probability.late"): {w.share(answer["p_late30"]["value"])},
    }
    if file["invoices"]:
        told |= {w(f"band.{band}"): {w.eur(aged[f"{band}_eur"])} for band in BANDS}
    for name, figures in told.items():
        shown = {plain(one) for one in page.beside(name)}
        assert shown, name
        assert all(one.startswith(plain(*figures)) for one in shown), (name, shown, figures)
    grades = {one.removeprefix(w("grade.title")).strip() for one in page.beside(w("grade.title"))}
    assert any(one.startswith(file["in_force"]["grade"]) for one in grades)


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_and_the_api_tell_the_same_figures(kind: str, language: Language):
    held_side_by_side(a_customer_that(kind), language)


@pytest.mark.parametrize("owed", [-50.0, 0.0, 1_200.0, 28_000.0, 30_000.5])
def test_what_is_still_free_is_the_same_where_more_was_paid_than_owed_too(owed: float):
    w, found = words("en"), a_file({"open_eur": owed, "overdue_eur": 0.0})
    policy = with_people().app.state.wiring.assessors.get().policy
    counts = effective(found.stored.row.assessment, (), AS_OF, policy)
    told = exposure_document(found, counts)
    shown = dict(customer_view(found, counts.document(), w).use.rows)
    assert shown[w("use.free")] == w.eur(told["available_eur"])
    assert shown[w("use.owed")] == w.eur(told["open_eur"])
    assert shown[w("use.limit")] == w.eur(told["limit_eur"])


@pytest.mark.parametrize("kind", ["grade B", "grade D", "grade E", "over its limit"])
@pytest.mark.parametrize(("what", "value"), [("limit", 1_234.0), ("limit", 0.0), ("grade", "C")])
def test_they_do_so_while_an_override_or_a_stop_counts(kind: str, what: str, value: object):
    customer_id = a_customer_that(kind)
    with overridden(customer_id, what, value):
        held_side_by_side(customer_id, "fr")


def test_a_figure_that_differs_is_found():
    customer_id = a_customer_that("grade B")
    page, w = page_of(customer_id, "fr"), words("fr")
    own = plain(w.eur(file_of(customer_id)["exposure"]["limit_eur"]))
    assert own in {plain(one) for one in page.beside(w("use.limit"))}
    with overridden(customer_id, "limit", 1_234.0):
        assert own not in {plain(one) for one in page_of(customer_id, "fr").beside(w("use.limit"))}
