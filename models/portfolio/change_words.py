"""A change between two nights as one sentence, in French and in English.

Owns the words; what changed, and why, comes in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.numerals import SPACE, in_french, unbroken

if TYPE_CHECKING:
    from models.policy.alert_rules import AlertRules
    from models.portfolio.changes import Cause, Figures, Kind

_WHY: dict[Cause, tuple[str, str]] = {
    "data": ("ses données ont changé", "its data changed"),
    "model": ("le modèle a changé", "the model changed"),
    "policy": ("la politique de crédit a changé", "the credit policy changed"),
}


def sentence(
    before: Figures, after: Figures, kinds: tuple[Kind, ...], cause: Cause, rules: AlertRules
) -> tuple[str, str]:
    """Say what changed and mainly why, in French and in English."""
    told = [_told(kind, before, after, rules) for kind in kinds]
    fr, en = "; ".join(part[0] for part in told), "; ".join(part[1] for part in told)
    why_fr, why_en = _WHY[cause]
    return unbroken(f"{_capital(fr.replace('; ', ' ; '))} ({why_fr})."), f"{_capital(en)} ({why_en})."


def _told(kind: Kind, before: Figures, after: Figures, rules: AlertRules) -> tuple[str, str]:
    days = rules.overdue_days
    old, new, owed = _euros(before.limit_eur), _euros(after.limit_eur), _euros(after.open_eur)
    words: dict[Kind, tuple[str, str]] = {
        "proceeding": ("procédure collective ouverte", "an insolvency proceeding opened"),
        "grade": (f"note {before.grade} → {after.grade}", f"grade {before.grade} → {after.grade}"),
        "limit": (f"plafond {old[0]} → {new[0]}", f"limit {old[1]} → {new[1]}"),
        "probability": _probabilities(before, after),
        "over_limit": (
            f"encours de {owed[0]} au-dessus du plafond de {new[0]}",
            f"exposure of {owed[1]} above the limit of {new[1]}",
        ),
        "long_overdue": (
            f"facture échue depuis {days} jours ou plus",
            f"an invoice overdue for {days} days or more",
        ),
        "cover_ended": (
            "l'agrément de l'assureur-crédit a pris fin",
            "the credit insurance cover ended",
        ),
    }
    return words[kind]


def _probabilities(before: Figures, after: Figures) -> tuple[str, str]:
    default, late = (
        (_percent(before.pd_12m), _percent(after.pd_12m)),
        (_percent(before.p_late30), _percent(after.p_late30)),
    )
    fr = (
        f"probabilité de défaillance à 12 mois {default[0][0]} → {default[1][0]}, "
        f"de retard de plus de 30 jours {late[0][0]} → {late[1][0]}"
    )
    en = (
        f"probability of default within 12 months {default[0][1]} → {default[1][1]}, "
        f"of being more than 30 days late {late[0][1]} → {late[1][1]}"
    )
    return fr, en


def _euros(amount: float) -> tuple[str, str]:
    figure = f"{amount:,.0f}"
    return f"{in_french(figure)}{SPACE}€", f"€{figure}"


def _percent(share: float) -> tuple[str, str]:
    figure = f"{share:.1%}"
    return in_french(figure), figure


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
