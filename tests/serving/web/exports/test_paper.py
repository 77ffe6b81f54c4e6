import datetime as dt
import io

import pytest
from pypdf import PdfReader

from models.errors import CreditError
from serving.web.exports.paper import Paper

AT = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def test_what_does_not_fit_is_set_smaller():
    many = Paper("t", AT, "fr").one_page(lambda pen: [pen.text(f"ligne {n}") for n in range(100)])
    found = PdfReader(io.BytesIO(many))
    assert len(found.pages) == 1
    assert "ligne 99" in found.pages[0].extract_text()


def test_what_no_sheet_holds_is_an_error():
    with pytest.raises(CreditError, match="mm long"):
        Paper("t", AT, "fr").one_page(lambda pen: [pen.text("ligne") for _ in range(1_000)])


def test_letters_of_other_alphabets_are_set():
    made = Paper("t", AT, "fr").one_page(lambda pen: pen.text("Łódź, Αθήνα, Київ, 5 €"))
    assert "Łódź, Αθήνα, Київ, 5 €" in PdfReader(io.BytesIO(made)).pages[0].extract_text()


def test_a_page_is_tagged_and_has_a_title_and_a_language():
    def write(pen: Paper) -> None:
        pen.heading("Société Élan", "Fiche")
        pen.title("Titre")
        pen.text("Texte")

    catalog = PdfReader(io.BytesIO(Paper("Fiche", AT, "fr").one_page(write))).root_object
    assert catalog["/Lang"] == "fr"
    assert catalog["/MarkInfo"]["/Marked"] == True  # noqa: E712  # an object of the library
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712  # as above
    document = catalog["/StructTreeRoot"]["/K"][0].get_object()
    assert [one.get_object()["/S"] for one in document["/K"]] == ["/P", "/H1", "/H2", "/P"]
