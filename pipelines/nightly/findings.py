"""Portfolio results of a nightly run: figures, alerts and worklist.

Owns what each part adds to them, and their sum. A part's findings are stored with its rows, so that an
interrupted run that resumes gives the same results. `models.portfolio` computes the figures, and
`pipelines.nightly.alerts` the changes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, fields, replace
from functools import reduce
from itertools import groupby
from typing import TYPE_CHECKING, Any

from models.assessment.related_exposure import division_of
from models.law.insolvency_words import notice_of
from models.policy.credit_case import case_of
from models.policy.grades import PAYER_GRADES
from models.portfolio.aging import AgedBalance, OpenItem, aged_balance, summed
from models.portfolio.concentration import ExposureSums, concentration, summed_by
from models.portfolio.debtors import Debtor, OpenInvoice
from models.portfolio.dso import dso
from models.portfolio.entity_exposures import NumberExposure, by_entity
from models.portfolio.expected_loss import Exposure, expected_loss_eur, own_risk_eur
from models.portfolio.migration import ClassLine, Graded, added_mixes, class_mix, migration_of, mix_document
from models.portfolio.worklist import WorklistLine, rank_of, worklist
from pipelines.nightly.alerts import alerts_of, ranked
from pipelines.nightly.change_evidence import with_evidence
from serving.store import AlertRow, WorklistRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from models.assessment.assessor import Assessor
    from models.policy.credit_case import CreditCase
    from models.policy.document import Policy
    from models.portfolio.dso import MonthSales
    from serving.store import CustomerRow, InvoiceRow, Run, Store

TOP_EXPOSURES = 20


@dataclass(frozen=True, slots=True)
class Findings:
    """Results of a part of the portfolio, or of all of it; amounts in euros unless named otherwise.

    Parameters
    ----------
    mix
        Customers, exposure and expected loss by grade.
    payers
        Customers by payer grade.
    customers, entities
        Sums over the exposures of customers and of legal entities.
    largest, largest_entities
        Lines of the largest exposures, by customer number.
    sectors, groups
        Exposure by sector and by group.
    shared
        Legal entities with several customer numbers.
    """

    open_invoices: int
    aged: AgedBalance
    own_risk_eur: float
    mix: tuple[ClassLine, ...]
    payers: Mapping[str, int]
    customers: ExposureSums
    entities: ExposureSums
    customer_count: int
    entity_count: int
    largest: Mapping[str, Mapping[str, Any]]
    largest_entities: Mapping[str, Mapping[str, Any]]
    sectors: Mapping[str, float]
    groups: Mapping[str, float]
    shared: Mapping[str, Any]
    worklist: Sequence[WorklistRow]
    alerts: Sequence[AlertRow]

    def document(self) -> dict[str, Any]:
        """Return the findings as plain JSON values."""
        return {
            **_shallow(self),
            "aged": _shallow(self.aged),
            "mix": mix_document(self.mix),
            **{name: _shallow(getattr(self, name)) for name in ("customers", "entities")},
            **{name: [_shallow(row) for row in getattr(self, name)] for name in ("worklist", "alerts")},
        }

    @classmethod
    def summed(cls, parts: Sequence[Findings]) -> Findings:
        """Add up the findings of disjoint parts, in their order; lists are not ranked."""
        sums = {
            name: reduce(lambda one, other: one.plus(other, TOP_EXPOSURES), (getattr(p, name) for p in parts))
            for name in ("customers", "entities")
        }
        everybody = {who: line for part in parts for who, line in part.largest.items()}
        entities = {who: line for part in parts for who, line in part.largest_entities.items()}
        return cls(
            open_invoices=sum(part.open_invoices for part in parts),
            aged=summed([part.aged for part in parts]),
            own_risk_eur=sum(part.own_risk_eur for part in parts),
            mix=added_mixes(part.mix for part in parts),
            payers=dict(sum((Counter(part.payers) for part in parts), Counter[str]())),
            **sums,
            customer_count=sum(part.customer_count for part in parts),
            entity_count=sum(part.entity_count for part in parts),
            largest={who: everybody[who] for who, _ in sums["customers"].largest},
            largest_entities={who: entities[who] for who, _ in sums["entities"].largest},
            sectors=summed_by(pair for part in parts for pair in part.sectors.items()),
            groups=summed_by(pair for part in parts for pair in part.groups.items()),
            shared=_shared(parts),
            worklist=[row for part in parts for row in part.worklist],
            alerts=[row for part in parts for row in part.alerts],
        )

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Findings:
        """Build findings from their JSON values."""
        aged = AgedBalance(**{**document["aged"], "cents": tuple(document["aged"]["cents"])})
        return cls(
            **{
                **document,
                "aged": aged,
                "mix": tuple(ClassLine(**line) for line in document["mix"]),
                "customers": ExposureSums.from_document(document["customers"]),
                "entities": ExposureSums.from_document(document["entities"]),
                "worklist": [WorklistRow(**row) for row in document["worklist"]],
                "alerts": [AlertRow(**{**row, "kinds": tuple(row["kinds"])}) for row in document["alerts"]],
            }
        )


def findings_of(
    customers: Sequence[CustomerRow],
    invoices: Iterable[InvoiceRow],
    assessor: Assessor,
    as_of: dt.date,
    shared: Mapping[str, Any],
    before: tuple[Run, Sequence[CustomerRow]] | None,
) -> Findings:
    """Compute the findings of one part.

    Parameters
    ----------
    invoices
        Its open invoices, by customer.
    shared
        Its legal entities with several customer numbers.
    before
        The run before with the same customers' rows, None without one.
    """
    policy = assessor.policy
    by_customer = {who: tuple(rows) for who, rows in groupby(invoices, key=lambda row: row.customer_id)}
    found = [_finding(row, by_customer.get(row.customer_id, ()), as_of, policy) for row in customers]
    numbers = {one.number.customer_id: one for one in found}
    entities = by_entity([one.number for one in found], shared.get("entity_of", {}))
    owed = ExposureSums.of({who: one.number.open_eur for who, one in numbers.items()}, TOP_EXPOSURES)
    owed_by = ExposureSums.of({who: one.open_eur for who, one in entities.items()}, TOP_EXPOSURES)
    groups = [(one.group_id, one.number.open_eur) for one in found if one.group_id is not None]
    return Findings(
        open_invoices=sum(one.open_invoices for one in found),
        aged=summed([one.aged for one in found]),
        own_risk_eur=sum(one.own_risk_eur for one in found),
        mix=class_mix(
            Graded(one.number.grade, one.number.open_eur, one.number.expected_loss_eur) for one in found
        ),
        payers=dict(Counter(one.debtor.payer_grade for one in found)),
        customers=owed,
        entities=owed_by,
        customer_count=len(found),
        entity_count=len(entities),
        largest={who: numbers[who].line for who, _ in owed.largest},
        largest_entities={who: entities[who].document() for who, _ in owed_by.largest},
        sectors=summed_by((one.division, one.number.open_eur) for one in found),
        groups=summed_by(groups),
        shared=shared,
        worklist=worklist_rows(worklist((one.debtor for one in found), as_of, policy.dunning)),
        alerts=[] if before is None else alerts_of(before[1], customers, before[0], assessor),
    )


def _shallow(row: object) -> dict[str, Any]:
    """Return a dataclass's fields by name, without copying their values."""
    return {field.name: getattr(row, field.name) for field in fields(row)}  # type: ignore[arg-type]  # a dataclass


