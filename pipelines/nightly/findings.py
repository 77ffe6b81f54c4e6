"""Portfolio results of a nightly run: figures, alerts and worklist.

Owns their assembly from the rows that the run has written, partition by partition, so that an interrupted run
that resumes gives the same result. `models.portfolio` computes the figures, and `pipelines.nightly.alerts`
the changes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from models.assessment.related_exposure import division_of
from models.law.insolvency_words import notice_of
from models.policy.credit_case import case_of
from models.policy.grades import PAYER_GRADES
from models.portfolio.aging import AgedBalance, OpenItem, aged_balance, summed
from models.portfolio.concentration import concentration, summed_by
from models.portfolio.dso import MonthSales, dso, months_back
from models.portfolio.entity_exposures import NumberExposure, by_entity
from models.portfolio.expected_loss import Exposure, expected_loss_eur, own_risk_eur
from models.portfolio.migration import Graded, class_mix, migration, mix_document
from models.portfolio.worklist import Debtor, OpenInvoice, WorklistLine, worklist
from pipelines.nightly.alerts import alerts_of, ranked
from serving.store import AlertRow, WorklistRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from models.assessment.assessor import Assessor
    from models.features.book import Book
    from models.policy.credit_case import CreditCase
    from models.policy.document import Policy
    from serving.store import CustomerRow, InvoiceRow, Run, Store

SALES_MONTHS = 12
TOP_EXPOSURES = 20


@dataclass(slots=True)
class NightFindings:
    """Results accumulated over partitions; amounts in euros, by customer id."""

    grades: dict[str, str] = field(default_factory=dict)
    graded: list[Graded] = field(default_factory=list)
    lines: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: list[NumberExposure] = field(default_factory=list)
    sectors: list[tuple[str | None, float]] = field(default_factory=list)
    groups: list[tuple[str, float]] = field(default_factory=list)
    own_risk_eur: float = 0.0
    open_invoices: int = 0
    aged: AgedBalance = field(default_factory=lambda: summed([]))
    payers: Counter[str] = field(default_factory=Counter)
    debtors: list[Debtor] = field(default_factory=list)
    alerts: list[AlertRow] = field(default_factory=list)


def publish_findings(
    store: Store,
    run: Run,
    assessor: Assessor,
    sales: Sequence[MonthSales],
    entity_of: Mapping[str, str],
) -> None:
    """Write portfolio, alerts and worklist of a run whose partitions are all written.

    Parameters
    ----------
    sales
        Amounts invoiced by month, latest first.
    entity_of
        The key of the legal entity by customer number, for numbers that share one.

    Raises
    ------
    StoreError
        The run is complete, or the store is unavailable.
    """
    before, findings = store.run_before(run.key.as_of), NightFindings()
    for partition in store.partitions(run.run_id):
        customers = store.scored(run.run_id, partition)
        invoices = store.invoices_in(run.run_id, partition)
        _add(findings, customers, invoices, run.key.as_of, assessor.policy)
        if before is not None:
            then = store.scored_of(before.run_id, [row.customer_id for row in customers])
            findings.alerts.extend(alerts_of(then, customers, before, assessor))
    earlier = None if before is None else {s.customer_id: s.grade for s in store.summaries(before.run_id)}
    chase = worklist(findings.debtors, run.key.as_of, assessor.policy.dunning)
    document = {
        **portfolio_document(findings, sales, assessor.policy.expected_loss.lgd_share, entity_of),
        "as_of": run.key.as_of.isoformat(),
        "previous_as_of": None if before is None else before.key.as_of.isoformat(),
        "migration": None if earlier is None else migration(earlier, findings.grades).document(),
        "to_chase": _chase_document(chase),
        "alerts": _alerts_document(findings.alerts),
    }
    store.write_findings(run.run_id, document, ranked(findings.alerts), worklist_rows(chase))


def portfolio_document(
    findings: NightFindings,
    sales: Sequence[MonthSales],
    lgd_share: float,
    entity_of: Mapping[str, str],
) -> dict[str, Any]:
    """Return the portfolio's figures as plain JSON values."""
    aged = findings.aged
    not_due_cents = aged.exposure_cents - aged.overdue_net_cents
    owed = {customer_id: line["open_eur"] for customer_id, line in findings.lines.items()}
    spread = concentration(owed, TOP_EXPOSURES)
    top = [{**findings.lines[part.name], "share": part.share} for part in spread.top]
    entities = by_entity(findings.numbers, entity_of)
    by_entities = concentration({who: one.open_eur for who, one in entities.items()}, TOP_EXPOSURES)
    return {
        "customers": len(findings.lines),
        "entities": len(entities),
        "open_invoices": findings.open_invoices,
        "aged_balance": aged.document(),
        "dso": dso(aged.exposure_cents / 100, not_due_cents / 100, sales).document(),
        "class_mix": mix_document(class_mix(findings.graded)),
        "payer_mix": {name: findings.payers[name] for name in PAYER_GRADES},
        "expected_loss": {
            "expected_loss_eur": sum(one.expected_loss_eur for one in findings.graded),
            "own_risk_eur": findings.own_risk_eur,
            "open_eur": spread.total_eur,
            "lgd_share": lgd_share,
        },
        "top_exposures": top,
        "top_entities": [{**entities[part.name].document(), "share": part.share} for part in by_entities.top],
        "concentration": {
            "customers": concentration(owed).document(),
            "entities": concentration({who: one.open_eur for who, one in entities.items()}).document(),
            "sectors": concentration(summed_by(findings.sectors)).document(),
            "groups": concentration(summed_by(findings.groups)).document(),
        },
    }


