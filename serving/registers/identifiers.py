"""Numbers that name a company and its trade, in the one shape the ledger holds: SIREN, SIRET, NAF.

Keys are python-stdnum's, La Poste's own rule for SIRETs included.
"""

from __future__ import annotations

import re

from stdnum.fr import siren as siren_numbers
from stdnum.fr import siret as siret_numbers

_NAF = re.compile(r"^(\d{2})\.?(\d{2})([A-Z])$")
NOT_A_SIREN = "is no SIREN: nine digits, the last one a Luhn key"


def siren_in(text: object) -> str | None:
    """Return the SIREN that a text is, spaces dropped; None where its key is wrong.

    Examples
    --------
    >>> siren_in("732 829 320"), siren_in("732829321"), siren_in(None)
    ('732829320', None, None)
    """
    return _valid(text, siren_numbers, 9)


def siret_in(text: object) -> str | None:
    """Return the SIRET that a text is; La Poste's digits sum to a multiple of five instead of a Luhn key.

    Examples
    --------
    >>> siret_in("356 000 000 00048"), siret_in("73282932000075")
    ('35600000000048', None)
    """
    return _valid(text, siret_numbers, 14)


def company_in(text: object) -> str | None:
    """Return the SIREN that a SIREN or a SIRET names.

    Examples
    --------
    >>> company_in("73282932000074"), company_in("732829320")
    ('732829320', '732829320')
    """
    siret = siret_in(text)
    return siret[:9] if siret else siren_in(text)


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


def _valid(text: object, numbers: object, digits: int) -> str | None:
    if isinstance(text, bool) or not isinstance(text, str | int):
        return None
    compact = re.sub(r"[\s.\u00a0\u202f]", "", str(text))
    if len(compact) != digits or not (compact.isascii() and compact.isdigit()):
        return None
    return compact if numbers.is_valid(compact) else None  # type: ignore[attr-defined]  # stdnum's modules
