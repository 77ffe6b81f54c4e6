"""Parser of the State's company search (recherche-entreprises): identity of a SIREN.

Owns the format of its answer. The search is full-text: only the company with the exact SIREN is used. Its
yearly figures are ignored: it gives a group's as its head's own, and `ratios` distinguishes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.errors import RegisterError
from serving.registers.client import Register
from serving.registers.companies import Company, headcount_of, legal_form_in, shown
from serving.registers.dates import day_in
from serving.registers.documents import part, rows, text
from serving.registers.identifiers import naf_in

if TYPE_CHECKING:
    import datetime as dt

    from serving.registers.client import RegisterClient, RegisterResponse
    from serving.registers.settings import RegisterSettings

NAME = "Annuaire des entreprises"
_STATES = {"A": True, "C": False, "F": False}


def register(settings: RegisterSettings) -> Register:
    """Return the register's address and limits."""
    return Register(NAME, settings.company_search_url, settings.company_search_per_s)


def fetch(client: RegisterClient, siren: str) -> Company | None:
    """Return a company, None if the search has no result.

    Raises
    ------
    RegisterAwayError, RegisterError
        The search is away, or answers something else.
    """
    question = {"q": siren, "page": "1", "per_page": "10"}
    where = register(client.settings)
    return client.fetch(where, "search", lambda answer: company_in_answer(answer, siren), question)


def company_in_answer(answer: RegisterResponse, siren: str) -> Company | None:
    """Parse the search's answer about one SIREN, bare or saved within an envelope.

    Raises
    ------
    RegisterError
        It is no list of companies, or a list of others.
    """
    found = listed(answer.document)
    mine = [row for row in found if text(row, "siren") == siren]
    if not mine:
        if found:
            named = ", ".join(text(row, "siren") or "nobody" for row in found[:3])
            raise RegisterError(f"{NAME} answered about {named}, asked for {siren}")
        return None
    return company_of(mine[0], answer.fetched_on)


def listed(document: object) -> list[dict[str, Any]]:
    """Return the companies of an answer.

    Raises
    ------
    RegisterError
        It holds no list of them.
    """
    found = part(document, "results")
    if found is None:
        found = part(document, "result", "results")
    if not isinstance(found, list):
        raise RegisterError(f"{NAME} answered without a list of results")
    return rows(found)


def company_of(row: dict[str, Any], read_on: dt.date) -> Company:
    """Parse one company of an answer; missing or unreadable values are unknown.

    Raises
    ------
    RegisterError
        Its state is none that is known.
    """
    state = text(row, "etat_administratif")
    if state and state not in _STATES:
        raise RegisterError(f"{NAME}: etat_administratif {state!r} is none of {', '.join(_STATES)}")
    active = _STATES.get(state)
    band = text(row, "tranche_effectif_salarie")
    updated = day_in(text(row, "date_mise_a_jour_insee")) or day_in(text(row, "date_mise_a_jour"))
    return Company(
        siren=text(row, "siren"),
        name=shown(row.get("nom_raison_sociale")) or shown(row.get("nom_complet")),
        active=active,
        ceased_on=None if active else day_in(text(row, "date_fermeture")),
        created_on=day_in(text(row, "date_creation")),
        naf=naf_in(text(row, "activite_principale")),
        legal_form=legal_form_in(text(row, "nature_juridique")),
        size_band=band,
        headcount=headcount_of(band),
        known_on=min(updated or read_on, read_on),
        postcode=shown(part(row, "siege", "code_postal")),
        town=shown(part(row, "siege", "libelle_commune")),
    )
