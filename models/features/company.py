"""Register data of a customer: size, sector, age, legal form, financial statements, filings.

Financial statements count from their publication; the figures used are those of the latest closed year among
those published by the day. Proceedings count as history, ended or not: `models.features.proceedings` knows
which are open. Undated register columns (staff, NAF, legal form) always count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features.ratios import RATIOS, yearly_ratios
from models.features.running import NEVER, Stream, day_numbers
from models.features.table import Feature
from models.ledger.id_positions import position
from models.ledger.naf import SECTION_OF_DIVISION
from models.ledger.tables import PLANS, PROCEEDINGS

if TYPE_CHECKING:
    import pandas as pd

    from models.arrays import Floats, Ints
    from models.features.subjects import Subjects
    from models.ledger.ledger import Ledger

_NAN, _INF = np.nan, np.inf


def _company(
    name: str, unit: str, high: float, sign: int, group: str, fr: str, en: str, *, code: bool = False
) -> Feature:
    return Feature(name, unit, 0.0, high, sign, "company", group, fr, en, _NAN, code)


FEATURES: list[Feature] = [
    _company("sector_section", "code", 20, 0, "sector",
             "secteur d'activité", "sector", code=True),
    _company("headcount", "count", _INF, 0, "size", "effectif", "headcount"),
    _company("size_class", "code", 3, 0, "size", "catégorie d'entreprise", "size class"),
    _company("company_age_years", "years", _INF, -1, "age", "âge de l'entreprise", "age of the company"),
    _company("legal_form_class", "code", 9, 0, "legal_form", "forme juridique", "legal form", code=True),
    _company("natural_person", "flag", 1, 0, "legal_form", "personne physique", "natural person"),
    _company("accounts_years", "count", _INF, 0, "accounts_missing",
             "exercices publiés", "financial years published"),
    _company("accounts_age_days", "days", _INF, 0, "accounts_missing",
             "âge des derniers comptes", "age of the latest accounts"),
    _company("accounts_confidential", "flag", 1, 0, "accounts_missing",
             "comptes confidentiels", "confidential accounts"),
    _company("proceedings", "count", _INF, 1, "filings",
             "procédures collectives publiées", "insolvency proceedings published"),
    _company("closures", "count", _INF, 1, "filings", "radiations publiées", "closures published"),
    _company("sales", "count", _INF, 0, "filings", "cessions publiées", "business sales published"),
    *(ratio.feature() for ratio in RATIOS),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class CompanyStreams:
    """Static columns by customer, and streams of financial statements, filings and their withdrawals."""

    static: dict[str, Floats]
    created: Ints
    accounts: Stream
    ratios: dict[str, Floats]
    filings: dict[str, Stream]
    withdrawn: dict[str, Stream]

    @classmethod
    def of(cls, ledger: Ledger) -> CompanyStreams:
        """Build the columns and streams of a ledger's register data."""
        import pandas as pd  # noqa: PLC0415  # answering needs no pandas

        customers = ledger.customers
        division = pd.to_numeric(customers["naf"].str[:2], errors="coerce")
        legal = pd.to_numeric(customers["legal_form"].str[:1], errors="coerce")
        static = {
            "sector_section": division.map(SECTION_OF_DIVISION).to_numpy(np.float64),
            "division": division.to_numpy(np.float64),
            "headcount": customers["headcount"].to_numpy(np.float64),
            "legal_form_class": legal.to_numpy(np.float64),
            "natural_person": customers["natural_person"].to_numpy(np.float64),
        }
        accounts, ratios = _accounts(ledger)
        kind = ledger.filings["kind"]
        rows, owner = concerned(ledger, ledger.filings)
        kind = kind.iloc[rows]
        published, back = (
            day_numbers(ledger.filings[name])[rows] for name in ("published_on", "withdrawn_on")
        )
        of_kind = {
            "proceedings": kind.isin((*PROCEEDINGS, *PLANS)),
            "closures": kind == "closure",
            "sales": kind == "sale",
        }
        here = {name: mask.to_numpy(bool) & (owner >= 0) for name, mask in of_kind.items()}
        filings, withdrawn = (
            {name: Stream.of(owner[rows], day[rows], {}) for name, rows in here.items()}
            for day in (published, back)
        )
        return cls(static, day_numbers(customers["created_on"]), accounts, ratios, filings, withdrawn)

    def columns(self, subjects: Subjects) -> dict[str, Floats]:
        """Compute the family's features, each of shape `(n_subjects,)`."""
        owner, day = subjects.owner, subjects.day
        columns = {name: values[owner] for name, values in self.static.items() if name != "division"}
        born = np.where(self.created[owner] < NEVER, self.created[owner], np.nan)
        columns["company_age_years"] = np.maximum(day - born, 0) / 365.25
        stream = self.accounts
        stop, start = stream.upto(owner, day), stream.start(owner)
        known = stop > start
        latest = _taken(stream, stop)
        for name, values in self.ratios.items():
            columns[name] = (
                np.where(known, values[latest], np.nan) if len(values) else np.full(len(owner), _NAN)
            )
        columns["accounts_years"] = (stop - start).astype(np.float64)
        columns["accounts_age_days"] = np.maximum(day - columns.pop("closed_day"), 0)
        columns["size_class"] = _size(columns["headcount"], columns["turnover"], columns["total_assets"])
        for name in self.filings:
            published, back = (
                stream.upto(owner, day) - stream.start(owner)
                for stream in (self.filings[name], self.withdrawn[name])
            )
            columns[name] = (published - back).astype(np.float64)
        return columns


