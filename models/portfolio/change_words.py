"""Sentences for changes between two nightly runs, in French and in English.

Owns the wording; the caller provides the changes and their cause.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.law.insolvency_words import day_words
from models.policy.decision.wording import days_words
from models.wording.numerals import SPACE, in_french, unbroken

if TYPE_CHECKING:
    from models.policy.sections.alerts import AlertRules
    from models.portfolio.changes import ChangeCause, ChangeKind, ComparedFigures

_WHY: dict[ChangeCause, tuple[str, str]] = {
    "data": ("ses données ont changé", "its data changed"),
    "model": ("le modèle a changé", "the model changed"),
    "policy": ("la politique de crédit a changé", "the credit policy changed"),
}

_FINE_BELOW = 0.01
"""Shares below it are written with one more decimal, as on the pages."""


def sentence(
    before: ComparedFigures,
    after: ComparedFigures,
    kinds: tuple[ChangeKind, ...],
    cause: ChangeCause,
    rules: AlertRules,
) -> tuple[str, str]:
    """Return the sentence of a change and its main cause, in French and in English."""
    parts = [_kind_text(kind, before, after, rules) for kind in kinds]
    fr, en = "; ".join(part[0] for part in parts), "; ".join(part[1] for part in parts)
    why_fr, why_en = _WHY[cause]
    return unbroken(f"{_capital(fr.replace('; ', ' ; '))} ({why_fr})."), f"{_capital(en)} ({why_en})."


def _kind_text(
    kind: ChangeKind, before: ComparedFigures, after: ComparedFigures, rules: AlertRules
) -> tuple[str, str]:
    days = rules.overdue_days
    grades = f"{before.reported_grade} → {after.reported_grade}"
    old, new, owed = _euros(before.limit_eur), _euros(after.limit_eur), _euros(after.open_eur)
    words: dict[ChangeKind, tuple[str, str]] = {
        "proceeding": _insolvency(after, "procédure collective ouverte", "an insolvency proceeding opened"),
        "declare_claim": _to_declare(after),
        "unread_judgment": _unread(after),
        "plan": _insolvency(after, "un plan a été arrêté", "a plan was adopted"),
        "grade": (f"note {grades}", f"grade {grades}"),
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


def _insolvency(after: ComparedFigures, fr: str, en: str) -> tuple[str, str]:
    """Return the judgment with the claim's deadline, or the given words where its details are unknown."""
    found = after.insolvency
    if found is None or not found.title_fr:
        return fr, en
    title_fr, title_en = found.title_fr.rstrip("."), found.title_en.rstrip(".")
    if found.step == "declare":
        (by_fr, by_en) = day_words(found.declare_by)
        return f"{title_fr}, créance à déclarer avant le {by_fr}", f"{title_en}, claim to declare by {by_en}"
    return title_fr, title_en


def _to_declare(after: ComparedFigures) -> tuple[str, str]:
    by_fr, by_en = day_words(None if after.insolvency is None else after.insolvency.declare_by)
    left = after.days_to_declare or 0
    days_fr, days_en = days_words(left)
    return (
        f"créance à déclarer avant le {by_fr} (reste {days_fr})",
        f"claim to declare by {by_en} ({days_en} left)",
    )


def _unread(after: ComparedFigures) -> tuple[str, str]:
    found = after.insolvency
    if found is None or found.unread_fr is None or found.unread_en is None:
        return "un jugement n'a pas été compris", "a judgment was not understood"
    return found.unread_fr.rstrip("."), found.unread_en.rstrip(".")


def _probabilities(before: ComparedFigures, after: ComparedFigures) -> tuple[str, str]:
    """Return the probabilities whose displayed values changed; both if neither did."""
    moves = [
        (("de défaillance à 12 mois", "of default within 12 months"), before.pd_12m, after.pd_12m),
        (("de retard de plus de 30 jours", "of more than 30 days late"), before.p_late30, after.p_late30),
    ]
    shown = [move for move in moves if _percent(move[1]) != _percent(move[2])] or moves
    fr, en = (
        ", ".join(
            f"{name[place]} {_percent(old)[place]} → {_percent(new)[place]}" for name, old, new in shown
        )
        for place in (0, 1)
    )
    return f"probabilité {fr}", f"probability {en}"


def _euros(amount: float) -> tuple[str, str]:
    figure = f"{amount:,.0f}"
    return f"{in_french(figure)}{SPACE}€", f"€{figure}"


def _percent(share: float) -> tuple[str, str]:
    figure = f"{share:.1%}" if share >= _FINE_BELOW or share == 0 else f"{share:.2%}"
    return in_french(figure), figure


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
