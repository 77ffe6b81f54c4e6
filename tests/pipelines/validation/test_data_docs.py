import re
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import LedgerError
from pipelines.validation.checks import check_ledger
from pipelines.validation.loading import load_rules
from tests.pipelines.validation.builders import sound_ledger

INVOICES = [rule for rule in load_rules() if rule.table == "invoices"]
EVIL = "<script>alert(1)</script><h1 id=evil>$column"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "site"
    ledger = sound_ledger()
    ledger = replace(ledger, invoices=ledger.invoices.assign(customer_id=EVIL))
    for _ in range(2):
        check_ledger(ledger, INVOICES, docs=folder)
    return folder


def test_the_index_lists_every_rule_and_leads_to_pages_that_are_there(site: Path):
    index = (site / "index.html").read_text()
    assert all(rule.name_fr.replace("'", "&#x27;") in index for rule in INVOICES)
    links = re.findall('href="([^"]+)"', index)
    assert links == ["tables/invoices.html"]
    assert all((site / link).is_file() for link in links)


def test_values_of_the_ledger_are_text_and_no_tags(site: Path):
    pages = {page.name: page.read_text() for page in (site / "tables").glob("*.html")}
    assert all("<h1 id=evil" not in text for text in pages.values())
    assert "&lt;h1 id=evil&gt;" in pages["invoices.html"]


def test_links_between_pages_stay_inside(site: Path):
    for page in site.rglob("*.html"):
        for link in re.findall('href="([^"#]+)"', page.read_text()):
            assert link.startswith("https://greatexpectations.io") or (page.parent / link).is_file(), link


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs(site: Path):
    for page in site.rglob("*.html"):
        text = page.read_text()
        assert "<script" not in text.lower()
        assert not re.search(r"<(link|img|iframe)\b", text)
        assert "src=" not in text
        assert "default-src 'none'" in text


def test_writing_anew_leaves_one_page_a_table(site: Path):
    assert sorted(str(page.relative_to(site)) for page in site.rglob("*.html")) == [
        "expectations/invoices.html",
        "index.html",
        "tables/invoices.html",
    ]


def test_a_folder_of_something_else_is_not_touched(tmp_path: Path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(LedgerError, match="holds something else"):
        check_ledger(sound_ledger(), INVOICES, docs=tmp_path)
    assert (tmp_path / "letter.txt").read_text() == "mine"