def _taken(stream: Stream, stop: Ints) -> Ints:
    rows = stream.values["latest"]  # a stream's values, not a frame's
    return rows[stop - 1] if len(rows) else np.zeros(len(stop), dtype=np.int64)


def concerned(ledger: Ledger, frame: pd.DataFrame) -> tuple[Ints, Ints]:
    """Return the rows of a register table with the customer that each concerns, both of shape `(n,)`.

    A row belongs to the customer that it names or, failing that, to every customer with its SIREN, and is
    then repeated for each. The customer is -1 where there is none.
    """
    import pandas as pd  # noqa: PLC0415  # answering needs no pandas

    customers = ledger.customers
    named = position(customers["customer_id"], frame["customer_id"])
    sirens = customers.index.to_numpy(np.int64)[customers["siren"].notna().to_numpy(bool)]
    numbers, known = pd.factorize(customers["siren"].iloc[sirens])
    company = position(pd.Series(known, dtype="str"), frame["siren"])
    company[named >= 0] = -1
    order, sizes = np.argsort(numbers, kind="stable"), np.bincount(numbers, minlength=len(known))
    times = np.where(company >= 0, np.append(sizes, 1)[company], 1)
    rows = np.repeat(np.arange(len(frame), dtype=np.int64), times)
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(times) - times, times)
    starts = np.append(np.cumsum(sizes) - sizes, 0)
    by_siren = company[rows] >= 0
    owner = named[rows]
    owner[by_siren] = sirens[order[(starts[company[rows]] + nth)[by_siren]]]
    return rows, owner


def _accounts(ledger: Ledger) -> tuple[Stream, dict[str, Floats]]:
    rows, owner = concerned(ledger, ledger.accounts)
    frame = ledger.accounts.iloc[rows]
    closed, published = day_numbers(frame["closed_on"]), day_numbers(frame["published_on"])
    keep = owner >= 0
    frame, owner, closed, published = frame[keep], owner[keep], closed[keep], published[keep]
    order = np.lexsort((closed, published, owner))
    frame, owner, closed, published = frame.iloc[order], owner[order], closed[order], published[order]
    stream = Stream.of(owner, published, {"latest": _latest(owner, closed)})
    figures = yearly_ratios(frame.reset_index(drop=True), owner, closed, published)
    figures["accounts_confidential"] = frame["confidential"].to_numpy(np.float64)
    figures["closed_day"] = closed.astype(np.float64)
    return stream, figures


def _latest(owner: Ints, closed: Ints) -> Ints:
    """Return, for each row of an owner, the row up to it with the latest closed year."""
    packed = (owner << 40) | (closed << 20)
    best = np.maximum.accumulate(packed) if len(packed) else packed
    fresh = packed == best
    return np.maximum.accumulate(np.where(fresh, np.arange(len(owner)), 0)) if len(owner) else best


def _size(headcount: Floats, turnover: Floats, assets: Floats) -> Floats:
    """Classify a company by décret 2008-1354: 0 micro, 1 PME, 2 ETI, 3 GE; NaN without any data.

    An unknown amount is ignored: the other decides, and where both are unknown the staff does.
    """
    staff = np.nan_to_num(headcount, nan=0.0)
    neither = np.where(np.isnan(turnover) & np.isnan(assets), 0.0, np.inf)
    turn = np.where(np.isnan(turnover), neither, turnover / 1e6)
    total = np.where(np.isnan(assets), neither, assets / 1e6)
    micro = (staff < 10) & ((turn <= 2) | (total <= 2))
    small = (staff < 250) & ((turn <= 50) | (total <= 43))
    middle = (staff < 5000) & ((turn <= 1500) | (total <= 2000))
    size = np.select([micro, small, middle], [0.0, 1.0, 2.0], default=3.0)
    return np.where(np.isnan(headcount) & np.isnan(turnover) & np.isnan(assets), np.nan, size)
