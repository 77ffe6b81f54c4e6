"""Grammar of French due dates and payment terms as written in labels and customer lists.

Read without case and accents, in this order; the first that is there counts:

- **a cue and a date**: due on that date. Cues are échéance, éch., date limite, à payer, payable, exigible,
  dû le, règlement or paiement au, LCR, traite, effet, BOR, prélèvement. Dates are 15/03/2025, 15-03-25,
  15.03.2025, 2025-03-15, 150325, 15032025, 20250315, 15 mars 2025, 1er mars, quinze mars deux mille
  vingt-cinq, fin mars 2025; 15/03 is the first one from the issue on.
- **N days, end of month**: N days on, then the month's end. 45 jours fin de mois, 45 J FDM, 45 FDM, 45JFM,
  45 j date de facture fin de mois.
- **N days, end of month, the M-th**: see below. 30 jours fin de mois le 10, LCR 30J FDM LE 10, 30JFDM10.
- **end of month, N days**: the month's end, then N days on. Fin de mois 45 jours, FDM + 45.
- **end of month alone**: the month's end, or the M-th after it. FDM, paiement fin de mois, fin de mois le
  10.
- **N days**: N days on. À 30 j, net 45 jours, 45 jours nets, règlement 45 jours, 30 J date de facture, 30
  JDF, and 30 jours at the end of a reference.
- **at once**: due on the day of issue. Comptant, à réception.

"N jours fin de mois le M" counts blocks of 30 days, moves to the end of the month and takes the M-th after
it: the days beyond a block are in the M ("45 jours fin de mois le 15" of 31 March is 15 May, within the 60
days of art. L441-10 C. com., which allows both readings of 45 days and end of month).

A due date lies between the issue date and `LONGEST_TERMS_DAYS` after it. A text with the shape of a due date
but no date within these bounds (31/02/2025, 60 JF, à 999 j) is reported as unreadable, never guessed.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

LONGEST_TERMS_DAYS = 400
"""Longest text that is parsed."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
BLOCK_DAYS = 30
LIKELY = (
    r"(?i)[ée]ch|fdm|f\.d\.m|fin|\d ?j|jour|comptant|r[ée]ception|payer|payable|exigible|limite|r[èe]gl"
    r"|paiement|lcr|traite|effet|billet|bor|pr[ée]l|d[ûu]e? le"
)
"""Necessary condition for a text to be readable by `read_due`: a cheap filter for whole columns."""


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """Payment terms.

    Parameters
    ----------
    days
        Days from the issue.
    end_of_month
        Whether the end of the month applies `before` or `after` the days; empty where it does not apply.
    day_of_month
        The day of the month after that end on which the document falls due, None if absent.
    """

    days: int
    end_of_month: str = ""
    day_of_month: int | None = None

    def due_on(self, issued: dt.date) -> dt.date:
        """Return the due date of a document.

        Examples
        --------
        >>> PaymentTerms(45, "after").due_on(dt.date(2026, 1, 10))
        datetime.date(2026, 2, 28)
        >>> PaymentTerms(90, "after", 10).due_on(dt.date(2027, 11, 25))
        datetime.date(2028, 3, 10)
        """
        if self.day_of_month is not None:
            blocks = self.days - self.days % BLOCK_DAYS
            following = month_end(issued + dt.timedelta(days=blocks)) + dt.timedelta(days=1)
            return following.replace(day=min(self.day_of_month, month_end(following).day))
        if self.end_of_month == "before":
            return month_end(issued) + dt.timedelta(days=self.days)
        due = issued + dt.timedelta(days=self.days)
        return month_end(due) if self.end_of_month else due


class Due(NamedTuple):
    """Result of parsing a text: the due date or None, and whether it only resembles a due date."""

    on: dt.date | None
    unreadable: bool


