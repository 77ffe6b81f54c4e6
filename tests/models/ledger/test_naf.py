import pytest

from models.ledger.naf import SECTION_OF_DIVISION, section_letter


@pytest.mark.parametrize(
    ("code", "letter"),
    [
        ("01.11Z", "A"),
        ("43.21A", "F"),
        ("62.01Z", "J"),
        ("99.00Z", "U"),
        ("", None),
        ("XX", None),
        ("04.00Z", None),
    ],
)
def test_a_code_belongs_to_the_section_of_its_division(code: str, letter: str | None):
    assert section_letter(code) == letter


def test_sections_are_numbered_in_the_order_of_their_letters():
    letters = [section_letter(f"{division:02d}") for division in SECTION_OF_DIVISION]
    numbers = ["ABCDEFGHIJKLMNOPQRSTU".index(letter) for letter in letters if letter]
    assert numbers == list(SECTION_OF_DIVISION.values())
