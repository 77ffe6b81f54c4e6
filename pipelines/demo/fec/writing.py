"""Years of lines as FEC files, in the variants that accounting programs produce."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipelines.demo.fec.losses import book_losses
from pipelines.demo.fec.postings import ACCOUNTS, CUSTOMERS, JOURNALS, counterparts, post
from pipelines.demo.fec.years import Year, split
from pipelines.validation.quarantine import guarded

if TYPE_CHECKING:
    from pathlib import Path

    from models.ledger.ledger import Ledger

SELLER = "999000003"
"""A SIREN with a valid key in an unassigned range."""


@dataclass(frozen=True, slots=True)
class Style:
    """Format variant of a FEC, and the bookkeeper's habits.

    Parameters
    ----------
    separator, encoding, decimal
        Text format; `utf-8-sig` writes a byte-order mark.
    with_side
        Montant and Sens instead of Debit and Credit.
    detailed_opening
        Opening balances line by line, instead of one balance per customer.
    own_accounts
        An account such as 411C000001 per customer, instead of auxiliary accounts.
    lettered_share
        Share of settled groups with a matching letter, in [0, 1].
    due_label_share
        Share of invoices with the due date in their label, in [0, 1].
    purchases
        Number of additional purchases, as lines without a customer.
    seed
        Seed for the selection of letters and labels.
    """

    separator: str = "\t"
    encoding: str = "utf-8"
    decimal: str = ","
    with_side: bool = False
    detailed_opening: bool = True
    own_accounts: bool = False
    lettered_share: float = 1.0
    due_label_share: float = 1.0
    purchases: int = 0
    seed: int = 1


def write_years(ledger: Ledger, folder: Path, style: Style | None = None) -> list[Path]:
    """Write a ledger as one FEC per calendar year, with normative file names.

    Returns
    -------
        The files in chronological order.
    """
    style = style or Style()
    rng = np.random.default_rng(style.seed)
    items = post(ledger).items
    lines = _lines(ledger, items, style, rng)
    groups = pd.Index(items["group"].unique())
    lettered = pd.Series(rng.random(len(groups)) < style.lettered_share, index=groups)
    names = ledger.customers.set_index("customer_id")["name"].fillna("").map(guarded)
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _write(year, folder, style, names)
        for year in split(lines, lettered=lettered, detailed=style.detailed_opening)
    ]


def _lines(ledger: Ledger, items: pd.DataFrame, style: Style, rng: np.random.Generator) -> pd.DataFrame:
    """Concatenate customers' lines, their counterparts, losses and purchases."""
    labelled = items["kind"].eq("invoice") & (rng.random(len(items)) < style.due_label_share)
    label = items["label"] + (" Ech. " + items["due_on"].dt.strftime("%d/%m/%Y")).where(labelled, "")
    own = items.assign(entry=np.arange(len(items)), account=CUSTOMERS, label=label)
    opposite = counterparts(items)
    source = items.iloc[opposite["entry"]].reset_index(drop=True)
    opposite = source.assign(
        entry=opposite["entry"],
        account=opposite["account"],
        cents=opposite["cents"],
        customer_id="",
        group="",
    )
    losses = book_losses(ledger, items)
    losses = losses.assign(journal="OD", entry=losses["nth"] + len(items))
    columns = ["journal", "day", "entry", "account", "customer_id", "piece", "label", "cents", "group"]
    parts = [own[columns], opposite[columns], losses[columns], _purchases(items, style, rng)]
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def _purchases(items: pd.DataFrame, style: Style, rng: np.random.Generator) -> pd.DataFrame:
    count = style.purchases
    first, last = items["day"].min(), items["day"].max()
    day = first + pd.to_timedelta(rng.integers(0, (last - first).days + 1, count), unit="D")
    net = rng.integers(1_000, 500_000, count)
    tax = net // 5
    piece = pd.Series([f"A{nth:06d}" for nth in range(count)], dtype="str")
    entry = np.arange(count) + 10_000_000
    parts = [
        pd.DataFrame({"account": account, "cents": cents, "entry": entry, "day": day, "piece": piece})
        for account, cents in (("607000", net), ("445660", tax), ("401000", -net - tax))
    ]
    made = pd.concat(parts, ignore_index=True)
    return made.assign(journal="AC", customer_id="", group="", label="Achat " + made["piece"])


def _write(year: Year, folder: Path, style: Style, names: pd.Series) -> Path:
    path = folder / f"{SELLER}FEC{year.year}1231.txt"
    table = _columns(year.lines, style, names)
    table.to_csv(
        path, sep=style.separator, index=False, encoding=style.encoding, lineterminator="\r\n", quoting=3,
        errors="replace",
    )  # fmt: skip
    return path


def _columns(lines: pd.DataFrame, style: Style, names: pd.Series) -> pd.DataFrame:
    account, customer = lines["account"], lines["customer_id"]
    own = customer.ne("") & style.own_accounts
    number = account.where(~own, account.str[:3] + customer)
    title = account.map(ACCOUNTS).where(~own, customer.map(names))
    auxiliary = customer.where(~own, "")
    day = _days(lines["day"])
    amounts = _amounts(lines["cents"], style)
    return pd.DataFrame(
        {
            "JournalCode": lines["journal"],
            "JournalLib": lines["journal"].map(JOURNALS),
            "EcritureNum": lines["number"],
            "EcritureDate": day,
            "CompteNum": number,
            "CompteLib": title,
            "CompAuxNum": auxiliary,
            "CompAuxLib": auxiliary.map(names).astype("str").fillna(""),
            "PieceRef": lines["piece"],
            "PieceDate": _days(lines["piece_on"]),
            "EcritureLib": lines["label"],
            **amounts,
            "EcritureLet": lines["letter"],
            "DateLet": _days(lines["lettered_on"]),
            "ValidDate": day,
            "Montantdevise": "",
            "Idevise": "",
        }
    )


def _days(days: pd.Series) -> pd.Series:
    text: pd.Series = days.dt.strftime("%Y%m%d").fillna("")
    return text


def _amounts(cents: pd.Series, style: Style) -> dict[str, pd.Series]:
    if style.with_side:
        side = pd.Series(np.where(cents < 0, "C", "D"), index=cents.index)
        return {"Montant": _figures(cents.abs(), style), "Sens": side}
    return {"Debit": _figures(cents.clip(lower=0), style), "Credit": _figures(-cents.clip(upper=0), style)}


def _figures(cents: pd.Series, style: Style) -> pd.Series:
    whole, rest = (cents // 100).astype("str"), (cents % 100).astype("str").str.zfill(2)
    return whole + style.decimal + rest
