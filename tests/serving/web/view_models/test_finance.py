import re

import pytest

from models.wording.formats import LANGUAGES
from serving.usecases.portfolio_history import PortfolioHistory, portfolio_history
from serving.web.view_models.finance import finance_view
from serving.web.words import words
from tests.serving.web.visiting import with_people

FR = words("fr")


def history() -> PortfolioHistory:
    store = with_people().store
    run = store.current_run()
    assert run is not None
    found = portfolio_history(store, run, {})
    assert found is not None
    return found


def addresses(svg: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', svg)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_columns_lead_to_lists_and_older_ones_to_their_month(language):
    shown = history()
    view = finance_view(shown, words(language))
    for name, chart in view.charts:
        found = addresses(chart.svg)
        assert found[-1].startswith("/?"), name
        assert len(chart.rows) == 12
    grades = [one for one in addresses(dict(view.charts)["exposure"].svg) if "grade=" in one]
    assert [one[8] for one in grades] == ["E", "D", "C", "B", "A"]
    assert addresses(dict(view.charts)["dso"].svg)[0] == f"/finance?month={shown.months[0]['as_of'][:7]}"
    # What needs a model has no column before the first night.
    assert len(addresses(dict(view.charts)["loss"].svg)) == 2


def test_a_reconstructed_month_shows_only_what_is_known_of_it():
    shown = history()
    view = finance_view(shown, FR, shown.months[3]["as_of"][:7])
    assert view.is_reconstructed
    assert not view.is_present
    figures = {one.label: one for one in view.figures}
    assert figures["Encours"].figure == FR.eur(shown.months[3]["exposure_eur"])
    assert figures["Perte attendue sur un an"].figure == FR("word.unknown")
    assert {one.address for one in view.figures} == {""}
    assert finance_view(shown, FR, "1999-01").is_present


def test_every_customer_of_both_nights_is_in_the_quarters_migration():
    shown = history()
    (line,) = finance_view(shown, FR).quarters
    counts = shown.quarters[0]["counts"]
    both = sum(counts[before][after] for before in "ABCDE" for after in "ABCDE")
    assert line.better + line.worse + line.same == both > 0
