"""Console output of `encours decide`: outcome, reasons, conditions, limit calculation, counterfactuals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.policy.decision.wording import money
from models.wording.numerals import SPACE
from pipelines.cli.console import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.assessment.assessment import Assessment
    from models.assessment.counterfactuals import Counterfactual
    from models.policy.decision.condition import Condition
    from models.policy.decision.decision import Decision

_WORDS = {
    "fr": {
        "outcome": "Réponse",
        "order": "Commande",
        "deposit": "dont acompte",
        "exposure": "Encours",
        "limit": "Plafond",
        "override": f"fixé par un analyste{SPACE}; celui du calcul{SPACE}:",
        "left": "disponible",
        "alone": "Une condition suffit",
        "always": "Conditions",
        "one_of": "et l'une de celles-ci",
        "instead": "ou, à la place",
        "helps": "Ce qui changerait la réponse",
        "recommended": "recommandé",
        "approval": "À valider par",
        "no_approval": "Aucune validation n'est nécessaire.",
        "until": "Valable jusqu'au",
        "policy": "politique",
    },
    "en": {
        "outcome": "Answer",
        "order": "Order",
        "deposit": "of which deposit",
        "exposure": "Exposure",
        "limit": "Limit",
        "override": "set by an analyst; the calculation's own:",
        "left": "available",
        "alone": "One condition is enough",
        "always": "Conditions",
        "one_of": "and one of these",
        "instead": "or, instead",
        "helps": "What would change the answer",
        "recommended": "recommended",
        "approval": "To be approved by",
        "no_approval": "No approval is needed.",
        "until": "Valid until",
        "policy": "policy",
    },
}


def decided(answer: Assessment, decision: Decision, helps: Sequence[Counterfactual], lang: str) -> None:
    """Print a decision with its limit calculation in one language."""
    words, place = _WORDS[lang], 0 if lang == "fr" else 1
    party = answer.party
    console.say(f"{party.name or party.customer_id or ''} {party.siren or ''}".strip())
    console.say(
        console.labelled(words["outcome"], decision.label_fr if lang == "fr" else decision.label_en, lang)
    )
    for reason in decision.reasons:
        console.say(f"  {reason.label_fr if lang == 'fr' else reason.label_en}")
    _conditions(decision.conditions, lang)
    order = decision.order
    part = f" ({words['deposit']} {money(order.deposit_eur)[place]})" if order.deposit_eur else ""
    console.say("\n" + console.labelled(words["order"], f"{money(order.amount_eur)[place]}{part}", lang))
    before, after = money(decision.exposure_before_eur)[place], money(decision.exposure_after_eur)[place]
    console.say(console.labelled(words["exposure"], f"{before} → {after}", lang))
    own, in_force = money(decision.limit.limit_eur)[place], money(decision.limit_in_force_eur)[place]
    aside = "" if decision.limit.limit_eur == decision.limit_in_force_eur else f" ({words['override']} {own})"
    if decision.recommended_limit_eur != decision.limit.limit_eur:
        recommended = money(decision.recommended_limit_eur)[place]
        aside += f" ({console.labelled(words['recommended'], recommended, lang)})"
    left = f"{words['left']} {money(decision.available_eur)[place]}"
    console.say(console.labelled(words["limit"], f"{in_force}{aside}, {left}", lang))
    console.show(console.working(decision.limit, lang))
    if helps:
        console.say("\n" + console.labelled(words["helps"], "", lang).rstrip())
        for one in helps:
            console.say(f"  {one.sentence_fr if lang == 'fr' else one.sentence_en}")
    console.say("\n" + _approval(decision, lang))
    day = decision.valid_until
    until = f"{day:%d/%m/%Y}" if lang == "fr" else day.isoformat()
    console.say(
        f"{words['until']} {until} · {words['policy']} {decision.policy_version} {decision.policy_hash}"
    )


def _approval(decision: Decision, lang: str) -> str:
    if decision.approval is None:
        return _WORDS[lang]["no_approval"]
    approver = decision.approval.label_fr if lang == "fr" else decision.approval.label_en
    return console.labelled(_WORDS[lang]["approval"], approver, lang)


def _conditions(made: Sequence[Condition], lang: str) -> None:
    together = any(one.cumulative for one in made)
    for role in ("always", "one_of", "alone"):
        those = [one for one in made if one.role == role]
        if those:
            title = _WORDS[lang]["instead" if together and role == "alone" else role]
            console.say(console.labelled(title, "", lang).rstrip())
        for one in those:
            console.say(f"  • {one.label_fr if lang == 'fr' else one.label_en}")
