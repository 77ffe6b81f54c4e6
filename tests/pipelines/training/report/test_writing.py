"""Pages, cards and index are written where they are said to be, and lead to one another."""

from pathlib import Path

import pytest

from models.errors import ModelError
from models.policy.document import load_policy
from pipelines.training.report.writing import write_pages, write_report
from tests.pipelines.fake_models import FakeModels
from tests.pipelines.training.report.pages import read_page


def test_a_training_leaves_pages_and_card_that_can_be_written_again(trained: Path, tmp_path: Path):
    write_pages(trained / "late", tmp_path)
    for name in ("report.fr.html", "report.en.html", "card.md"):
        left = (trained / "late" / "report" / name).read_text(encoding="utf-8")
        assert (tmp_path / name).read_text(encoding="utf-8") == left


def test_the_index_leads_to_every_page_and_every_page_to_its_other_language(trained: Path, tmp_path: Path):
    index = write_report(trained, tmp_path / "report")
    page = read_page(index.read_text(encoding="utf-8"))
    assert page.lang == "fr"
    named = {"late.fr.html", "late.en.html", "late.card.md", "default.fr.html", "default.en.html"}
    assert set(page.references) == named | {"default.card.md"}
    for name in page.references:
        told = (index.parent / name).read_text(encoding="utf-8")
        if name.endswith(".html"):
            others = [one for one in read_page(told).references if not one.startswith("data:")]
            assert len(others) == 1
            assert (index.parent / others[0]).is_file()


def test_the_version_in_charge_is_asked_where_a_registry_is_given(trained: Path, tmp_path: Path):
    index = write_report(trained, tmp_path, FakeModels(tmp_path / "registry"), load_policy())
    text = (index.parent / "default.en.html").read_text(encoding="utf-8")
    assert "no version answers yet" in text
    write_report(trained, tmp_path)
    assert "no version answers yet" not in (index.parent / "default.en.html").read_text(encoding="utf-8")


def test_without_models_it_is_said_what_to_run(tmp_path: Path):
    with pytest.raises(ModelError, match="encours train"):
        write_report(tmp_path, tmp_path / "report")
