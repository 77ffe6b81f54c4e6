"""The demo's customers as in a seller's files: names, SIREN, sector, size, group and terms.

Owns the visible, constant attributes of customers; `health` and `habits` own the hidden ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, cycle, islice

import numpy as np
import pandas as pd

from pipelines.demo.simulator.sectors import SECTORS, SYLLABLES
from pipelines.demo.simulator.timeline import Flags, Floats, Ints, Timeline, dates

SOLE_TRADER, SARL, SAS, SA, SNC, EURL = 1000, 5499, 5710, 5599, 5202, 5498
FORM_WORDS = {SOLE_TRADER: "", SARL: "SARL", SAS: "SAS", SA: "SA", SNC: "SNC", EURL: "EURL"}
LIMIT_STEPS = np.array([1, 1.5, 2, 3, 4, 5, 7.5, 10])


@dataclass(frozen=True, slots=True)
class Companies:
    """The demo's customers, one entry each in arrays of shape (n_customers,).

    Parameters
    ----------
    sector
        Index into `SECTORS`.
    headcount
        Staff, 0 for a company without employees.
    created
        Creation, as a day number.
    month_end
        Whether the terms run to the end of the month (45 days end of month, art. L441-10 C. com.).
    group
        Number of the group it belongs to, -1 for none.
    entry
        Month of the first purchase; negative where it bought before the period.
    """

    ids: list[str]
    names: list[str]
    sirens: list[str]
    nafs: list[str]
    sector: Ints
    legal_form: Ints
    headcount: Ints
    created: Ints
    terms_days: Ints
    month_end: Flags
    group: Ints
    entry: Ints

    @property
    def count(self) -> int:
        """Number of customers."""
        return len(self.ids)

    @property
    def natural_person(self) -> Flags:
        """Whether each customer is a sole trader."""
        return np.asarray(self.legal_form == SOLE_TRADER)


def draw_companies(count: int, time: Timeline, rng: np.random.Generator) -> Companies:
    """Draw `count` customers."""
    weights = np.array([sector.weight for sector in SECTORS])
    sector = rng.choice(len(SECTORS), count, p=weights / weights.sum())
    codes = [SECTORS[s].codes for s in sector]
    nafs = [code[int(u * len(code))] for code, u in zip(codes, rng.random(count), strict=True)]
    headcount = np.minimum(np.floor(np.exp(rng.normal(1.7, 1.45, count))), 4_000).astype(np.int64)
    form = _legal_forms(headcount, rng)
    entry = np.where(rng.random(count) < 0.72, -1, rng.integers(0, time.months, count))
    age_days = np.minimum(rng.gamma(1.6, 2_900.0, count), 22_000).astype(np.int64) + 90
    created = time.first_day(np.maximum(entry, 0)) - age_days
    terms, month_end = _terms(count, rng)
    return Companies(
        ids=[f"C{number:06d}" for number in range(1, count + 1)],
        names=_names(sector, form, rng),
        sirens=_sirens(count, rng),
        nafs=nafs,
        sector=sector,
        legal_form=form,
        headcount=headcount,
        created=created,
        terms_days=terms,
        month_end=month_end,
        group=_groups(count, rng),
        entry=entry,
    )


def customers_table(companies: Companies, rng: np.random.Generator) -> pd.DataFrame:
    """Return the customers as the canonical table, with a limit derived from size alone."""
    known = rng.random(companies.count) < 0.96
    group = [f"G{number:04d}" if number >= 0 else None for number in companies.group]
    return pd.DataFrame(
        {
            "customer_id": companies.ids,
            "name": companies.names,
            "siren": companies.sirens,
            "country": "FR",
            "postcode": _postcodes(companies.count),
            "naf": companies.nafs,
            "legal_form": [str(form) for form in companies.legal_form],
            "headcount": np.where(known, companies.headcount.astype(np.float64), np.nan),
            "created_on": dates(companies.created),
            "natural_person": companies.natural_person,
            "group_id": pd.Series(group, dtype="object"),
            "payment_terms_days": companies.terms_days.astype(np.float64),
            "credit_limit_eur": _limits(companies.headcount, rng),
            **_contacts(companies.count),
        }
    )


def _contacts(count: int) -> dict[str, list[str]]:
    """Return whom to call: numbers that ARCEP reserves for fiction, and a domain reserved for examples.

    They are counted, not drawn, so that the rest of the demo does not depend on them.
    """
    first = ("Camille", "Dominique", "Claude", "Maxime", "Alix", "Sacha", "Charlie", "Lou")
    last = ("Bernard", "Moreau", "Lefèvre", "Girard", "Mercier", "Fontaine", "Chevalier")
    numbers = range(count)
    return {
        "contact_name": [f"{first[n % len(first)]} {last[n % len(last)]}" for n in numbers],
        "contact_phone": [f"01 99 00 {n // 100 % 100:02d} {n % 100:02d}" for n in numbers],
        "contact_email": [f"comptabilite{n:05d}@clients.example" for n in numbers],
    }


def _postcodes(count: int) -> list[str]:
    """Return where customers are: half of them in eight départements.

    They are counted, not drawn, so that the rest of the demo does not depend on them.
    """
    large = ("75", "69", "59", "13", "33", "31", "44", "92")
    every = [f"{number:02d}" for number in range(1, 96) if number != 20]
    pairs = zip(cycle(large), cycle(every), strict=False)
    return [f"{place}000" for place in islice(chain.from_iterable(pairs), count)]


def luhn_key(digits: Ints) -> Ints:
    """Return the check digit that completes eight digits to a SIREN (Luhn, ISO/IEC 7812-1).

    Parameters
    ----------
    digits
        The first eight digits, shape (n, 8).

    Examples
    --------
    >>> luhn_key(np.array([[7, 3, 2, 8, 2, 9, 3, 2]])).tolist()
    [0]
    """
    doubled = digits[:, 1::2] * 2
    total = digits[:, 0::2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    return np.asarray(-total % 10)


def _sirens(count: int, rng: np.random.Generator) -> list[str]:
    stems = rng.choice(np.arange(30_000_000, 99_999_999, 7), count, replace=False)
    digits = stems[:, None] // 10 ** np.arange(7, -1, -1) % 10
    return [f"{stem}{key}" for stem, key in zip(stems, luhn_key(digits), strict=True)]


def _names(sector: Ints, form: Ints, rng: np.random.Generator) -> list[str]:
    starts, middles, ends = (rng.integers(0, len(part), len(sector)) for part in SYLLABLES)
    with_trade = rng.random(len(sector)) < 0.55
    names = []
    for row in range(len(sector)):
        first, middle, end = SYLLABLES
        words = [first[starts[row]] + middle[middles[row]] + end[ends[row]]]
        if with_trade[row]:
            words.append(SECTORS[sector[row]].trade)
        words.append(FORM_WORDS[int(form[row])])
        names.append(" ".join(word for word in words if word))
    return names


def _legal_forms(headcount: Ints, rng: np.random.Generator) -> Ints:
    u = rng.random(len(headcount))
    forms = np.select([u < 0.42, u < 0.52, u < 0.54], [SARL, EURL, SNC], SAS)
    forms = np.where((headcount >= 50) & (u < 0.30), SA, np.where((headcount >= 50) & (u < 0.54), SAS, forms))
    return np.where((headcount < 4) & (rng.random(len(headcount)) < 0.28), SOLE_TRADER, forms)


def _terms(count: int, rng: np.random.Generator) -> tuple[Ints, Flags]:
    kind = rng.choice(4, count, p=[0.48, 0.24, 0.08, 0.20])
    return np.array([30, 45, 45, 60])[kind], np.asarray(kind == 1)


def _groups(count: int, rng: np.random.Generator) -> Ints:
    member = np.flatnonzero(rng.random(count) < 0.08)
    group = np.full(count, -1)
    group[rng.permutation(member)] = np.arange(len(member)) // 3
    return group


def _limits(headcount: Ints, rng: np.random.Generator) -> Floats:
    raw = 2_500 * (headcount + 1.0) ** 0.7 * np.exp(rng.normal(0, 0.5, len(headcount)))
    power = 10.0 ** np.floor(np.log10(raw))
    steps = LIMIT_STEPS[np.abs(raw[:, None] / power[:, None] - LIMIT_STEPS).argmin(axis=1)]
    return np.where(rng.random(len(headcount)) < 0.93, steps * power, np.nan)
