"""The site builds without a fault, in both languages, and loads nothing from another host."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
OUTSIDE = re.compile(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"(?:https?:)?//[^\"]*\"")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
BOTH = ("tutorial", "guides", "explanation")


def test_what_users_read_is_in_both_languages_and_has_the_same_parts():
    pages = [page for folder in BOTH for page in (DOCS / folder).glob("*.md") if ".fr." not in page.name]
    pages += [DOCS / "reference" / name for name in ("fec.md", "files.md", "checks.md")]
    assert len(pages) > 12
    for page in [DOCS / "index.md", *pages]:
        french = page.with_suffix(".fr.md")
        assert french.is_file(), page
        assert headings(page) == headings(french), page


def headings(page: Path) -> list[int]:
    """The levels of a page's headings, in order."""
    return [len(mark) for mark in re.findall(r"^(#+) ", page.read_text(encoding="utf-8"), re.MULTILINE)]


def test_a_link_of_a_page_outside_the_site_leads_to_a_file():
    pages = [*ROOT.glob("*.md"), ROOT / "data" / "README.md", ROOT / "notebooks" / "README.md"]
    links = [(page, link) for page in pages for link in LINK.findall(page.read_text(encoding="utf-8"))]
    assert len(links) > 30
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "site"
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, env=quiet, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.slow
def test_the_site_is_built_in_both_languages_with_its_reference_and_its_search(site: Path):
    for page in ("index.html", "fr/index.html", "reference/api/index.html", "fr/reference/policy/index.html"):
        assert (site / page).is_file(), page
    assert 'lang="fr"' in (site / "fr" / "index.html").read_text(encoding="utf-8")
    found = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    places = {entry["location"] for entry in found["docs"]}
    assert {"guides/cfo/", "fr/guides/cfo/"} <= places


@pytest.mark.slow
def test_no_page_of_the_site_loads_anything_from_another_host(site: Path):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 40
    assert [(page.name, found) for page in pages for found in OUTSIDE.findall(page.read_text("utf-8"))] == []
    styles = [
        style for style in site.rglob("*.css") if re.search(r"url\((?:https?:)?//", style.read_text("utf-8"))
    ]
    assert styles == []


@pytest.mark.slow
def test_sources_of_the_generator_are_no_part_of_the_site(site: Path):
    assert [path for path in site.rglob("*") if path.suffix in {".py", ".toml"}] == []
