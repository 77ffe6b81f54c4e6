"""Idempotent update of a ledger's tables from register answers.

Owns the precedence rules: a register's later value replaces its earlier one, an event reported by two sources
is known from the earlier publication, and a missing figure deletes none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from models.ledger.currency import EUR
from models.ledger.ledger import conform
from models.ledger.tables import ACCOUNTS, CUSTOMERS, FIGURES, FILINGS
from pipelines.sources.registers.spans import EVENT, TELLINGS, joined_spans
from serving.registers.companies import SIZE_BANDS
from serving.registers.identifiers import siren_in
from serving.registers.yearly_accounts import YearAccounts, published

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping

    from models.ledger.ledger import Ledger
    from serving.registers.companies import Company
    from serving.registers.notices import Notice, Span

SIRENE = "INSEE Sirene"
BODACC = "BODACC"
_REGISTERS_OWN = ("naf", "legal_form", "headcount", "created_on")
_LEDGERS_OWN = ("name", "postcode", "town")
_FIGURES = [name for name, _ in FIGURES]


def with_companies(ledger: Ledger, companies: Mapping[str, Company]) -> Ledger:
    """Update customers with a known SIREN, and add or withdraw the closure of their company.

    Trade, legal form, staff and creation come from the register where given; name, place and country from the
    ledger where present, and so does a number of staff within the register's band.

    Returns
    -------
        The ledger; customers outside `companies` are unchanged.
    """
    customers = ledger.customers
    siren = customers["siren"].map(siren_in, na_action="ignore")
    said = {
        name: siren.map({number: getattr(one, name) for number, one in companies.items()}).astype("object")
        for name in (*_REGISTERS_OWN, *_LEDGERS_OWN, "natural_person")
    }
    said["headcount"] = _staff(customers["headcount"], siren, companies)
    filled = {name: said[name].where(said[name].notna(), customers[name]) for name in _REGISTERS_OWN}
    filled |= {name: customers[name].where(customers[name].notna(), said[name]) for name in _LEDGERS_OWN}
    country = customers["country"].where(customers["country"].notna() | ~siren.isin(list(companies)), "FR")
    person = said["natural_person"].where(said["legal_form"].notna(), customers["natural_person"])
    made = customers.assign(**filled, country=country, natural_person=person)
    undated = _undated(ledger)
    gone = [one for one in companies.values() if one.active is False or one.ceased_on is not None]
    rows = [_ceased(one, undated) for one in gone]
    rows += _taken_back(ledger, companies, {(row["siren"], row["judged_on"]) for row in rows})
    return with_filings(replace(ledger, customers=conform(made, CUSTOMERS)), SIRENE, companies, rows)


def _staff(held: pd.Series, siren: pd.Series, companies: Mapping[str, Company]) -> pd.Series:
    """Return the register's number of staff; a ledger's number within its band is more exact and stays."""
    said = []
    for number, staff in zip(siren, held, strict=True):
        company = companies.get(number) if isinstance(number, str) else None
        least, most = SIZE_BANDS.get(company.size_band, (1, 0)) if company else (1, 0)
        within = staff >= least and (most is None or staff <= most)
        said.append(None if company is None or within else company.headcount)
    return pd.Series(said, index=held.index, dtype="object")


def _ceased(company: Company, held: Mapping[str, dt.date]) -> dict[str, object]:
    """Return the closure of a company that has ceased.

    Without a date in the register, it is the day from which the closure is known, and that day stays.
    """
    day = company.ceased_on or min(held.get(company.siren, company.known_on), company.known_on)
    return {
        "siren": company.siren,
        "kind": "closure",
        "judged_on": pd.Timestamp(day),
        "published_on": pd.Timestamp(max(company.known_on, day) if company.ceased_on else day),
        "source": SIRENE,
    }


def _taken_back(
    ledger: Ledger, companies: Mapping[str, Company], told: Collection[tuple[object, object]]
) -> list[dict[Any, Any]]:
    """Return the closures that the register no longer reports: they count until that day."""
    held = ledger.filings
    mine = held[(held["source"] == SIRENE) & held["siren"].isin(list(companies))].to_dict("records")
    made = [row for row in mine if not pd.isna(row["withdrawn_on"])]
    for row in mine:
        said_on = pd.Timestamp(companies[row["siren"]].known_on)
        stands = pd.isna(row["withdrawn_on"]) and (row["siren"], row["judged_on"]) not in told
        if stands and said_on > row["published_on"]:
            made.append({**row, "withdrawn_on": said_on})
    return made


def _undated(ledger: Ledger) -> dict[str, dt.date]:
    """Return the dates of the stored closures of companies without a closing date in the register."""
    rows = ledger.filings
    mine = rows[
        (rows["source"] == SIRENE) & (rows["kind"] == "closure") & (rows["judged_on"] == rows["published_on"])
    ]
    return {siren: day.date() for siren, day in zip(mine["siren"], mine["judged_on"], strict=True)}


def notice_rows(found: Iterable[Span], sirens: Collection[str]) -> list[dict[str, object]]:
    """Return current and past filings of the requested companies from notices; each number is a source."""
    return [
        {
            "siren": span.notice.siren,
            "kind": span.notice.kind,
            "judged_on": pd.Timestamp(span.notice.happened_on),
            "published_on": pd.Timestamp(span.notice.published_on),
            "source": f"{BODACC} {span.notice.notice_id}",
            "withdrawn_on": pd.NaT if span.withdrawn_on is None else pd.Timestamp(span.withdrawn_on),
        }
        for span in found
        if span.notice.is_filing and span.notice.siren in sirens
    ]


def with_filings(
    ledger: Ledger,
    source: str,
    sirens: Collection[str],
    rows: list[dict[str, object]],
    *,
    since_first: bool = True,
) -> Ledger:
    """Replace the reports of one source about some companies.

    An event that another source reports too is known from the earlier publication, and counts while one of
    the reports is valid.

    Parameters
    ----------
    source
        Prefix of the source of each row that is replaced.
    since_first
        Whether an event reported before stays known since then. A source whose rows carry their publication
        date needs no memory.
    """
    held = ledger.filings
    told = pd.DataFrame(rows, columns=FILINGS.column_names).drop_duplicates()
    new = joined_spans(conform(told, TELLINGS))
    own = held["source"].fillna("").str.startswith(source) & held["siren"].isin(list(sirens))
    stands, still = held["withdrawn_on"].isna(), new.loc[new["withdrawn_on"].isna(), list(EVENT)]
    before = held[own & stands & since_first].merge(still, on=list(EVENT))
    return replace(ledger, filings=joined_spans(_together(held[~own], before, new)))


def _together(*frames: pd.DataFrame) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]


def with_accounts(ledger: Ledger, years: Iterable[YearAccounts]) -> Ledger:
    """Enter yearly accounts: given figures replace stored ones, others stay.

    A year counts from its earliest publication. A confidential year deletes no stored figure; stored figures
    in another currency than the euro are deleted when figures in euros arrive.
    """
    frame = ledger.accounts.astype("object")
    place = {key: at for at, key in enumerate(_years(ledger.accounts))}
    rows = frame.to_dict("records")
    for year in years:
        key = (year.siren, pd.Timestamp(year.closed_on))
        if key not in place:
            place[key] = len(rows)
            known = pd.Timestamp(year.known_on)
            rows.append({"siren": year.siren, "closed_on": key[1], "published_on": known})
        row = rows[place[key]]
        row["published_on"] = max(min(row["published_on"], pd.Timestamp(year.known_on)), key[1])
        if year.figures:
            counted_in = row.get("currency")
            if not pd.isna(counted_in) and counted_in != EUR:  # figures of two currencies are no accounts
                row.update(dict.fromkeys(_FIGURES))
            row.update(year.figures, currency=EUR)
        if year.months is not None:
            row["months"] = year.months
        row["confidential"] = year.confidential and all(pd.isna(row.get(name)) for name in _FIGURES)
    return replace(ledger, accounts=conform(pd.DataFrame(rows, columns=ACCOUNTS.column_names), ACCOUNTS))


def _years(accounts: pd.DataFrame) -> list[tuple[str, pd.Timestamp] | None]:
    """Return the company and year of each row; None if a row names a customer."""
    named = accounts["customer_id"].notna() | accounts["siren"].isna()
    return [
        None if other else (siren, closed)
        for other, siren, closed in zip(named, accounts["siren"], accounts["closed_on"], strict=True)
    ]


def with_deposits(ledger: Ledger, notices: Iterable[Notice], sirens: Collection[str]) -> Ledger:
    """Count accounts from the publication of their deposit, and add confidential deposits."""
    wanted = [one for one in notices if one.siren in sirens]
    held = [
        YearAccounts(key[0], key[1].date(), known.date(), bool(hidden), None, "")
        for key, known, hidden in zip(
            _years(ledger.accounts),
            ledger.accounts["published_on"],
            ledger.accounts["confidential"],
            strict=True,
        )
        if key is not None
    ]
    return with_accounts(ledger, published(held, wanted))
