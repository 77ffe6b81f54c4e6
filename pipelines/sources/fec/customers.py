"""Whose line it is: the auxiliary account, or an account of the customer's own such as 411DUPONT.

A collective account (411000, "Clients") says nothing of who owes. Where nothing else is to be had the export
is refused as a whole; a few such lines among others are set aside.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from models.errors import LedgerError
from pipelines.sources.fec.entries import Side, has

_COLLECTIVE_NUMBER = r"^41[16]0*$"
_COLLECTIVE_NAME = r"(?i)^\W*(?:clients\b|collectif)|^\W*client\W*$|\bdouteu|\bcollectif"
NO_CUSTOMER = "names no customer: a collective account without auxiliary"


@dataclass(frozen=True, slots=True)
class Named:
    """Lines with their customer.

    Parameters
    ----------
    lines
        The lines given, with `customer_id`; missing where the line names none.
    by_account
        Customers known by an account of their own, where there is no auxiliary.
    """

    lines: pd.DataFrame
    by_account: int


def name_customers(lines: pd.DataFrame) -> Named:
    """Say whose each line is.

    Raises
    ------
    LedgerError
        Every line stands on one collective account, without auxiliaries.

    Notes
    -----
    A transfer to a doubtful account under another number (411 of DUPONT to 416 of DDUPONT) makes the two
    numbers one customer, where the second never stands on 411. A doubtful line without number takes the
    customer of the one line that its entry moves from.
    """
    aux, account = lines["aux"], lines["account"]
    own = account[aux.eq("")].drop_duplicates()
    names = lines.loc[own.index, "account_name"]
    collective = own[own.str.match(_COLLECTIVE_NUMBER) | names.str.contains(_COLLECTIVE_NAME, regex=True)]
    own_411 = own[own.str.startswith("411") & ~own.isin(collective)]
    if aux.eq("").all() and len(own_411) <= 1:
        raise LedgerError(_no_customers(lines))
    customer = aux.mask(aux.eq("") & ~account.isin(collective), account)
    customer = customer.mask(account.str.startswith("491") & aux.eq(""), "")
    customer = _through_transfers(lines, customer.mask(customer.eq("")))
    by_account = account[aux.eq("") & customer.notna() & account.str.startswith("411")].nunique()
    return Named(lines.assign(customer_id=customer), int(by_account))


def _no_customers(lines: pd.DataFrame) -> str:
    files, accounts = lines["file"].unique(), sorted(lines["account"].unique())
    return (
        f"{', '.join(files)}: customers stand on {', '.join(accounts[:3])} alone, without CompAuxNum to tell "
        "one from another; export the FEC with its auxiliary accounts (« détail des comptes auxiliaires », "
        "« comptes de tiers »), or import a list of customers' items through a mapping"
    )


def _through_transfers(lines: pd.DataFrame, customer: pd.Series) -> pd.Series:
    """Follow transfers from 411 to 416, where the customer's number changes or is left out."""
    doubtful = lines["account"].str.startswith("416")
    both = has(lines, Side.CUSTOMER) & has(lines, Side.DOUBTFUL) & ~has(lines, Side.SALE | Side.OPENING)
    moved = lines[both].assign(customer=customer)
    if moved.empty:
        return customer
    entry = ["digest", "journal", "entry", "booked_on"]
    from_411 = (
        moved[~moved["account"].str.startswith("416")].groupby(entry)["customer"].agg(["nunique", "first"])
    )
    to_416 = moved[moved["account"].str.startswith("416")].join(
        from_411[from_411["nunique"] == 1]["first"].rename("origin"), on=entry
    )
    to_416 = to_416[to_416["origin"].notna()]
    known = set(customer[lines["account"].str.startswith("411")].dropna())
    renamed = to_416[to_416["customer"].notna() & ~to_416["customer"].isin(known)]
    alias = renamed.drop_duplicates("customer").set_index("customer")["origin"]
    customer = customer.where(~(doubtful & customer.isin(alias.index)), customer.map(alias))
    blank = to_416.loc[to_416["customer"].isna(), "origin"]
    return customer.fillna(blank)


def customers_table(lines: pd.DataFrame) -> pd.DataFrame:
    """Make the canonical customers of named lines: the last name written for each."""
    named = lines[lines["customer_id"].notna() & ~lines["account"].str.startswith("491")]
    own = named["name"].mask(named["name"].eq(""), named["account_name"].where(named["aux"].eq(""), ""))
    table = pd.DataFrame({"customer_id": named["customer_id"], "name": own.mask(own.eq(""))})
    return table.groupby("customer_id", as_index=False).last()
