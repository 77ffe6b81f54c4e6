import pytest

from models.portfolio.worklist import PROPOSALS
from models.wording.formats import LANGUAGES
from serving.store import WorklistEntry, WorklistRow
from serving.web.view_models.worklist import chase_view
from serving.web.words import words
from tests.serving.store.builders import a_customer

LINE = {
    "why_fr": "En retard : 40 jours",
    "why_en": "40 days late",
    "disputed_eur": 10.0,
    "oldest_days": 40,
    "next_step_on": "2026-12-01",
    "next_tone": "formal",
    "invoices": [{"invoice_id": "F1"}],
}


def chased(row: WorklistRow) -> WorklistEntry:
    return WorklistEntry(row, a_customer(row.customer_id, limit_eur=1_000.0, open_eur=1_500.0).summary())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tone", PROPOSALS)
def test_a_line_comes_with_its_tone_in_words_and_its_invoices(language, tone):
    view = chase_view(chased(WorklistRow(3, "C1", None, tone, 500.0, 700.0, LINE)), words(language), {})
    assert (view.place, view.name, view.at_risk_eur) == (3, "C1", 500.0)
    assert view.tone_words
    assert [one["invoice_id"] for one in view.invoices] == ["F1"]


def test_french_signs_of_the_reason_are_set():
    view = chase_view(chased(WorklistRow(1, "C1", "x", "firm", 1.0, 1.0, LINE)), words("fr"), {})
    assert view.why == "En retard\N{NARROW NO-BREAK SPACE}: 40 jours"


def test_a_line_tells_what_is_owed_in_all_against_the_limit_in_force():
    row = WorklistRow(1, "C1", "x", "firm", 1.0, 1.0, LINE)
    usage = chase_view(chased(row), words("fr"), {}).usage
    assert (usage.limit_eur, usage.open_eur, usage.use_share, usage.over_eur) == (
        1_000.0,
        1_500.0,
        1.5,
        500.0,
    )
