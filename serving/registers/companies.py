"""A company as the registers describe it, and the staff of its size band.

Owns the common result of `sirene` and `company_search`; `pipelines.sources.registers` enters it into a
ledger.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.registers.documents import mended, whole

if TYPE_CHECKING:
    import datetime as dt

SOLE_TRADER = "1000"
HIDDEN = "[ND]"
"""INSEE's replacement for values that a person does not publish."""
_MASK = re.compile(r"\[\s*(?:ND|NON[- ]DIFFUSIBLES?)\s*\]", re.IGNORECASE)
"""The same replacement in every register's notation."""

SIZE_BANDS: dict[str, tuple[int, int | None]] = {
    "NN": (0, 0),
    "00": (0, 0),
    "01": (1, 2),
    "02": (3, 5),
    "03": (6, 9),
    "11": (10, 19),
    "12": (20, 49),
    "21": (50, 99),
    "22": (100, 199),
    "31": (200, 249),
    "32": (250, 499),
    "41": (500, 999),
    "42": (1_000, 1_999),
    "51": (2_000, 4_999),
    "52": (5_000, 9_999),
    "53": (10_000, None),
}
"""INSEE's bands of staff (variable trancheEffectifsUniteLegale of Sirene): fewest and most people."""


@dataclass(frozen=True, slots=True)
class Company:
    """A legal unit of the Sirene register.

    Parameters
    ----------
    active
        Whether it still exists; None if the register does not state it.
    ceased_on
        The day it ceased; None if it is active or the register does not state it.
    size_band
        INSEE's code of its band of staff, empty where unknown.
    headcount
        Staff derived from the band: see `headcount_of`.
    naf
        NAF rév. 2 code as 43.21A.
    legal_form
        INSEE's legal category, four digits.
    known_on
        The day from which all this is known: the register's own processing, else the day it was read.
    postcode, town
        Location of its seat; None if the register does not state it.
    """

    siren: str
    name: str | None
    active: bool | None
    ceased_on: dt.date | None
    created_on: dt.date | None
    naf: str | None
    legal_form: str | None
    size_band: str
    headcount: float | None
    known_on: dt.date
    postcode: str | None = None
    town: str | None = None

    @property
    def natural_person(self) -> bool:
        """Whether it is a natural person: a sole trader, legal category 1000."""
        return self.legal_form == SOLE_TRADER


def headcount_of(band: str | None) -> float | None:
    """Return the representative staff of a band: its middle, or its minimum without an upper end.

    No middle leaves its band, so that the thresholds of 10, 250 and 5,000 staff keep their sides.

    Returns
    -------
        None where the band is unknown: a unit without staff has a band of its own.

    Examples
    --------
    >>> headcount_of("11"), headcount_of("53"), headcount_of("NN"), headcount_of("")
    (14.5, 10000.0, 0.0, None)
    """
    bounds = SIZE_BANDS.get((band or "").strip().upper())
    if bounds is None:
        return None
    least, most = bounds
    return float(least) if most is None else (least + most) / 2


def shown(name: object) -> str | None:
    """Return a name or a place, None where it is empty or masked.

    Examples
    --------
    >>> shown("[ND]"), shown("[NON-DIFFUSIBLE]"), shown("Lyon")
    (None, None, 'Lyon')
    """
    if not isinstance(name, str):
        return None
    text = mended(" ".join(whole(name).split()))
    return None if not text or _MASK.search(text) else text


def legal_form_in(code: object) -> str | None:
    """Return a legal category of four digits, else None.

    Examples
    --------
    >>> legal_form_in("5710"), legal_form_in(1000), legal_form_in("SARL")
    ('5710', '1000', None)
    """
    text = str(code).strip() if isinstance(code, str | int) and not isinstance(code, bool) else ""
    return text if len(text) == 4 and text.isascii() and text.isdigit() else None
