"""A scorecard as a query for SQLite or PostgreSQL; text only, no database.

Unsafe content of a scorecard is refused: names are checked and quoted, figures are written from numbers. The
query returns the score, not the probability: not every SQLite has logarithms.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from models.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.learning.scorecard.attribute import Attribute

POINTS = "points_"
"""Prefix of the column of a feature's points."""
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}", re.ASCII)


def points_query(attributes: Sequence[Attribute], table: str) -> str:
    """Write the query that returns every column of a table, the points of each feature, and the score.

    NULL is missing, and in PostgreSQL NaN too. A number is compared with the exact bounds of the scorecard,
    so that the query and Python give the same points.

    Parameters
    ----------
    table
        A table or view that holds the features under their names; `schema.table` is allowed.

    Raises
    ------
    ModelError
        A name is not an identifier of letters, digits and underscores, 63 at most.
    """
    source = ".".join(_quoted(part) for part in table.split("."))
    points = [_quoted(POINTS + attribute.name) for attribute in attributes]
    cases = [f"{_case(attribute)} AS {name}" for attribute, name in zip(attributes, points, strict=True)]
    inner = ",\n    ".join(["features.*", *cases])
    score = " + ".join(points)
    return f"""SELECT pointed.*, {score} AS "score"
FROM (
  SELECT
    {inner}
  FROM {source} AS features
) AS pointed"""  # noqa: S608  # names are checked and quoted, figures are numbers


def _case(attribute: Attribute) -> str:
    column = f"features.{_quoted(attribute.name)}"
    # The text of a number, since comparing a whole number with 'NaN' is an error in PostgreSQL.
    lines = [
        f"WHEN {column} IS NULL OR CAST({column} AS VARCHAR(32)) = 'NaN' THEN {attribute.missing.points:d}"
    ]
    if attribute.other:
        for codes, line in zip(attribute.categories, attribute.bins, strict=True):
            told = ", ".join(_figure(code) for code in codes)
            lines.append(f"WHEN {column} IN ({told}) THEN {line.points:d}")
        last = attribute.other
    else:
        for bound, line in zip(attribute.bounds, attribute.bins, strict=False):
            lines.append(f"WHEN {column} < {_figure(bound)} THEN {line.points:d}")
        last = attribute.bins[-1]
    whens = "\n      ".join([*lines, f"ELSE {last.points:d}"])
    return f"CASE\n      {whens}\n    END"


def _figure(value: float) -> str:
    return repr(float(value))


def _quoted(name: str) -> str:
    if not _IDENTIFIER.fullmatch(name):
        raise ModelError(
            f"{name!r} cannot name a table or a column in a query: use letters, digits and underscores, "
            "not beginning with a digit, 63 at most"
        )
    return f'"{name}"'
