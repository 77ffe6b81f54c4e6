"""Faults of refused rows, and remarks on imported rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.sources.mapping.reading import TextRows


class Refusals:
    """Collect the faults of rows, each under the header in its own file.

    Parameters
    ----------
    rows
        The rows that are being imported; a fault names one by its position.
    """

    def __init__(self, rows: TextRows) -> None:
        self._rows = rows
        self._faults: list[pd.DataFrame] = []
        self._remarks: list[pd.DataFrame] = []

    def add(self, reasons: pd.Series, names: Sequence[str], target: str = "") -> None:
        """Record why rows are refused.

        Parameters
        ----------
        reasons
            By row position; missing where nothing is wrong.
        names
            The mapping's columns that are to blame; where empty, `target` is named, without a value.
        """
        reasons = reasons.dropna()
        if len(reasons):
            self._faults.append(self._shown(reasons, names, target))

    def remark(self, kinds: pd.Series, names: Sequence[str]) -> None:
        """Record a remark on rows that are imported nevertheless.

        Parameters
        ----------
        kinds
            The remark as a short code by row position.
        names
            The mapping's columns that it is about.
        """
        if len(kinds):
            self._remarks.append(self._shown(kinds, names, ""))

    def _shown(self, reasons: pd.Series, names: Sequence[str], target: str) -> pd.DataFrame:
        cells = self._rows.cells.loc[reasons.index, list(names)].fillna("")
        files = self._rows.origin.loc[reasons.index, "file"]
        headers = {
            at: " | ".join(source.headers.get(name, name) for name in names) or target
            for at, source in enumerate(self._rows.sources)
        }
        value = cells[names[0]] if names else pd.Series("", index=reasons.index)
        for name in names[1:]:
            value = value + " | " + cells[name]
        return pd.DataFrame({"column": files.map(headers), "value": value, "reason": reasons.astype("str")})

    @property
    def positions(self) -> pd.Index:
        """The refused rows, each once."""
        return pd.Index([]) if not self._faults else pd.concat(self._faults).index.unique()

    @property
    def remarks(self) -> pd.DataFrame:
        """Remarks on imported rows: file, line, column, value and kind, each row once."""
        if not self._remarks:
            return pd.DataFrame(columns=["file", "line", "column", "value", "kind"])
        found = pd.concat(self._remarks).rename(columns={"reason": "kind"})
        found = found[~found.index.isin(self.positions)].join(self._rows.origin)
        names = {at: source.path.name for at, source in enumerate(self._rows.sources)}
        table = found.assign(file=found["file"].map(names))[["file", "line", "column", "value", "kind"]]
        return table.drop_duplicates(ignore_index=True)

    def of_file(self, at: int) -> pd.DataFrame:
        """Return the faults of one source: line, column, value and reason, each once."""
        if not self._faults:
            return pd.DataFrame(columns=["line", "column", "value", "reason"])
        faults = pd.concat(self._faults).join(self._rows.origin)
        mine = faults.loc[faults["file"] == at, ["line", "column", "value", "reason"]]
        return mine.drop_duplicates(ignore_index=True)