def _shared(parts: Sequence[Findings]) -> dict[str, Any]:
    """Return the legal entities with several customer numbers of all parts; empty where there is none."""
    found = defaultdict[str, dict[str, Any]](dict)
    for part in parts:
        for name, members in part.shared.items():
            found[name] |= members
    return {name: dict(sorted(members.items())) for name, members in found.items()}


def publish_findings(
    store: Store,
    run: Run,
    before: Run | None,
    findings: Findings,
    portfolio: Mapping[str, Any],
) -> None:
    """Write portfolio, alerts and worklist of a run whose partitions are all written.

    Parameters
    ----------
    before
        The run compared with, None without one.
    portfolio
        The portfolio's own figures, of `portfolio_document` and beside it.

    Raises
    ------
    StoreError
        The run is complete, or the store is unavailable.
    """
    chase = _ranked(findings.worklist)
    moved = None if before is None else migration_of(store.grade_pairs(before.run_id, run.run_id))
    alerts = [] if before is None else with_evidence(ranked(findings.alerts), store, before, run)
    document = {
        **portfolio,
        "as_of": run.key.as_of.isoformat(),
        "previous_as_of": None if before is None else before.key.as_of.isoformat(),
        "migration": None if moved is None else moved.document(),
        "quarter": _quarter(store, run),
        "to_chase": _chase_document(chase),
        "alerts": _alerts_document(alerts),
    }
    store.write_findings(run.run_id, document, alerts, chase)


def _quarter(store: Store, run: Run) -> dict[str, Any] | None:
    """Return the grade migration since the quarter's start, None where no run is there to compare with."""
    base = store.quarter_base(run.key.as_of)
    if base is None:
        return None
    moved = migration_of(store.grade_pairs(base.run_id, run.run_id))
    return {"since": base.key.as_of.isoformat(), **moved.document()}


