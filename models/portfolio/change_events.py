"""Events since the previous nightly run that moved a customer: invoices, filings, signals, models, policy.

Owns the events, their order and their wording; `pipelines.nightly.change_evidence` finds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, get_args

from models.policy.decision.wording import days_words
from models.wording.formats import day, euros
from models.wording.numerals import unbroken

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from models.wording.formats import Bilingual

ChangeEventKind = Literal[
    "policy",
    "model",
    "notice",
    "notice_withdrawn",
    "accounts",
    "signal",
    "overdue",
    "disputed",
    "paid",
    "part_paid",
    "removed",
    "issued",
    "still_overdue",
]
EVENT_KINDS: tuple[ChangeEventKind, ...] = get_args(ChangeEventKind)
MOST_EVENTS = 30
"""Largest number of events kept with an alert, in the order of `sorted_events`."""
_WORDED = 3
"""Number of events of one kind that a sentence names."""

_TEXTS: dict[ChangeEventKind, Bilingual] = {
    "policy": ("la politique de crédit a changé ({ref})", "the credit policy changed ({ref})"),
    "model": ("le modèle de {what} a changé ({ref})", "the {what} model changed ({ref})"),
    "notice": ("annonce publiée le {on} : {what}", "notice published on {on}: {what}"),
    "notice_withdrawn": ("annonce du {on} retirée : {what}", "notice of {on} withdrawn: {what}"),
    "accounts": ("{what} le {on}", "{what} on {on}"),
    "signal": ("{what}{eur} le {on}", "{what}{eur} on {on}"),
    "overdue": (
        "facture {ref} échue le {on}, impayée{eur}",
        "invoice {ref} due on {on}, unpaid{eur}",
    ),
    "disputed": ("facture {ref} en litige{eur}", "invoice {ref} in dispute{eur}"),
    "paid": ("facture {ref} payée le {on}{late}{eur}", "invoice {ref} paid on {on}{late}{eur}"),
    "part_paid": ("facture {ref} réglée en partie{eur}", "invoice {ref} paid in part{eur}"),
    "removed": (
        "facture {ref} soldée sans paiement ou corrigée{eur}",
        "invoice {ref} closed without payment, or corrected{eur}",
    ),
    "still_overdue": (
        "facture {ref} échue le {on}, toujours impayée{eur}",
        "invoice {ref} due on {on}, still unpaid{eur}",
    ),
    "issued": ("nouvelle facture {ref}{eur}", "new invoice {ref}{eur}"),
}
_NAMES: dict[str, Bilingual] = {
    "late": ("retard", "late payment"),
    "default": ("défaillance", "default"),
    "safeguard": ("sauvegarde", "safeguard"),
    "receivership": ("redressement judiciaire", "receivership"),
    "liquidation": ("liquidation judiciaire", "liquidation"),
    "proceeding_ended": ("fin de la procédure collective", "end of the insolvency proceeding"),
    "safeguard_plan": ("plan de sauvegarde", "safeguard plan"),
    "receivership_plan": ("plan de redressement", "receivership plan"),
    "unknown": ("jugement à lire", "judgment to be read"),
    "closure": ("radiation", "closure"),
    "sale": ("vente ou cession du fonds", "sale of the business"),
    "accounts": ("comptes annuels publiés", "yearly accounts published"),
    "accounts_confidential": (
        "comptes annuels déposés, confidentiels",
        "yearly accounts filed, confidential",
    ),
    "dispute": ("litige", "dispute"),
    "more_time": ("délai supplémentaire demandé", "more time asked for"),
    "returned_debit": ("prélèvement ou effet rejeté", "returned payment"),
    "change_of_activity": ("changement d'activité", "change of activity"),
    "doubtful": ("créance classée douteuse", "receivable classed as doubtful"),
    "write_off": ("créance passée en perte", "receivable written off"),
    "cover": ("agrément de l'assureur-crédit", "credit insurer's cover"),
    "cover_ended": ("fin de l'agrément de l'assureur-crédit", "end of the credit insurer's cover"),
}
_NOTHING: Bilingual = (
    "aucun mouvement du client : seuls le temps écoulé et le reste du portefeuille ont changé",
    "no event of the customer: only time went by, and the rest of the portfolio changed",
)


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """One event since the previous run.

    Parameters
    ----------
    what
        Target of a model, or kind of a filing or a signal as in the ledger; None for an invoice.
    ref
        Invoice number, or the versions before and after of a model or of the policy; None otherwise.
    on
        Due date, day of the payment, of the publication or of the signal; None for a model or the policy.
    amount_eur
        Open or paid amount of an invoice, or an insurer's limit; None otherwise.
    days_late
        Of a payment, negative when early; None otherwise.
    """

    kind: ChangeEventKind
    what: str | None = None
    ref: str | None = None
    on: dt.date | None = None
    amount_eur: float | None = None
    days_late: int | None = None

    def document(self) -> dict[str, Any]:
        """Return the event as plain JSON values."""
        return {
            "kind": self.kind,
            "what": self.what,
            "ref": self.ref,
            "on": self.on and self.on.isoformat(),
            "amount_eur": self.amount_eur,
            "days_late": self.days_late,
        }

    def words(self) -> Bilingual:
        """Return the event in words, in French and in English."""
        names = _NAMES.get(self.what or "", (self.what or "", self.what or ""))
        late = ("", "")
        if self.days_late is not None and self.days_late > 0:
            days = days_words(self.days_late)
            late = (f" avec {days[0]} de retard", f", {days[1]} late")
        fr, en = (
            _TEXTS[self.kind][place].format(
                what=names[place],
                ref=self.ref,
                on="" if self.on is None else day(self.on, language),
                eur="" if self.amount_eur is None else f" ({euros(self.amount_eur, language)})",
                late=late[place],
            )
            for place, language in enumerate(("fr", "en"))
        )
        return fr, en


def sorted_events(events: Iterable[ChangeEvent]) -> list[ChangeEvent]:
    """Sort events by kind in the order of `EVENT_KINDS`, then the largest amount, then their number."""
    return sorted(
        events,
        key=lambda one: (
            EVENT_KINDS.index(one.kind),
            -(one.amount_eur or 0.0),
            one.ref or "",
            one.what or "",
        ),
    )


def events_sentence(events: Sequence[ChangeEvent], since: dt.date) -> Bilingual:
    r"""Return the sentence of what happened since a day, in French and in English.

    Parameters
    ----------
    events
        As sorted by `sorted_events`; the sentence names the first of each kind and counts the others.

    Examples
    --------
    >>> import datetime as dt
    >>> since, due = dt.date(2026, 9, 29), dt.date(2026, 9, 30)
    >>> events_sentence([ChangeEvent("overdue", ref="F1", on=due, amount_eur=900.0)], since)[1]
    'Since 29\xa0Sept\xa02026: invoice F1 due on 30\xa0Sept\xa02026, unpaid (€900).'
    """
    found = [words for _, same in groupby(events, key=lambda one: one.kind) for words in _named(list(same))]
    fr, en = zip(*(found or [_NOTHING]), strict=True)
    return (
        unbroken(f"Depuis le {day(since, 'fr')} : {' ; '.join(fr)}."),
        f"Since {day(since, 'en')}: {'; '.join(en)}.",
    )


def _named(same: Sequence[ChangeEvent]) -> list[Bilingual]:
    """Return the first events of one kind in words, and the number and sum of the others."""
    words, rest = [one.words() for one in same[:_WORDED]], same[_WORDED:]
    if rest:
        eur = sum(one.amount_eur or 0.0 for one in rest)
        fr, en = (f" ({euros(eur, language)})" if eur else "" for language in ("fr", "en"))
        autres = "autre" if len(rest) == 1 else "autres"
        others = "other" if len(rest) == 1 else "others"
        words.append((f"et {len(rest)} {autres}{fr}", f"and {len(rest)} {others}{en}"))
    return words
