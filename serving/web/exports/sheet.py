"""One page for the credit file: an assessment with its reasons and the working of its limit, as a PDF.

Owns the content of the sheet and its order. How text is set on a page, and that it stays one, is
`serving.web.exports.paper`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.web.exports.paper import Paper

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from serving.web.view_models.customer import AnswerView
    from serving.web.view_models.working import TermView
    from serving.web.words import Words

MOST_REASONS = 4


@dataclass(frozen=True, slots=True)
class SheetHead:
    """Whom the sheet is about, and who took it.

    Parameters
    ----------
    customer_id, siren
        None where unknown.
    on_account_eur
        Paid or credited and taken by no invoice, less than 0.
    answer_id
        The answer's id in the audit log.
    at
        When it was taken, in UTC.
    """

    name: str
    customer_id: str | None
    siren: str | None
    open_eur: float
    overdue_eur: float
    on_account_eur: float
    answer_id: str
    who: str
    at: dt.datetime


def sheet(head: SheetHead, answer: AnswerView, w: Words) -> bytes:
    """Return the sheet as a PDF of one A4 page, whatever its content."""
    paper = Paper(f"{w('sheet.title')} – {head.name}", head.at, w.language)
    return paper.one_page(lambda pen: _write(pen, head, answer, w))


def _write(pen: Paper, head: SheetHead, answer: AnswerView, w: Words) -> None:
    pen.heading(head.name, w("sheet.title"))
    known = [
        w("customer.number", number=head.customer_id) if head.customer_id else "",
        w("customer.siren", siren=w.siren(head.siren)) if head.siren else "",
        w("word.as_of", day=w.day(answer.as_of)),
    ]
    pen.text(" · ".join(part for part in known if part), soft=True)
    _insolvency(pen, answer, w)
    if answer.needs_human:
        pen.text(w("human.notice"))
    _key_figures(pen, head, answer, w)
    write_probabilities(pen, answer, w)
    write_working(pen, answer.limit.terms, w)
    write_origin(pen, answer, head.answer_id, head.who, head.at, w)


def _insolvency(pen: Paper, answer: AnswerView, w: Words) -> None:
    """Set what the courts judged before anything else."""
    found = answer.insolvency
    if found is None:
        return
    pen.title(found.heading)
    pen.facts(found.facts)
    for sentence in found.sentences:
        pen.text(sentence, apart=True)
    if found.is_open:
        pen.text(f"{w('probability.default')}{w('word.colon')}{w('probability.happened')}", apart=True)


def _key_figures(pen: Paper, head: SheetHead, answer: AnswerView, w: Words) -> None:
    set_by = answer.limit.set_by
    until = answer.limit.valid_until if set_by is None else set_by.until
    index = answer.index_gauge.rows[0][0]
    pen.facts(
        (
            (w("grade.title"), f"{answer.grade}{w('word.colon')}{w('grade.' + answer.grade)}"),
            (w("gauge.index_title"), f"{index} ({answer.payer})"),
            (w("limit.title"), _limit_figure(head, answer, w)),
            (w("sheet.valid_until"), w.day(until)),
            (w("exposure.title"), w.eur(head.open_eur)),
            (w("exposure.overdue"), _overdue_figure(head, w)),
            (w("terms.days"), w.days(answer.terms.days)),
            (w("terms.deposit"), w.share(answer.terms.deposit_share, 0)),
            (w("terms.means"), answer.terms.means),
        )
    )  # fmt: skip
    for key, who, own in (
        ("override.limit", set_by, w.eur(answer.limit.own_eur)),
        ("override.grade", answer.grade_set_by, answer.document["grade"]),
    ):
        if who is not None:
            limit = w(key, own=own, who=who.who, until=w.day(who.until))
            pen.text(f"{limit} {w('override.reason', reason=who.reason)}", apart=True)
    if answer.limit.stopped:
        pen.text(w("override.stopped"), apart=True)


def _overdue_figure(head: SheetHead, w: Words) -> str:
    """Write what is overdue, and what is on account next to it."""
    overdue = w.eur(head.overdue_eur)
    if head.on_account_eur >= 0:
        return overdue
    return f"{overdue} ({w('exposure.on_account', eur=w.eur(head.on_account_eur))})"


def _limit_figure(head: SheetHead, answer: AnswerView, w: Words) -> str:
    """Write the limit in force, that it is none, and by how much it is exceeded."""
    limit_eur = answer.limit.in_force_eur
    over_eur = max(round(head.open_eur - limit_eur, 2), 0.0)
    notes = [
        *([w("limit.prepayment")] if limit_eur <= 0 else []),
        *([w("use.over_by", over=w.eur(over_eur))] if over_eur else []),
    ]
    return f"{w.eur(limit_eur)} ({', '.join(notes)})" if notes else w.eur(limit_eur)


def write_probabilities(pen: Paper, answer: AnswerView, w: Words) -> None:
    """Set both probabilities with their main reasons."""
    for one in (answer.default, answer.late):
        if one is None:
            continue
        pen.title(f"{one.title}{w('word.colon')}{w.share(one.value)}")
        interval = w("probability.interval", low=w.share(one.low), high=w.share(one.high))
        pen.text(f"{interval} {one.sure}. {one.basis}".rstrip())
        for row in one.reasons.rows[:MOST_REASONS] if one.reasons else ():
            pen.text(f"{'▲' if row.raises else '▼'} {row.figure} · {row.text}")


def write_working(pen: Paper, terms: Sequence[TermView], w: Words) -> None:
    """Set the calculation of a limit, term by term."""
    pen.title(w("working.title"))
    for term in terms:
        inputs = " · ".join(f"{label}{w('word.colon')}{figure}" for label, figure in term.inputs)
        label = f"{term.label} [{w('working.binds')}]" if term.binds else term.label
        pen.row(label, inputs, term.figure, strong=term.binds)
    pen.text(w("working.rule"), soft=True, apart=True)


def write_origin(pen: Paper, answer: AnswerView, answer_id: str, who: str, at: dt.datetime, w: Words) -> None:
    """Set which models and policy answered, under which id, to whom and when."""
    document = answer.document
    pen.title(w("origin.title"))
    facts = (
        (w("origin.late_model"), document["p_late30"]["model_version"]),
        (w("origin.default_model"), answer.default_model),
        (w("origin.policy"), f"{document['policy_version']} ({document['policy_hash']})"),
        (w("origin.features"), document["features_hash"]),
    )
    pen.facts(facts)
    pen.text(f"{w('sheet.answer')} {answer_id} · {w('sheet.taken')} {who}, {w.moment(at)} UTC")
