"""Date formats of the registers: ISO, French words, and the statistical form 26MAY2014.

An unreadable text is None, never a guess; the caller decides what that means.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

_MONTHS = {
    "janvier": 1, "fevrier": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6,
    "juillet": 7, "aout": 8, "septembre": 9, "octobre": 10, "novembre": 11, "decembre": 12,
}  # fmt: skip
_SHORT = {
    "JAN": 1, "FEB": 2, "MAR": 3, "APR": 4, "MAY": 5, "JUN": 6,
    "JUL": 7, "AUG": 8, "SEP": 9, "OCT": 10, "NOV": 11, "DEC": 12,
}  # fmt: skip
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$")
_SLASHED = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")
_FRENCH = re.compile(r"^(?:le )?(?:\w+ )?(\d{1,2})(?:er)? ([a-z]+) (\d{4})$")
_STATISTICAL = re.compile(r"^(\d{1,2})([A-Z]{3})(\d{4})$")
FIRST_YEAR, LAST_YEAR = 1900, 2100


def day_in(text: object) -> dt.date | None:
    """Parse a text as a date.

    Examples
    --------
    >>> day_in("10 décembre 2009"), day_in("1er mars 2024"), day_in("26MAY2014")
    (datetime.date(2009, 12, 10), datetime.date(2024, 3, 1), datetime.date(2014, 5, 26))
    >>> day_in("2022-11-23T05:05:00Z"), day_in("31 février 2024"), day_in("0000-00-00")
    (datetime.date(2022, 11, 23), None, None)
    """
    if not isinstance(text, str):
        return None
    written = " ".join(text.replace("\u00a0", " ").split())
    if found := _ISO.match(written):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _SLASHED.match(written):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    if found := _STATISTICAL.match(written.upper()):
        return _day(int(found[3]), _SHORT.get(found[2]), int(found[1]))
    if found := _FRENCH.match(plain(written)):
        return _day(int(found[3]), _MONTHS.get(found[2]), int(found[1]))
    return None


def month_end_in(text: object) -> dt.date | None:
    """Return the last day of a month written 2023-12; a whole date is unchanged.

    Examples
    --------
    >>> month_end_in("2023-12"), month_end_in("2024-02"), month_end_in("2024-06-30")
    (datetime.date(2023, 12, 31), datetime.date(2024, 2, 29), datetime.date(2024, 6, 30))
    """
    if isinstance(text, str) and re.fullmatch(r"\d{4}-\d{2}", text):
        first = day_in(f"{text}-01")
        after = None if first is None else (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        return None if after is None else after - dt.timedelta(days=1)
    return day_in(text)


def plain(text: str) -> str:
    """Return a text in lower case, without accents, curly apostrophes and double spaces.

    Examples
    --------
    >>> plain("Clôture pour  insuffisance d’actif")
    "cloture pour insuffisance d'actif"
    """
    letters = unicodedata.normalize("NFKD", text.replace("’", "'"))
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(kept.lower().split())


def _day(year: int, month: int | None, day: int) -> dt.date | None:
    if month is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