def portfolio_document(findings: Findings, sales: Sequence[MonthSales], lgd_share: float) -> dict[str, Any]:
    """Return the portfolio's figures as plain JSON values."""
    aged = findings.aged
    not_due_cents = aged.exposure_cents - aged.overdue_net_cents
    spread, by_entities = (
        sums.concentration(TOP_EXPOSURES) for sums in (findings.customers, findings.entities)
    )
    return {
        "customers": findings.customer_count,
        "entities": findings.entity_count,
        "open_invoices": findings.open_invoices,
        "aged_balance": aged.document(),
        "dso": dso(aged.exposure_cents / 100, not_due_cents / 100, sales).document(),
        "class_mix": mix_document(findings.mix),
        "payer_mix": {name: findings.payers.get(name, 0) for name in PAYER_GRADES},
        "expected_loss": {
            "expected_loss_eur": sum(line.expected_loss_eur for line in findings.mix),
            "own_risk_eur": findings.own_risk_eur,
            "open_eur": spread.total_eur,
            "lgd_share": lgd_share,
        },
        "top_exposures": [{**findings.largest[one.name], "share": one.share} for one in spread.top],
        "top_entities": [
            {**findings.largest_entities[one.name], "share": one.share} for one in by_entities.top
        ],
        "concentration": {
            "customers": findings.customers.concentration().document(),
            "entities": findings.entities.concentration().document(),
            "sectors": concentration(findings.sectors).document(),
            "groups": concentration(findings.groups).document(),
        },
    }


def worklist_rows(lines: Sequence[WorklistLine]) -> list[WorklistRow]:
    """Convert worklist lines to rows of the store, ranked from 1."""
    return [
        WorklistRow(
            place, line.customer_id, line.name, line.tone, line.at_risk_eur, line.overdue_eur, line.document()
        )
        for place, line in enumerate(lines, start=1)
    ]


def _ranked(rows: Sequence[WorklistRow]) -> list[WorklistRow]:
    """Rank the worklist rows of several parts as `models.portfolio.worklist` ranks one's."""
    return [replace(row, place=place) for place, row in enumerate(sorted(rows, key=rank_of), start=1)]


@dataclass(frozen=True, slots=True)
class _Finding:
    """One customer's part of the findings."""

    number: NumberExposure
    line: Mapping[str, Any]
    own_risk_eur: float
    open_invoices: int
    aged: AgedBalance
    division: str | None
    group_id: str | None
    debtor: Debtor


def _finding(row: CustomerRow, invoices: tuple[InvoiceRow, ...], as_of: dt.date, policy: Policy) -> _Finding:
    case = case_of(row.assessment)
    exposure = Exposure.of(case, row.open_eur)
    loss = expected_loss_eur(exposure, policy.expected_loss.lgd_share)
    items = [OpenItem(row.customer_id, i.due_on, round(i.open_eur * 100), bool(i.disputed)) for i in invoices]
    on_account = round(row.open_eur * 100) - sum(item.open_cents for item in items)
    pd_12m = None if row.proceeding else row.pd_12m
    line = {
        "customer_id": row.customer_id,
        "name": row.name,
        "grade": row.grade,
        "open_eur": row.open_eur,
        "overdue_eur": row.overdue_eur,
        "on_account_eur": on_account / 100,
        "limit_eur": row.limit_eur,
        "pd_12m": pd_12m,
        "proceeding": row.proceeding,
        "expected_loss_eur": loss,
    }
    number = (row.customer_id, row.name, row.siren, row.grade, row.open_eur, row.overdue_eur)
    entity_pd_12m = None if row.proceeding else case.pd_12m
    group_id = row.party.get("group_id")
    return _Finding(
        NumberExposure(*number, entity_pd_12m, loss, on_account / 100),
        line,
        own_risk_eur(exposure),
        len(items),
        aged_balance(items, as_of, on_account),
        division_of(case.naf),
        None if group_id is None else str(group_id),
        _debtor(row, invoices, case, on_account / 100, policy),
    )


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
        max((one.known_on for one in row.dossier.signals if one.kind == "write_off"), default=None),
        row.dossier.contact,
    )


def _chase_document(rows: Sequence[WorklistRow]) -> dict[str, Any]:
    return {
        "customers": len(rows),
        "at_risk_eur": round(sum(row.at_risk_eur for row in rows), 2),
        "saveable_eur": round(sum(row.saveable_eur for row in rows), 2),
        "overdue_eur": round(sum(row.overdue_eur for row in rows), 2),
        "by_tone": dict(Counter(row.tone for row in rows)),
    }


def _alerts_document(alerts: Sequence[AlertRow]) -> dict[str, Any]:
    return {
        "customers": len(alerts),
        "by_severity": dict(Counter(alert.severity for alert in alerts)),
        "by_cause": dict(Counter(alert.cause for alert in alerts)),
    }
