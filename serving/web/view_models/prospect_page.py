"""What the page about a prospect shows: the form, what the registers say, and the answer once there is one.

Owns the way from what was sent to what is shown. Reading the form is `prospect`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from models.policy.decision.reasons import NATURAL_PERSON
from serving.registers.identifiers import company_in
from serving.schemas.decisions import DecisionIn
from serving.schemas.questions import AssessmentIn, ProspectIn
from serving.usecases.customer_file import available_document
from serving.usecases.prospect_enrichment import enrich, years_of
from serving.web.view_models import prospect_accounts
from serving.web.view_models.customer import answer_view
from serving.web.view_models.prospect import (
    ProspectForm,
    blank,
    form_values,
    is_number_alone,
    number_alone,
    question_of,
)
from serving.web.view_models.prospect_accounts import SHOWN, also_shown, shown_days
from serving.web.view_models.register_facts import facts_view, field_notes, year_notes
from serving.web.view_models.verdict import available_verdict, order_verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from serving.audit.answers import Answer
    from serving.callers import Caller
    from serving.registers.lookup import ProspectFacts
    from serving.usecases.assess import AssessProspect
    from serving.usecases.decide import Decide
    from serving.web.view_models.customer import AnswerView
    from serving.web.view_models.register_facts import FactsView
    from serving.web.view_models.verdict import VerdictView
    from serving.web.words import Words


_PERSON = (NATURAL_PERSON.label_fr, NATURAL_PERSON.label_en)


@dataclass(frozen=True, slots=True)
class ProspectPage:
    """What is shown.

    Parameters
    ----------
    alone
        Whether the number is the only field.
    name
        Whom the answer is about; None where there is none.
    needs_notice
        Whether the notice about natural persons is shown: not where the verdict says the same.
    """

    form: ProspectForm
    alone: bool = False
    facts: FactsView | None = None
    answer: AnswerView | None = None
    verdict: VerdictView | None = None
    name: str | None = None
    needs_notice: bool = False

    @property
    def status(self) -> int:
        """The HTTP status: 422 where a field is at fault."""
        return 422 if self.form.faults else 200


def first_page(*, alone: bool) -> ProspectPage:
    """Return the page before anything is sent: one field, or the whole form."""
    return ProspectPage(blank(), alone=alone)


def page_of(
    sent: Mapping[str, str],
    w: Words,
    assess: AssessProspect,
    decide: Decide,
    person: Caller,
    context: Mapping[str, Any] | None = None,
) -> ProspectPage:
    """Look up whose number was sent and answer about them, or report each fault next to its field.

    Where the number alone was sent and the register of companies does not know it or is away, nothing is
    known to answer from: then the form is shown to be filled in.

    Parameters
    ----------
    context
        The published run's, with what reasons compare a prospect with.
    """
    alone = is_number_alone(sent)
    if alone:
        sent, form = number_alone(sent, w)
        if form.faults:
            return ProspectPage(form, alone=True)
    siren = company_in(sent.get("siren", ""))
    found = None if siren is None else assess.look_up(siren)
    facts = None if found is None else facts_view(found, w)
    question, form = question_of(sent, w, found)
    if question is None or (alone and facts is not None and not facts.found):
        return ProspectPage(_with_sources(form, found, w), facts=facts)
    answered, assessment, verdict = _answered(question, found, assess, decide, person, w)
    prospect = answered.question.prospect
    form = form if prospect is None else _filled(form, prospect, found, facts, w)
    shown = (
        None if prospect is None else prospect.name or w("prospect.unnamed", siren=w.siren(prospect.siren))
    )
    answer, form = answer_view(assessment, w, context=context), _with_sources(form, found, w)
    said = verdict is not None and w.either(*_PERSON) in verdict.reason
    notice = answer.needs_human and not said
    return ProspectPage(form, facts=facts, answer=answer, verdict=verdict, name=shown, needs_notice=notice)


def _answered(
    question: AssessmentIn,
    found: ProspectFacts | None,
    assess: AssessProspect,
    decide: Decide,
    person: Caller,
    w: Words,
) -> tuple[Answer, Mapping[str, Any], VerdictView | None]:
    """Ask for the decision on the order, or for what is available; return the assessment that it rests on."""
    if isinstance(question, DecisionIn):
        answered = decide(question, person, found=found).answer
        document = answered.document()
        return answered, document["assessment"], order_verdict(document, w)
    answered = assess(question, person, found)
    document, policy = answered.document(), assess.services.assessors.get().policy
    available = available_document(document, document["in_force"], policy)
    verdict = None if available is None else available_verdict(available, document["grade"], w)
    return answered, document, verdict


def _filled(
    form: ProspectForm, prospect: ProspectIn, found: ProspectFacts | None, facts: FactsView | None, w: Words
) -> ProspectForm:
    """Put what the registers filled in where nothing was typed, and the years of accounts that count."""
    theirs = form_values(prospect, w)
    years = {name: theirs[name] for name in prospect_accounts.FIELDS}
    typed = {name: value or theirs.get(name, "") for name, value in form.typed.items()} | years
    is_known = facts is not None and facts.found
    shown = shown_days({SHOWN: form.years_shown})
    return replace(
        form,
        typed=typed,
        looked_up=prospect.siren or "" if is_known else "",
        years_shown="" if found is None else also_shown(shown, typed, years_of(found)),
    )


def _with_sources(form: ProspectForm, found: ProspectFacts | None, w: Words) -> ProspectForm:
    """Add to each field what the registers report of it."""
    if found is None:
        return form
    theirs = enrich(AssessmentIn(prospect=ProspectIn(siren=found.siren)), lambda _: found).question.prospect
    if theirs is None:
        return form
    values = {name: value for name, value in form_values(theirs, w).items() if name in found.facts}
    notes = field_notes(found, form.typed, values, w)
    return replace(form, notes=notes | year_notes(found, form.typed, years_of(found), w))
