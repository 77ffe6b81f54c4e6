import pytest

from models.portfolio.aging import BANDS
from models.wording.formats import LANGUAGES
from serving.web.view_models.portfolio import portfolio_view
from serving.web.words import words
from tests.serving.web.visiting import with_people

FR = words("fr")


def published():
    return with_people().store.portfolio()


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_carry_what_the_night_published(language):
    w, document = words(language), published()
    view = portfolio_view(document, w, {})
    balance = document["aged_balance"]
    assert [row[1] for row in view.aged.rows] == [w.eur(balance[f"{band}_eur"]) for band in BANDS]
    assert all(
        w.eur(line["open_eur"]) in row[1]
        for line, row in zip(document["class_mix"], view.mix.rows, strict=True)
    )
    assert sum(document["payer_mix"].values()) == document["customers"]
    assert len(view.dso) == 4


def test_the_matrix_holds_every_customer_once():
    document = published()
    view = portfolio_view(document, FR, {})
    assert view.matrix is not None
    assert sum(cell.count for _, cells in view.matrix.rows for cell in cells) == document["customers"]
    assert [name for name, _ in view.matrix.rows][-1] == "Nouveau"
    assert view.matrix.columns[-1] == "Parti"
    stayed = [cell for _, cells in view.matrix.rows for cell in cells if cell.same]
    assert len(stayed) == 5


def test_more_customers_of_a_row_are_shaded_more():
    document = published() | {
        "migration": {"counts": {"A": {"A": 90, "B": 10, "C": 0}}, "better": 0, "worse": 1}
    }
    view = portfolio_view(document, FR, {})
    assert view.matrix is not None
    assert [cell.shade for cell in view.matrix.rows[0][1]] == [4, 1, 0]


def test_the_first_night_has_no_matrix():
    assert portfolio_view(published() | {"migration": None}, FR, {}).matrix is None
