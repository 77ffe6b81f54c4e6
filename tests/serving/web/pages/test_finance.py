from tests.serving.web.visiting import said, visitor


def test_a_year_is_shown_with_its_sources_and_a_list_behind_each_figure():
    answer = visitor().get("/finance")
    text = said(answer)
    assert "Les mois en clair (10) sont reconstitués" in text
    assert "connus depuis la première nuit" in text
    for address in ("/?overdue=true", "/?over_limit=true", "/exports/customers.csv?over_limit=true"):
        assert f'href="{address}' in answer.text


def test_a_past_month_says_what_it_was_made_of():
    assert "reconstituée d'après factures et règlements" in said(visitor().get("/finance?month=2026-03"))


def test_a_month_that_is_none_is_refused():
    assert visitor().get("/finance?month=mars").status_code == 422
