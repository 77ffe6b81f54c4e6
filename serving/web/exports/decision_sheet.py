"""One page for the credit file: a recorded decision on an order with its question, as a PDF.

Owns the content of the sheet and its order. What it shares with the sheet of an assessment is
`serving.web.exports.sheet`'s, how text is set on a page `serving.web.exports.paper`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.policy.means_of_payment import MEANS_LABELS
from serving.web.exports.paper import Paper
from serving.web.exports.sheet import write_origin, write_probabilities, write_working
from serving.web.view_models.customer import answer_view
from serving.web.view_models.verdict import order_verdict
from serving.web.view_models.working import limit_view

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from serving.web.words import Words


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A decision as the audit log has it.

    Parameters
    ----------
    who, at
        Who asked, and when, in UTC.
    answer
        The decision as plain JSON values, as `serving.usecases.decide` answered it.
    """

    who: str
    at: dt.datetime
    answer: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Whom the decision is about: a name, else a customer number or a SIREN."""
        party = self.answer["assessment"]["party"]
        return str(party["name"] or party["customer_id"] or party["siren"])


def decision_sheet(record: DecisionRecord, w: Words) -> bytes:
    """Return the sheet as a PDF of one A4 page, whatever its content."""
    paper = Paper(f"{w('decision_sheet.title')} – {record.name}", record.at, w.language)
    return paper.one_page(lambda pen: _write(pen, record, w))


def _write(pen: Paper, record: DecisionRecord, w: Words) -> None:
    answer, party = record.answer, record.answer["assessment"]["party"]
    pen.heading(record.name, w("decision_sheet.title"))
    known = [
        w("customer.number", number=party["customer_id"]) if party["customer_id"] else "",
        w("customer.siren", siren=w.siren(party["siren"])) if party["siren"] else "",
    ]
    pen.text(" · ".join(part for part in known if part), soft=True)
    _question(pen, record, w)
    _verdict(pen, answer, w)
    assessment = answer_view(answer["assessment"], w, answer["in_force"])
    terms = limit_view(answer["limit"], w, answer["in_force"]).terms
    write_working(pen, [term for term in terms if term.known], w)
    write_probabilities(pen, assessment, w)
    write_origin(pen, assessment, answer["answer_id"], record.who, record.at, w)


def _question(pen: Paper, record: DecisionRecord, w: Words) -> None:
    order = record.answer["order"]
    terms = w(f"verdict.terms_{order['invoice_basis']}", days=w.days(order["terms_days"]))
    already = order["commitments"]
    pen.title(w("decision_sheet.question"))
    pen.facts(
        (
            (w("decision_sheet.asked_by"), record.who),
            (w("decision_sheet.asked_at"), f"{w.moment(record.at)} UTC"),
            (w("decision_sheet.amount"), w.eur(order["amount_eur"], 2)),
            (w("decision_sheet.terms"), w("verdict.prepaid") if order["prepaid"] else terms),
            (w("terms.deposit"), w.eur(order["deposit_eur"], 2)),
            (w("terms.means"), w.either(*MEANS_LABELS[order["means_of_payment"]])),
            *(
                (w(f"simulator.{field}"), w.eur(already[name], 2))
                for field, name in (
                    ("delivered", "delivered_not_invoiced_eur"),
                    ("ordered", "ordered_not_delivered_eur"),
                    ("deposits", "deposits_eur"),
                )
                if already[name]
            ),
        )
    )


def _verdict(pen: Paper, answer: Mapping[str, Any], w: Words) -> None:
    view = order_verdict(answer, w)
    pen.title(w("verdict.title"))
    pen.strong(view.headline)
    for group in view.conditions:
        pen.text(f"{group.heading}{w('word.colon')}", apart=True)
        for condition in group.conditions:
            pen.text(f"– {condition}")
    pen.text(view.reason, apart=True)
    pen.text(f"{view.approval}. {w('verdict.valid_until', day=w.day(view.valid_until))}.")
    pen.facts(
        (
            (w("simulator.before"), w.eur(answer["exposure_before_eur"], 2)),
            (w("simulator.after_order"), w.eur(answer["exposure_after_eur"], 2)),
            (w("simulator.in_force"), w.eur(answer["limit_in_force_eur"])),
        )
    )
