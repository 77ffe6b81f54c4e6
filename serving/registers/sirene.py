"""Parser of INSEE's Sirene register: a row of the monthly stock of legal units, and the API's answer.

Owns the meaning of the columns; `pipelines.sources.registers` reads the stock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.errors import RegisterError
from serving.registers.client import Register
from serving.registers.companies import Company, headcount_of, legal_form_in, shown
from serving.registers.dates import day_in
from serving.registers.documents import part, rows, text
from serving.registers.identifiers import naf_in, siren_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from serving.registers.client import RegisterClient, RegisterResponse
    from serving.registers.settings import RegisterSettings

NAME = "INSEE Sirene"
COLUMNS = (
    "siren",
    "dateCreationUniteLegale",
    "trancheEffectifsUniteLegale",
    "dateDernierTraitementUniteLegale",
    "dateDebut",
    "etatAdministratifUniteLegale",
    "nomUniteLegale",
    "nomUsageUniteLegale",
    "prenomUsuelUniteLegale",
    "denominationUniteLegale",
    "categorieJuridiqueUniteLegale",
    "activitePrincipaleUniteLegale",
    "nomenclatureActivitePrincipaleUniteLegale",
)
"""The columns read from the stock, out of some thirty."""

NEEDED = ("siren", "etatAdministratifUniteLegale")
_STATES = {"A": True, "C": False}


def register(settings: RegisterSettings) -> Register:
    """Return the register's address and limits; a key is required."""
    key = settings.sirene_key
    headers = {"X-INSEE-Api-Key-Integration": key.get_secret_value()} if key else {}
    return Register(NAME, settings.sirene_url, settings.sirene_per_s, headers)


def fetch(client: RegisterClient, siren: str) -> Company | None:
    """Return a legal unit, None if the register does not hold it.

    Raises
    ------
    RegisterAwayError, RegisterError
        The register is unavailable, or its answer is about another company.
    """
    where = register(client.settings)
    return client.fetch(where, f"siren/{siren}", lambda answer: company_in_answer(answer, siren))


def company_in_answer(answer: RegisterResponse, siren: str) -> Company | None:
    """Parse the API's answer about one SIREN.

    Raises
    ------
    RegisterError
        It is about another SIREN, or none.
    """
    if answer.document is None:
        return None
    unit = part(answer.document, "uniteLegale")
    if siren_in(text(unit, "siren")) != siren:
        raise RegisterError(f"{NAME} answered about {text(unit, 'siren') or 'nobody'!r}, asked for {siren}")
    return company_of(unit_row(unit), answer.fetched_on)


def unit_row(unit: object) -> dict[str, Any]:
    """Flatten a legal unit of the API into a row of the stock: the current period's values with its own.

    A unit that ceased did so at the beginning of the oldest of the ceased periods on top.
    """
    own = unit if isinstance(unit, dict) else {}
    periods = sorted(
        rows(own.get("periodesUniteLegale")), key=lambda period: text(period, "dateDebut"), reverse=True
    )
    current = dict(periods[0]) if periods else {}
    for period in periods:
        if text(period, "etatAdministratifUniteLegale") != text(current, "etatAdministratifUniteLegale"):
            break
        current["dateDebut"] = period.get("dateDebut")
    return {**{name: value for name, value in own.items() if name != "periodesUniteLegale"}, **current}


def company_of(row: Mapping[str, Any], read_on: dt.date) -> Company:
    """Parse a row of the stock.

    In the stock `dateDebut` begins the current period: of a ceased unit, the cessation.

    Parameters
    ----------
    row
        Texts by column, of those in `COLUMNS` at least `NEEDED`; an empty cell is empty or None.
    read_on
        The day from which a row without a processing date is known.

    Raises
    ------
    RegisterError
        The SIREN is none, the state is neither A nor C, or a filled date is no day.
    """
    siren = siren_in(text(row, "siren"))
    if siren is None:
        raise RegisterError(f"siren {text(row, 'siren')!r} is no SIREN")
    state = text(row, "etatAdministratifUniteLegale")
    if state not in _STATES:
        raise RegisterError(f"etatAdministratifUniteLegale {state!r} is neither A nor C")
    active = _STATES[state]
    began = _day(row, "dateDebut")
    processed = day_in(text(row, "dateDernierTraitementUniteLegale")) or read_on
    ceased_on = None if active else began
    band = text(row, "trancheEffectifsUniteLegale")
    return Company(
        siren=siren,
        name=_name(row),
        active=active,
        ceased_on=ceased_on,
        created_on=_day(row, "dateCreationUniteLegale"),
        naf=_naf(row),
        legal_form=legal_form_in(text(row, "categorieJuridiqueUniteLegale")),
        size_band=band,
        headcount=headcount_of(band),
        known_on=min(processed, read_on),
    )


def _day(row: Mapping[str, Any], name: str) -> dt.date | None:
    written = text(row, name)
    day = day_in(written)
    if written and day is None:
        raise RegisterError(f"{name} {written!r} is no day")
    return day


def _name(row: Mapping[str, Any]) -> str | None:
    if firm := shown(row.get("denominationUniteLegale")):
        return firm
    family = shown(row.get("nomUsageUniteLegale")) or shown(row.get("nomUniteLegale"))
    given = shown(row.get("prenomUsuelUniteLegale"))
    return " ".join(word for word in (given, family) if word) or None


def _naf(row: Mapping[str, Any]) -> str | None:
    edition = text(row, "nomenclatureActivitePrincipaleUniteLegale")
    return naf_in(text(row, "activitePrincipaleUniteLegale")) if edition in {"", "NAFRev2"} else None
