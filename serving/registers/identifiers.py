"""Normal form of company and trade identifiers: SIREN, SIRET, NAF.

Keys of SIRETs are python-stdnum's, La Poste's own rule included. A SIREN's Luhn key is computed here: a
portfolio's are checked by the hundred thousand.
"""

from __future__ import annotations

import re

from stdnum.fr import siret as siret_numbers

MASKED = ("[ND]", "ND")
"""Replacement in Sirene for units that object to publication."""
_SPACES = re.compile(r"[\s.\-_\u00a0\u202f]")
_FLOAT = re.compile(r"^(\d+)[.,]0+$")
_FRENCH_VAT = re.compile(r"^(?:TVA)?FR[0-9A-HJ-NP-Z]{2}(\d{9})$")
_REGISTERED = re.compile(r"R\.?C\.?S\.?|SIRENE?|SIRET|INSEE", re.IGNORECASE)
_MONACO = "000"
_FEWEST_DIGITS = {9: 7, 14: 12}
"""Lengths of a SIREN and a SIRET without leading zeros, as spreadsheets write them: at most two are lost."""
_NAF = re.compile(r"^(\d{2})\.?(\d{2})([A-Z])$")
_SEPARATORS = re.compile(r"[\s.\u00a0\u202f]")
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
"""Digit sums of the doubled digits (Luhn, ISO/IEC 7812-1)."""
NOT_A_SIREN = "is no SIREN: nine digits, the last one a Luhn key"


def siren_in(text: object) -> str | None:
    """Return a text as SIREN without spaces, or None if its check digit is wrong.

    Examples
    --------
    >>> siren_in("732 829 320"), siren_in("732829321"), siren_in(None)
    ('732829320', None, None)
    """
    digits = _digits(text, 9)
    if digits is None:
        return None
    doubled = sum(_DOUBLED[int(digit)] for digit in digits[1::2])
    return digits if (doubled + sum(map(int, digits[::2]))) % 10 == 0 else None


def siret_in(text: object) -> str | None:
    """Return a text as SIRET; La Poste's digits sum to a multiple of five instead of a Luhn check digit.

    Examples
    --------
    >>> siret_in("356 000 000 00048"), siret_in("73282932000075")
    ('35600000000048', None)
    """
    digits = _digits(text, 14)
    return digits if digits is not None and siret_numbers.is_valid(digits) else None


def company_in(text: object) -> str | None:
    """Return the SIREN that a SIREN or a SIRET names.

    Examples
    --------
    >>> company_in("73282932000074"), company_in("732829320")
    ('732829320', '732829320')
    """
    siret = siret_in(text)
    return siret[:9] if siret else siren_in(text)


def siren_written_as(text: str, *, zeros_lost: bool = False) -> str | None:
    """Extract the SIREN from a number as people and spreadsheets write it, validated by its Luhn check digit.

    Accepted are a SIREN or SIRET with spaces or points, a French VAT number, a trade register number
    ("RCS Paris 732 829 320"), and a spreadsheet's float. A number of Monaco (000…, FR…000…) or another
    country's VAT number is refused.

    Parameters
    ----------
    zeros_lost
        Whether leading zeros may be gone, as a spreadsheet drops them: up to two.

    Examples
    --------
    >>> siren_written_as("FR44 732 829 320"), siren_written_as("732829320.0")
    ('732829320', '732829320')
    >>> siren_written_as("RCS PARIS B 732.829.320"), siren_written_as("DE732829320")
    ('732829320', None)
    >>> siren_written_as("5420120"), siren_written_as("5420120", zeros_lost=True)
    (None, '005420120')
    """
    as_float = _FLOAT.match(text.strip())
    compact = as_float[1] if as_float else _SPACES.sub("", text).upper()
    vat = _FRENCH_VAT.match(compact)
    if vat is not None:
        compact = vat[1]
    elif _REGISTERED.search(text):
        compact, zeros_lost = re.sub(r"\D", "", text), False
    if not (compact.isascii() and compact.isdigit()) or compact.startswith(_MONACO):
        return None
    for digits, fewest in _FEWEST_DIGITS.items():
        full = compact.zfill(digits) if zeros_lost and not compact.startswith("0") else compact
        if len(full) == digits and len(compact) >= fewest:
            found = siren_in(full[:9]) if len(compact) == digits else company_in(full)
            if found is not None:
                return found
    return None


def naf_in(text: object) -> str | None:
    """Return a NAF rév. 2 code as 43.21A; None for anything else, such as the codes of older editions.

    Examples
    --------
    >>> naf_in("4321A"), naf_in("97.90"), naf_in("00.00Z")
    ('43.21A', None, None)
    """
    found = _NAF.match(str(text).strip().upper()) if text is not None else None
    if found is None or found[1] == "00":
        return None
    return f"{found[1]}.{found[2]}{found[3]}"


def _digits(text: object, count: int) -> str | None:
    """Return a text of so many digits without spaces and points; None for anything else."""
    if isinstance(text, bool) or not isinstance(text, str | int):
        return None
    compact = _SEPARATORS.sub("", str(text))
    return compact if len(compact) == count and compact.isascii() and compact.isdigit() else None
