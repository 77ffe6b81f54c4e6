"""Sentences of the worklist: why a customer is on it and what is due, in French and in English.

Owns the wording; `models.portfolio.worklist` decides the step. A payer grade explains the tone of a reminder;
no sentence praises a customer whose debt is past the reminders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.policy.decision.wording import money
from models.policy.dunning import FORMAL_AT, TONES
from models.policy.grades import PAYERS
from models.portfolio.debtors import LATE_DAYS
from models.wording import formats
from models.wording.numerals import WORD_SPACE, in_french, unbroken

if TYPE_CHECKING:
    import datetime as dt

    from models.law.insolvency_words import InsolvencyNotice
    from models.policy.dunning import DunningStep, Tone
    from models.policy.sections.dunning import DunningRules
    from models.portfolio.debtors import OpenInvoice
    from models.wording.formats import Bilingual

_TONES: dict[Tone, Bilingual] = {
    "courteous": ("relance courtoise", "a courteous reminder"),
    "firm": ("relance ferme", "a firm reminder"),
    "formal": ("mise en demeure", "a formal notice"),
    "legal": (
        "recouvrement judiciaire ou par un cabinet",
        "legal action or a collection agency",
    ),
}
_GOOD_RANK = 2


def reminder_words(
    oldest_days: int, payer_grade: str, step: DunningStep, rules: DunningRules, lost_eur: float
) -> Bilingual:
    """Return why a step is due on overdue invoices.

    Parameters
    ----------
    oldest_days
        Days past due of the oldest invoice that is not lost.
    lost_eur
        Amount of its older invoices, which count as lost.
    """
    (since_fr, since_en), (tone_fr, tone_en) = _days(oldest_days), _TONES[step.tone]
    payer_fr, payer_en = _payer(payer_grade, oldest_days, step.tone)
    fr = f"Facture la plus ancienne échue depuis {since_fr}{payer_fr} : {tone_fr}."
    en = f"Oldest invoice overdue for {since_en}{payer_en}: {tone_en}."
    if step.spared:
        after = rules.first_delay_days + 1
        fr += (
            f" Premier retard de ce client : pas de mise en demeure avant {after}{WORD_SPACE}jours de retard."
        )
        en += f" This customer's first delay: no formal notice before {after} days overdue."
    if lost_eur > 0:
        lost_fr, lost_en = money(lost_eur)
        fr += f" En plus, {lost_fr} réputés perdus : trop anciens ou passés en perte."
        en += f" Besides, {lost_en} count as lost: too old or written off."
    return unbroken(fr), en


def before_due_words(soonest: OpenInvoice, p_late30: float) -> Bilingual:
    """Return why a reminder before the due date is proposed.

    Parameters
    ----------
    soonest
        The invoice that falls due first.
    p_late30
        Probability of late payment of the invoices that fall due, weighted by their amounts.
    """
    fr = f"Échéance du {formats.day(soonest.due_on, 'fr')} : "
    en = f"Due on {formats.day(soonest.due_on, 'en')}: "
    fr += f"{formats.percent(p_late30, 'fr', 0)} de risque d'un retard de plus de {LATE_DAYS} jours, "
    en += f"{formats.percent(p_late30, 'en', 0)} risk of a delay of more than {LATE_DAYS} days, "
    return unbroken(f"{fr}un rappel avant l'échéance."), f"{en}a reminder before the due date."


def lost_words(oldest_days: int, written_off_on: dt.date | None, rules: DunningRules) -> Bilingual:
    """Return why a debt counts as lost, and what is left to do."""
    if written_off_on is None:
        (since_fr, since_en), (most_fr, most_en) = _days(oldest_days), _days(rules.lost_after_days)
        fr = f"Facture la plus ancienne échue depuis {since_fr}, plus de {most_fr} : réputée perdue."
        en = f"Oldest invoice overdue for {since_en}, more than {most_en}: it counts as lost."
    else:
        fr = f"Passée en perte le {formats.day(written_off_on, 'fr')}."
        en = f"Written off on {formats.day(written_off_on, 'en')}."
    fr += " Constater la perte et récupérer la TVA si elle est définitive."
    en += " Book the loss, and recover the VAT where it is final."
    return unbroken(fr), en


def proceeding_words(found: InsolvencyNotice, claim_eur: float, later_eur: float) -> Bilingual:
    """Return the action due in a proceeding and its amounts; `claim_eur` is 0 for an unread judgment."""
    fr, en = found.sentences
    (claim_fr, claim_en), (later_fr, later_en) = money(claim_eur), money(later_eur)
    if claim_eur > 0:
        fr += f" Créance d'avant l'ouverture : {claim_fr} TTC."
        en += f" Claim from before the opening: {claim_en} incl. VAT."
        if later_eur > 0:
            fr += f" Facturé depuis : {later_fr}, à payer à l'échéance (L622-17)."
            en += f" Invoiced since: {later_en}, to be paid when due (L622-17)."
    return unbroken(fr), en


def _payer(payer_grade: str, oldest_days: int, tone: Tone) -> Bilingual:
    """Return the payer grade where it explains the tone; past the reminders the debt speaks for itself."""
    if TONES.index(tone) >= FORMAL_AT:
        return "", ""
    payer = PAYERS[payer_grade]
    if payer.rank <= _GOOD_RANK and oldest_days > LATE_DAYS:
        return f", jusqu'ici {payer.label_fr}", f", a {payer.label_en} so far"
    return f", {payer.label_fr}", f", {payer.label_en}"


def _days(days: int) -> Bilingual:
    plural = "s" if days > 1 else ""
    return f"{in_french(f'{days:,d}')}{WORD_SPACE}jour{plural}", f"{days:,d} day{plural}"
