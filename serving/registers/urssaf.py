"""URSSAF's list of proceedings: a step such as Solde_procedure_redressement as a filing's kind.

Owns the list's terms and columns. It has the date on which a step takes effect, but no publication date.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import RegisterError
from serving.registers.dates import day_in, plain
from serving.registers.identifiers import siren_in, siret_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

NAME = "URSSAF"
COLUMNS = ("Siren", "Dt_effet", "Lib_actx_stdx")
NONE, UNKNOWN = "none", "unknown"

_PROCEEDINGS = {"sauvegarde": "safeguard", "redressement": "receivership", "liquidation": "liquidation"}
_PLANS = {"sauvegarde": "safeguard_plan", "redressement": "receivership_plan"}
_BEGINS = frozenset({"ouverture", "inclusion autre procedure"})
_PLAN = "plan continuation"
_ENDS = frozenset({"solde procedure", "fin procedure", "abandon procedure"})
_DISSOLVES = "cloture insuffisance actif"


@dataclass(frozen=True, slots=True)
class ProceedingFiling:
    """A step of a proceeding: a filing's kind, `none` if a proceeding ends, `unknown` for unlisted terms."""

    siren: str
    kind: str
    took_effect_on: dt.date
    words: str


def step_of(row: Mapping[str, str]) -> ProceedingFiling:
    """Parse one row of the list.

    Raises
    ------
    RegisterError
        It names no company, two companies, or no day.
    """
    siren = siren_in(row.get("Siren")) or (siret_in(row.get("Siret")) or "")[:9]
    if not siren:
        raise RegisterError(f"Siren {row.get('Siren')!r} is no SIREN")
    siret = siret_in(row.get("Siret"))
    if siret and siret[:9] != siren:
        raise RegisterError(f"Siret {siret} is not of Siren {siren}")
    day = day_in(row.get("Dt_effet"))
    if day is None:
        raise RegisterError(f"Dt_effet {row.get('Dt_effet')!r} is no day such as 26MAY2014")
    words = row.get("Lib_actx_stdx", "")
    return ProceedingFiling(siren, kind_of(words), day, words)


def kind_of(words: str) -> str:
    """Classify a step: its proceeding where it begins or continues, `closure` where it dissolves the company.

    Examples
    --------
    >>> kind_of("Redressement_ouverture"), kind_of("Solde_procedure_redressement"), kind_of("Autre")
    ('receivership', 'none', 'unknown')
    """
    parts = plain(words.replace("_", " ")).split()
    named = [part for part in parts if part in _PROCEEDINGS]
    step = " ".join(part for part in parts if part not in _PROCEEDINGS)
    if step == _DISSOLVES:
        return "closure"
    if len(named) != 1:
        return UNKNOWN
    if step == _PLAN and named[0] in _PLANS:
        return _PLANS[named[0]]
    if step in _BEGINS:
        return _PROCEEDINGS[named[0]]
    return NONE if step in _ENDS else UNKNOWN
