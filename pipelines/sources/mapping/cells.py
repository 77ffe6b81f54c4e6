"""Parsing of text cells into exact cents, numbers, dates and flags, with a reason for each fault.

Every distinct text is parsed once. Which column a cell belongs to is `applying`'s business.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from models.ledger.tables import ColumnKind
    from pipelines.sources.mapping.shape import FileShape

TRUE = ("1", "true", "yes", "y", "oui", "o", "ja", "j", "vrai", "x")
FALSE = ("0", "false", "no", "n", "non", "nein", "faux")
FIRST_DAY, LAST_DAY = pd.Timestamp(1900, 1, 1), pd.Timestamp(2100, 12, 31)
MOST_DIGITS = 15


class Parsed(NamedTuple):
    """Values in the order of the texts, missing where empty or invalid; and reasons, None where valid."""

    found: pd.Series
    reasons: pd.Series

    @property
    def bad(self) -> pd.Series:
        """Whether each text is invalid."""
        return self.reasons.notna()


def parse(text: pd.Series, kind: ColumnKind, shape: FileShape) -> Parsed:
    """Parse a column of trimmed text, shape (n_rows,), missing where a cell is empty.

    Cents are whole `Int64`, other numbers floats, dates days, flags booleans.
    """
    codes, distinct = pd.factorize(text)
    unique = pd.Series(distinct, dtype="str")
    match kind:
        case "cents" | "eur" | "number":
            values, reasons = _figures(unique, kind, shape)
        case "date":
            values, reasons = _dates(unique, shape)
        case "flag":
            values, reasons = _flags(unique)
        case _:
            values, reasons = unique, _none(unique)
    at = pd.Index(np.where(codes < 0, len(unique), codes))
    return Parsed(_spread(values, at, text.index), _spread(reasons, at, text.index))


def _spread(unique: pd.Series, at: pd.Index, index: pd.Index) -> pd.Series:
    """Map each row to its distinct text's result; the position past the last is the empty cell."""
    column = unique.reindex(range(len(unique) + 1)).take(at.to_numpy())
    return column.set_axis(index)


def _none(unique: pd.Series) -> pd.Series:
    return pd.Series(None, index=unique.index, dtype="object")


def _figures(unique: pd.Series, kind: ColumnKind, shape: FileShape) -> tuple[pd.Series, pd.Series]:
    parts = _parts(unique, shape, exponent=kind != "cents")
    example = f"1{shape.thousands}234{shape.decimal}50"
    reasons = _none(unique)
    reasons[~parts["known"]] = f"is no figure written like {example}"
    if kind != "cents":
        text = (parts["whole"] + "." + parts["fraction"] + parts["exponent"]).where(parts["known"], "0")
        values = pd.to_numeric(text).astype("float64") * parts["sign"]
        return values.where(parts["known"]), reasons
    fraction = parts["fraction"].str.rstrip("0")
    long = parts["whole"].str.lstrip("0").str.len() > MOST_DIGITS
    reasons[parts["known"] & (fraction.str.len() > 2)] = "has more than two decimals; cents are whole"
    reasons[parts["known"] & long] = f"has more than {MOST_DIGITS} digits before the decimal sign"
    good = reasons.isna()
    digits = (parts["whole"] + fraction.str.ljust(2, "0")).where(good, "0")
    cents = pd.to_numeric(digits).astype("Int64") * parts["sign"].astype("int64")
    return cents.where(good), reasons


def _parts(unique: pd.Series, shape: FileShape, *, exponent: bool) -> pd.DataFrame:
    """Split numbers into sign, whole digits, fraction and exponent; `known` marks valid numbers."""
    text = unique
    for strange, plain in (("\u00a0", " "), ("\u202f", " "), ("\u2212", "-"), ("\u2019", "'")):
        text = text.str.replace(strange, plain, regex=False)
    mark, point = re.escape(shape.thousands), re.escape(shape.decimal)
    grouped = rf"\d{{1,3}}(?:{mark}\d{{3}})+|" if shape.thousands else ""
    power = r"(?:[eE](?P<exponent>[+-]?\d{1,3}))?" if exponent else "(?P<exponent>)"
    pattern = (
        rf"^(?P<open>\(?)(?P<lead>[+-]?) ?[€$£]? ?(?P<whole>{grouped}\d*)(?:{point}(?P<fraction>\d*))?{power}"
        r" ?[€$£]?(?P<trail>-?)(?P<close>\)?)$"
    )
    found = pc.extract_regex(pa.array(text, type=pa.string()), pattern=pattern)
    names = ("open", "lead", "whole", "fraction", "exponent", "trail", "close")
    columns = {name: pc.fill_null(pc.struct_field(found, [at]), "") for at, name in enumerate(names)}
    parts = pd.DataFrame(
        {name: pd.Series(column.to_pandas(), dtype="str") for name, column in columns.items()}
    )
    if shape.thousands:
        parts["whole"] = parts["whole"].str.replace(shape.thousands, "", regex=False)
    minuses = (parts["lead"] == "-").astype("int64") + (parts["trail"] == "-") + (parts["open"] == "(")
    digits = parts["whole"].str.len() + parts["fraction"].str.len() > 0
    parts["known"] = digits & (minuses <= 1) & ((parts["open"] == "(") == (parts["close"] == ")"))
    parts["sign"] = 1 - 2 * minuses.clip(upper=1)
    parts["exponent"] = ("e" + parts["exponent"]).where(parts["exponent"] != "", "")
    parts["whole"] = parts["whole"].where(parts["whole"] != "", "0")
    return parts


def _dates(unique: pd.Series, shape: FileShape) -> tuple[pd.Series, pd.Series]:
    days = pd.Series(pd.NaT, index=unique.index, dtype="datetime64[s]")
    for wanted in shape.dates:
        rest = days.isna()
        if rest.any():
            found = pd.to_datetime(unique[rest], format=wanted, errors="coerce")
            days[rest] = found.dt.normalize().astype("datetime64[s]")
    reasons = _none(unique)
    reasons[days.isna()] = f"is no date written like {' or '.join(shape.dates)}"
    reasons[(days < FIRST_DAY) | (days > LAST_DAY)] = "is not between 1900 and 2100"
    return days.mask(reasons.notna()), reasons


def _flags(unique: pd.Series) -> tuple[pd.Series, pd.Series]:
    lower = unique.str.lower()
    values = lower.isin(TRUE).astype("object")
    reasons = _none(unique)
    reasons[~lower.isin(TRUE + FALSE)] = "is neither yes nor no"
    return values.mask(reasons.notna()), reasons
