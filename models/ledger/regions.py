"""Region of a customer by its postcode: the French département, elsewhere the country.

Owns the rule only; how a postcode may be written is the sources'.
"""

from __future__ import annotations

FRANCE = "FR"
_DIGITS = 5
_OVERSEAS = ("97", "98")
_CORSICA, _SOUTH_CORSICA = "20", ("200", "201")


def region_of(postcode: str | None, country: str | None) -> str | None:
    """Return the region of a customer; None where neither its postcode nor its country says.

    Parameters
    ----------
    postcode
        Blanks in it are ignored.
    country
        ISO 3166 alpha-2 code; five digits without a country are read as French.

    Examples
    --------
    >>> [region_of(code, "FR") for code in ("75011", "20090", "20 600", "97400")]
    ['75', '2A', '2B', '974']
    >>> region_of("10115", "DE"), region_of(None, "FR"), region_of(None, None)
    ('DE', None, None)
    """
    digits = "".join((postcode or "").split())
    if (country or FRANCE).upper() != FRANCE:
        return str(country).upper()
    if len(digits) != _DIGITS or not (digits.isascii() and digits.isdecimal()):
        return None
    if digits.startswith(_OVERSEAS):
        return digits[:3]
    if digits.startswith(_CORSICA):
        return "2A" if digits.startswith(_SOUTH_CORSICA) else "2B"
    return digits[:2]
