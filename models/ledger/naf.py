"""Sections of the French activity nomenclature (NAF rev. 2, INSEE), by division."""

from __future__ import annotations

_SECTIONS = {
    "A": range(1, 4), "B": range(5, 10), "C": range(10, 34), "D": range(35, 36), "E": range(36, 40),
    "F": range(41, 44), "G": range(45, 48), "H": range(49, 54), "I": range(55, 57), "J": range(58, 64),
    "K": range(64, 67), "L": range(68, 69), "M": range(69, 76), "N": range(77, 83), "O": range(84, 85),
    "P": range(85, 86), "Q": range(86, 89), "R": range(90, 94), "S": range(94, 97), "T": range(97, 99),
    "U": range(99, 100),
}  # fmt: skip
SECTION_OF_DIVISION = {
    division: code for code, divisions in enumerate(_SECTIONS.values()) for division in divisions
}


def section_letter(naf: str) -> str | None:
    """Return the section letter of a NAF code, None if it has none.

    Examples
    --------
    >>> section_letter("43.21A")
    'F'
    """
    division = int(naf[:2]) if naf[:2].isdigit() else 0
    return next((letter for letter, divisions in _SECTIONS.items() if division in divisions), None)
