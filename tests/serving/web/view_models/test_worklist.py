import pytest

from models.policy.dunning import TONES
from serving.store import WorklistRow
from serving.web.view_models.worklist import chase_view
from serving.web.words import LANGUAGES, words

LINE = {
    "why_fr": "En retard : 40 jours",
    "why_en": "40 days late",
    "disputed_eur": 10.0,
    "oldest_days": 40,
    "next_step_on": "2026-12-01",
    "next_tone": "formal",
    "invoices": [{"invoice_id": "F1"}],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tone", TONES)
def test_a_line_comes_with_its_tone_in_words_and_its_invoices(language, tone):
    view = chase_view(WorklistRow(3, "C1", None, tone, 500.0, 700.0, LINE), words(language))
    assert (view.place, view.name, view.at_risk_eur) == (3, "C1", 500.0)
    assert view.tone_words
    assert [one["invoice_id"] for one in view.invoices] == ["F1"]


def test_french_signs_of_the_reason_are_set():
    view = chase_view(WorklistRow(1, "C1", "x", "firm", 1.0, 1.0, LINE), words("fr"))
    assert view.why == "En retard\N{NO-BREAK SPACE}: 40 jours"
