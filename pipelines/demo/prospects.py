"""Register answers about companies that there are not, kept as if the registers had given them.

Owns the demo's prospects (a sound company, one under a receivership, a sole trader) and the documents about
them, each in its register's own format. Without a network, a prospect's page reads what is kept.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from serving.registers import bodacc, company_search, ratios
from serving.registers.cache import AnswerCache
from serving.registers.client import RegisterClient, RegisterResponse, address_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from serving.registers.client import Register
    from serving.registers.settings import RegisterSettings

T = TypeVar("T")
SOUND, INSOLVENT, SOLE_TRADER = "900000019", "900000027", "900000035"
_FILED_MONTH = 7
"""From this month on the accounts of the year before are published."""


@dataclass(frozen=True, slots=True)
class DemoProspect:
    """A company that there is not.

    Parameters
    ----------
    legal_form
        INSEE category; 1000 is a sole trader.
    staff_band
        INSEE's code of a band of staff.
    turnover_eur
        Of the latest year; None where it publishes no accounts.
    receivership
        Whether it is under one.
    """

    siren: str
    name: str
    naf: str
    legal_form: str
    created_on: dt.date
    staff_band: str
    turnover_eur: float | None = None
    receivership: bool = False


PROSPECTS = (
    DemoProspect(
        SOUND, "Menuiserie du Val Clair SAS", "43.32A", "5710", dt.date(2009, 4, 1), "12", 2_400_000.0
    ),
    DemoProspect(
        INSOLVENT,
        "Charpentes du Bas Pays SARL",
        "43.91A",
        "5499",
        dt.date(2014, 9, 15),
        "11",
        900_000.0,
        receivership=True,
    ),
    DemoProspect(SOLE_TRADER, "Camille Exemple", "43.34Z", "1000", dt.date(2018, 2, 5), "NN"),
)


def keep_answers(settings: RegisterSettings, now: dt.datetime) -> tuple[DemoProspect, ...]:
    """Keep what the registers would answer about the demo's prospects, and return these.

    Raises
    ------
    RegisterError
        The folder of kept answers cannot be written.
    """
    for prospect in PROSPECTS:
        client = _Keeping(settings, _documents(prospect, now.date()), now)
        for register in (company_search, bodacc, ratios):
            register.fetch(client, prospect.siren)
    return PROSPECTS


class _Keeping(RegisterClient):
    """Client that answers from documents, by register, and keeps each answer."""

    def __init__(self, settings: RegisterSettings, documents: Mapping[str, object], now: dt.datetime) -> None:
        super().__init__(settings, lambda: now)
        self._documents = documents
        self._kept = AnswerCache(settings.cache, int(settings.cache_mb * 1_000_000))

    def fetch(
        self,
        register: Register,
        path: str,
        read: Callable[[RegisterResponse], T],
        params: Mapping[str, str] | None = None,
    ) -> T:
        """Return the document as it is read, once it is kept."""
        document = self._documents[register.name]
        made = read(RegisterResponse(document, self.today(), register.name))
        self._kept.put(address_of(register, path, params), document, self.now())
        return made


def _documents(prospect: DemoProspect, today: dt.date) -> dict[str, object]:
    return {
        company_search.NAME: {"results": [_company(prospect, today)], "total_results": 1},
        bodacc.NAME: {"results": [_receivership(prospect, today)] if prospect.receivership else []},
        ratios.NAME: {"results": _years(prospect, today)},
    }


def _company(prospect: DemoProspect, today: dt.date) -> dict[str, Any]:
    return {
        "siren": prospect.siren,
        "nom_complet": prospect.name,
        "nom_raison_sociale": prospect.name,
        "activite_principale": prospect.naf,
        "date_creation": prospect.created_on.isoformat(),
        "date_fermeture": None,
        "date_mise_a_jour_insee": (today - dt.timedelta(days=60)).isoformat(),
        "etat_administratif": "A",
        "nature_juridique": prospect.legal_form,
        "tranche_effectif_salarie": prospect.staff_band,
    }


def _receivership(prospect: DemoProspect, today: dt.date) -> dict[str, Any]:
    """Return the notice of an opening, judged ten days before it was published a month ago."""
    published, siren = today - dt.timedelta(days=30), prospect.siren
    spaced = f"{siren[:3]} {siren[3:6]} {siren[6:]}"
    person = {
        "typePersonne": "pm",
        "numeroImmatriculation": {"numeroIdentification": spaced, "codeRCS": "RCS"},
        "denomination": prospect.name,
    }
    judgment = {
        "type": "initial",
        "famille": "Jugement d'ouverture",
        "nature": "Jugement d'ouverture d'une procédure de redressement judiciaire",
        "date": (published - dt.timedelta(days=10)).isoformat(),
    }
    return {
        "id": f"A{published:%Y}00011",
        "publicationavis": "A",
        "parution": f"{published:%Y}0001",
        "numeroannonce": 1,
        "dateparution": published.isoformat(),
        "typeavis": "annonce",
        "familleavis": "collective",
        "registre": [siren, spaced],
        "listepersonnes": json.dumps({"personne": person}),
        "jugement": json.dumps(judgment),
    }


def _years(prospect: DemoProspect, today: dt.date) -> list[dict[str, Any]]:
    """Return three years of accounts, sales growing by a twentieth a year."""
    if prospect.turnover_eur is None:
        return []
    latest = today.year - (1 if today.month >= _FILED_MONTH else 2)
    return [_year(prospect.siren, latest - age, prospect.turnover_eur / 1.05**age) for age in range(3)]


def _year(siren: str, year: int, turnover: float) -> dict[str, Any]:
    shares = {
        "chiffre_d_affaires": 1.0,
        "marge_brute": 0.55,
        "ebe": 0.09,
        "ebit": 0.06,
        "resultat_net": 0.04,
    }
    return {
        "siren": siren,
        "date_cloture_exercice": f"{year}-12-31",
        "type_bilan": "C",
        "confidentiality": "Public",
        **{name: round(turnover * share) for name, share in shares.items()},
    }