_UNITS = (
    *("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
    *("treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf", "vingt", "vingt et un"),
    *("vingt-deux", "vingt-trois", "vingt-quatre", "vingt-cinq", "vingt-six", "vingt-sept", "vingt-huit"),
    *("vingt-neuf", "trente", "trente et un"),
)
_NUMBERS = {word.replace("-", " "): nth for nth, word in enumerate(_UNITS, start=1)}
_NUMBERS |= {"premier": 1, "quarante cinq": 45, "soixante": 60, "quatre vingt dix": 90}
_MONTHS = ("jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec")
_WORD = (
    r"(?:" + "|".join(re.escape(w).replace(r"\ ", r"[ \-]+") for w in sorted(_NUMBERS, key=len)[::-1]) + r")"
)
_MONTH = (
    r"(?:jan(?:v(?:ier)?)?|fev(?:r(?:ier)?)?|mars|mar|avr(?:il)?|mai|juin|juil(?:let)?|aout"
    r"|sept?(?:embre)?|oct(?:obre)?|nov(?:embre)?|dec(?:embre)?)(?![a-z])\.?"
)
_FIRM = (
    r"\bech(?:eances?|\.)?(?![a-z])|\bdate\s+limite(?:\s+de\s+(?:paiement|reglement))?|\ba\s+payer(?![a-z])"
    r"|\bpayables?(?![a-z])|\bexigibles?(?![a-z])"
)
_LOOSE = (
    r"\bdue?s?(?=\s+le\b)|\b(?:reglement|reglt|rglt|paiement)(?=\s+(?:au|le|avant|pour)\b)"
    r"|\b(?:lcr|traite|effet|bor|billet\s+a\s+ordre|prelevement|prlv)(?![a-z])"
)
_LINK = r"[\s:=,\-]*(?:(?:prevue?|fixee?|avant|pour|le|au|du)[\s:=]+){0,3}"
_DAY = (
    r"(?P<iso>(?P<iy>\d{4})[\-/.](?P<im>\d{1,2})[\-/.](?P<id>\d{1,2}))"
    r"|(?P<full>(?P<d>\d{1,2})(?:[/.\-](?P<m>\d{1,2})[/.\-](?P<y>\d{4}|\d{2})|\s(?P<m2>\d{1,2})\s(?P<y2>\d{4})))"
    rf"|(?P<said>(?P<sd>\d{{1,2}}(?:er)?(?![a-z0-9])|{_WORD})[\s\-./]*(?P<sm>{_MONTH})"
    rf"(?:[\s\-./]*(?P<sy>\d{{4}}|\d{{2}}(?!\d)|deux\s*mille\s+{_WORD}))?)"
    rf"|(?P<end>fin\s+(?P<em>{_MONTH})(?:\s*(?P<ey>\d{{4}}|\d{{2}}(?!\d)))?)"
    r"|(?P<packed>\d{8}|\d{6})"
    r"|(?P<short>(?P<hd>\d{2})[/.\-](?P<hm>\d{2})(?![/.\-]?\d))"
)
_DATED = re.compile(rf"(?:{_FIRM}|{_LOOSE}){_LINK}(?:{_DAY})(?!\d)")
_LOOKS_DATED = re.compile(rf"(?:{_FIRM}){_LINK}(?:\d|{_MONTH}|fin\b)")
_DAYS = rf"(?P<days>\d{{1,3}}|\b{_WORD}(?=\s))\s*(?:jours?|jrs?|j)(?![a-z])\.?"
_FROM_INVOICE = (
    r"(?:\s*(?:nets?|(?:a\s+|de\s+)?date(?:\s+de)?(?:\s+la)?(?:\s+fact(?:ure)?)?|d\.?f\.?)(?![a-z])\.?)?"
)
_END = r"(?:fin\s*(?:de\s+|du\s+)?mois(?:\s+civil)?|f\.?\s?d\.?\s?m\.?)(?![a-z])"
_USUAL = r"(?:0|7|8|10|14|15|20|30|35|40|45|50|60|75|90|120)(?!\d)"
_NTH = r"(?:\s*,?\s*(?:(?:le|au)\s*(?P<nth>\d{1,2})|\+?\s*(?P<usual>5|8|10|15|20|25|30))(?![\d/\-]|[.,]\d))?"
_END_LAST = re.compile(
    rf"(?<![a-z\d/.\-])(?:{_DAYS}{_FROM_INVOICE}\s*{_END}|(?P<bare>{_USUAL})\s*{_END}"
    rf"|(?P<glued>\d{{1,3}})\s*(?:jours?|jrs?|j)\.?\s*(?:{_END}|f\.?m\.?(?![a-z]))){_NTH}"
)
_END_FIRST = re.compile(rf"\b{_END}\s*\+?\s*(?P<days>\d{{1,3}})\s*(?:jours?|jrs?|j)?(?![a-z\d/\-])")
_END_ALONE = re.compile(
    r"(?:\bf\.?d\.?m(?![a-z])\.?"
    r"|(?:\b(?:paiement|reglement|payable|ech(?:eance)?\.?|lcr|traite)\W+(?:a\s+|en\s+)?)"
    rf"{_END}|{_END}(?=\s+le\s+\d)){_NTH}"
)
_CUED = re.compile(
    r"(?:\ba|\bsous|\bnets?|\bpaiement|\breglement|\bpayable|\bterme|\bdelai|\bconditions?|\bech(?:eance)?\.?|\blcr"
    rf"|\btraite|\bvirement|\bcheque)\s*(?:a|sous|de|:|=)?\s*{_DAYS}(?!\s*(?:f\b|d'|de\s+(?!la\s|date|fact|recep)))"
)
_NET = re.compile(
    r"(?<![\d/.\-])(?P<days>\d{1,3})\s*(?:jours?|jrs?|j)\.?\s*"
    r"(?:n(?:ets?)?(?![a-z])|d\.?f(?![a-z])|date(?![a-z])|a\s+reception|fact(?:ure)?(?![a-z]))"
)
_LAST = re.compile(r"^(?P<before>.*?)\s*(?P<days>\b\d{1,3})\s*(?:jours?|jrs?|j)\.?$")
_REFERENCE = re.compile(r"(?:factures?|fact|fac|fa|fc|ft|f|n|no|num|ref|vente)[.:°#]*|[\w\-/.#°]*\d[\w\-/.]*")
_AT_ONCE = re.compile(r"\bcomptant\b|\ba\s+reception\b|\bpaiement\s+immediat\b")
_UNCLEAR = re.compile(r"(?<![\d/.\-])\d{1,3}\s*(?:jours?|jrs?|j)\.?\s?f(?![a-z])")


def read_due(text: str, issued: dt.date) -> Due:
    """Parse the due date of a document from a text.

    Examples
    --------
    >>> day = dt.date(2026, 1, 10)
    >>> read_due("Facture 12 Ech. 31/03/2026", day).on, read_due("F12 échéance 310326", day).on
    (datetime.date(2026, 3, 31), datetime.date(2026, 3, 31))
    >>> read_due("F12 à 30 j", day).on, read_due("F12 45 FDM", day).on, read_due("Facture 30", day).on
    (datetime.date(2026, 2, 9), datetime.date(2026, 2, 28), None)
    >>> read_due("Ech. 31/02/2026", day)
    Due(on=None, unreadable=True)
    """
    plain = fold(text)
    if found := _DATED.search(plain):
        day = _dated(found, issued)
    else:
        terms = _terms(plain)
        day = None if terms is None or terms.days > LONGEST_TERMS_DAYS else terms.due_on(issued)
        if terms is None:
            return Due(None, bool(_LOOKS_DATED.search(plain) or _UNCLEAR.search(plain)))
    if day is None or not dt.timedelta(0) <= day - issued <= dt.timedelta(days=LONGEST_TERMS_DAYS):
        return Due(None, unreadable=True)
    return Due(day, unreadable=False)


def fold(text: str) -> str:
    """Return a text without accents, in one case, with single spaces."""
    if not text.isascii():
        text = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(text.casefold().split())


def month_end(day: dt.date) -> dt.date:
    """Return the last day of a day's month."""
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def _terms(plain: str) -> PaymentTerms | None:
    if found := _END_LAST.search(plain):
        return _of_month(_number(found["days"] or found["glued"] or found["bare"]), found)
    if found := _END_FIRST.search(plain):
        return PaymentTerms(int(found["days"]), "before")
    if found := _END_ALONE.search(plain):
        return _of_month(0, found)
    if found := _CUED.search(plain) or _NET.search(plain):
        return PaymentTerms(_number(found["days"]))
    if (found := _LAST.match(plain)) and re.fullmatch(_USUAL, found["days"]):
        words = found["before"].split()
        if all(_REFERENCE.fullmatch(word) for word in words):
            return PaymentTerms(int(found["days"]))
    return PaymentTerms(0) if _AT_ONCE.search(plain) else None


def _of_month(days: int, found: re.Match[str]) -> PaymentTerms:
    nth = int(found["nth"] or found["usual"] or 0)
    return PaymentTerms(days, "after", nth if 1 <= nth <= 31 else None)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS[" ".join(re.split(r"[ \-]+", text))]


def _dated(found: re.Match[str], issued: dt.date) -> dt.date | None:
    if found["iso"]:
        return _day(found["iy"], int(found["im"]), int(found["id"]))
    if found["full"]:
        return _day(found["y"] or found["y2"], int(found["m"] or found["m2"]), int(found["d"]))
    if found["said"]:
        day = _number(found["sd"].removesuffix("er") if found["sd"][0].isdigit() else found["sd"])
        return _from(issued, found["sy"], _month(found["sm"]), day)
    if found["end"]:
        first = _from(issued.replace(day=1), found["ey"], _month(found["em"]), 1)
        return None if first is None else month_end(first)
    if packed := found["packed"]:
        return _day(packed[4:], int(packed[2:4]), int(packed[:2])) or (
            _day(packed[:4], int(packed[4:6]), int(packed[6:])) if len(packed) == len("YYYYMMDD") else None
        )
    return _from(issued, None, int(found["hm"]), int(found["hd"]))


def _month(name: str) -> int:
    return next(nth for nth, start in enumerate(_MONTHS, start=1) if name.startswith(start))


def _from(issued: dt.date, year: str | None, month: int, day: int) -> dt.date | None:
    """Return a day in the given year, or without one the first such day from the issue date on."""
    if year is not None:
        return _day(year, month, day)
    days = (_day(str(issued.year + more), month, day) for more in (0, 1))
    return next((one for one in days if one is not None and one >= issued), None)


def _day(year: str, month: int, day: int) -> dt.date | None:
    said = int(year) if year.isdigit() else 2000 + _number(year.split("mille", 1)[1].strip())
    full = said + 2000 if said < 100 else said
    if FIRST_YEAR <= full <= LAST_YEAR:
        with suppress(ValueError):
            return dt.date(full, month, day)
    return None