def sales_by_month(book: Book, as_of: dt.date, day: int) -> list[MonthSales]:
    """Return the amounts invoiced by month, less credit notes, latest first.

    Parameters
    ----------
    book
        Restricted to the end of `as_of`.
    day
        The day number of `as_of`.
    """
    found, last = [], day
    for first_day, days in months_back(as_of, SALES_MONTHS):
        inside = (book.owner >= 0) & (book.issued <= last) & (book.issued > last - days)
        found.append(MonthSales(first_day, days, float(np.sum(book.amount[inside]) / 100)))
        last -= days
    return found


def worklist_rows(lines: Sequence[WorklistLine]) -> list[WorklistRow]:
    """Convert worklist lines to rows of the store, ranked from 1."""
    return [
        WorklistRow(
            place, line.customer_id, line.name, line.tone, line.at_risk_eur, line.overdue_eur, line.document()
        )
        for place, line in enumerate(lines, start=1)
    ]


def _add(
    findings: NightFindings,
    customers: Iterable[CustomerRow],
    invoices: Iterable[InvoiceRow],
    as_of: dt.date,
    policy: Policy,
) -> None:
    """Add one partition."""
    by_customer = {who: tuple(rows) for who, rows in groupby(invoices, key=lambda row: row.customer_id)}
    for row in customers:
        _add_customer(findings, row, by_customer.get(row.customer_id, ()), as_of, policy)


def _add_customer(
    findings: NightFindings,
    row: CustomerRow,
    invoices: tuple[InvoiceRow, ...],
    as_of: dt.date,
    policy: Policy,
) -> None:
    case, payer = case_of(row.assessment), str(row.assessment["payer_grade"])
    exposure = Exposure(
        row.open_eur, case.pd_12m, case.is_defaulted, case.insured_limit_eur, case.covered_share
    )
    loss = expected_loss_eur(exposure, policy.expected_loss.lgd_share)
    items = [OpenItem(row.customer_id, i.due_on, round(i.open_eur * 100), bool(i.disputed)) for i in invoices]
    on_account = round(row.open_eur * 100) - sum(item.open_cents for item in items)
    aged = aged_balance(items, as_of, on_account)
    findings.grades[row.customer_id] = row.grade
    findings.graded.append(Graded(row.grade, row.open_eur, loss))
    findings.own_risk_eur += own_risk_eur(exposure)
    findings.lines[row.customer_id] = {
        "customer_id": row.customer_id,
        "name": row.name,
        "grade": row.grade,
        "open_eur": row.open_eur,
        "overdue_eur": row.overdue_eur,
        "on_account_eur": on_account / 100,
        "limit_eur": row.limit_eur,
        "pd_12m": None if row.proceeding else row.pd_12m,
        "proceeding": row.proceeding,
        "expected_loss_eur": loss,
    }
    number = (row.customer_id, row.name, row.siren, row.grade, row.open_eur, row.overdue_eur)
    pd_12m = None if row.proceeding else case.pd_12m
    findings.numbers.append(NumberExposure(*number, pd_12m, loss, on_account / 100))
    findings.sectors.append((division_of(case.naf), row.open_eur))
    group_id = row.party.get("group_id")
    if group_id is not None:
        findings.groups.append((str(group_id), row.open_eur))
    findings.open_invoices += len(items)
    findings.aged = summed([findings.aged, aged])
    findings.payers[payer] += 1
    findings.debtors.append(_debtor(row, invoices, case, on_account / 100, policy))


def _debtor(
    row: CustomerRow,
    invoices: tuple[InvoiceRow, ...],
    case: CreditCase,
    on_account_eur: float,
    policy: Policy,
) -> Debtor:
    owed = tuple(
        OpenInvoice(
            i.invoice_id,
            i.due_on,
            i.open_eur,
            i.p_late30,
            i.days_overdue or 0,
            disputed=bool(i.disputed),
            issued_on=i.issued_on,
        )
        for i in invoices
    )
    found, months = case.insolvency, policy.proceedings.declare_within_months
    return Debtor(
        row.customer_id,
        row.name,
        str(row.assessment["payer_grade"]),
        case.n_paid_late0 > 0,
        owed,
        min(on_account_eur, 0.0),
        None if found is None else notice_of(found, case.as_of, months),
    )


def _chase_document(lines: Sequence[WorklistLine]) -> dict[str, Any]:
    tones = Counter(line.tone for line in lines)
    return {
        "customers": len(lines),
        "at_risk_eur": round(sum(line.at_risk_eur for line in lines), 2),
        "overdue_eur": round(sum(line.overdue_eur for line in lines), 2),
        "by_tone": dict(tones),
    }


def _alerts_document(alerts: Sequence[AlertRow]) -> dict[str, Any]:
    return {
        "customers": len(alerts),
        "by_severity": dict(Counter(alert.severity for alert in alerts)),
        "by_cause": dict(Counter(alert.cause for alert in alerts)),
    }
