"""Customer of each line: the auxiliary account, or an individual account such as 411DUPONT.

A collective account (411000, "Clients") does not identify the customer. An export with nothing else is
refused as a whole; a few such lines among others are set aside. `renumbering` follows customers whose
balance an entry transfers to a new number.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from models.errors import LedgerError
from pipelines.sources.bookkeeping.lines import EntrySide, has
from pipelines.sources.bookkeeping.renumbering import new_numbers

_COLLECTIVE_NUMBER = r"^41[136]0*$"
_ROUND_NUMBER = r"^41[136]\d{0,3}00*$"
_COLLECTIVE_NAME = r"(?i)^\W*(?:clients\b|collectif)|^\W*client\W*$|\bdouteu|\bcollectif|^\W*effets\b"
_COLLECTIVE_WORDS = (
    r"(?i)^\W*(?:(?:clients?|collectifs?|comptes?|douteux|litigieux|effets?|recevoir|retenues?|garanties?|ventes?"
    r"|biens|services|prestations|divers|auxiliaires?|france|export|etrangers?|étrangers?|ou|et|de|des|a|à|d)\W*)+$"
)
"""Words of a collective account's name; a name of only these is collective even without a round number."""
NO_CUSTOMER = "names no customer: a collective account without auxiliary"


@dataclass(frozen=True, slots=True)
class AssignedLines:
    """Lines with their customer.

    Parameters
    ----------
    lines
        The lines given, with `customer_id`; missing where the line names none.
    by_account
        Customers known by an account of their own, where there is no auxiliary.
    renumbered
        The new number of each customer that got one, by the old.
    """

    lines: pd.DataFrame
    by_account: int
    renumbered: dict[str, str]


def name_customers(lines: pd.DataFrame) -> AssignedLines:
    """Assign each line to its customer.

    Raises
    ------
    LedgerError
        Every line is on one collective account, without auxiliaries.

    Notes
    -----
    A transfer to a doubtful account under another number (411 of DUPONT to 416 of DDUPONT) makes the two
    numbers one customer, where the second is never on 411. A line without number on an account of doubtful
    claims, bills or retentions takes the customer of the one line that its entry moves from or to.
    """
    aux, account = lines["aux"], lines["account"]
    collective = _collectives(lines)
    own = account[aux.eq("")].drop_duplicates()
    own_411 = own[own.str.startswith("411") & ~own.isin(collective)]
    if aux.eq("").all() and len(own_411) <= 1:
        raise LedgerError(_no_customers(lines))
    customer = aux.mask(aux.eq("") & ~account.isin(collective), account)
    customer = customer.mask(account.str.startswith("491") & aux.eq(""), "")
    customer = _through_transfers(lines, customer.mask(customer.eq("")))
    customer = _of_bills(lines, customer)
    by_account = account[aux.eq("") & customer.notna() & account.str.startswith("411")].nunique()
    renamed = new_numbers(lines.assign(customer_id=customer))
    moved = customer.isin(renamed)
    named = lines.assign(
        customer_id=customer.where(~moved, customer.map(renamed)),
        name=lines["name"].mask(moved, ""),
        account_name=lines["account_name"].mask(moved & aux.eq(""), ""),
    )
    return AssignedLines(named, int(by_account), renamed)


def _collectives(lines: pd.DataFrame) -> set[str]:
    """Return the accounts without auxiliaries that hold several customers."""
    own = lines.loc[lines["aux"].eq(""), ["account", "account_name"]].drop_duplicates("account")
    number, name = own["account"].str, own["account_name"].str
    found = (
        number.contains(_COLLECTIVE_NUMBER, regex=True)
        | number.contains(_ROUND_NUMBER, regex=True) & name.contains(_COLLECTIVE_NAME, regex=True)
        | number.contains(r"^\d+$", regex=True) & name.contains(_COLLECTIVE_WORDS, regex=True)
    )
    return set(own.loc[found, "account"])


def _of_bills(lines: pd.DataFrame, customer: pd.Series) -> pd.Series:
    """Assign lines on bills accounts (413) by letter, reference or amount shared with assigned lines.

    An account with an unassigned line assigns none: its bills could not be followed to their payment.
    """
    bills = lines["account"].str.startswith("413")
    if not bills.any():
        return customer
    found = customer.copy()
    amount = lines["debit"] + lines["credit"]
    for key in (["closes_on", "letter"], ["piece"], ["amount"]):
        part = lines[bills].assign(amount=amount, customer=found)
        part = part[part[key[-1]].ne("") & part[key[-1]].ne(0)]
        whose = part.groupby(["account", *key])["customer"].agg(["nunique", "first"])
        one = whose[whose["nunique"] == 1]["first"].rename("whose")
        known = part.join(one, on=["account", *key])["whose"]
        found = found.fillna(known.reindex(found.index))
    nameless = set(lines.loc[bills & found.isna() & amount.ne(0), "account"])
    return found.mask(bills & lines["account"].isin(nameless) & lines["aux"].eq(""))


def _no_customers(lines: pd.DataFrame) -> str:
    files, accounts = lines["file"].unique(), sorted(lines["account"].unique())
    return (
        f"{', '.join(files)}: customers stand on {', '.join(accounts[:3])} alone, without auxiliary "
        "accounts to tell one from another; export the books with their auxiliary accounts (« détail des "
        "comptes auxiliaires », « comptes de tiers »), or import a list of customers' items through a mapping"
    )


def _through_transfers(lines: pd.DataFrame, customer: pd.Series) -> pd.Series:
    """Follow transfers from 411 to other accounts, where the customer's number changes or is omitted."""
    other = EntrySide.SALE | EntrySide.OPENING | EntrySide.MONEY
    moved = lines[has(lines, EntrySide.CUSTOMER) & ~has(lines, other)].assign(customer=customer)
    entry = ["digest", "journal", "entry", "booked_on"]
    whose = moved[moved["account"].str.startswith("411")].groupby(entry)["customer"].agg(["nunique", "first"])
    target = moved["customer"].isna() | moved["account"].str.startswith("416")
    to = moved[target].join(whose[whose["nunique"] == 1]["first"].rename("origin"), on=entry)
    to = to[to["origin"].notna() & ~to["account"].str.startswith("491")]
    known = set(customer[lines["account"].str.startswith("411")].dropna())
    renamed = to[to["customer"].notna() & ~to["customer"].isin(known)]
    alias = renamed.drop_duplicates("customer").set_index("customer")["origin"]
    doubtful = lines["account"].str.startswith("416")
    customer = customer.where(~(doubtful & customer.isin(alias.index)), customer.map(alias))
    return customer.fillna(to.loc[to["customer"].isna(), "origin"])


def customers_table(lines: pd.DataFrame) -> pd.DataFrame:
    """Build the canonical customers of the assigned lines, each with its latest name."""
    named = lines[lines["customer_id"].notna() & ~lines["account"].str.startswith("491")]
    own = named["name"].mask(named["name"].eq(""), named["account_name"].where(named["aux"].eq(""), ""))
    table = pd.DataFrame({"customer_id": named["customer_id"], "name": own.mask(own.eq(""))})
    return table.groupby("customer_id", as_index=False).last()
