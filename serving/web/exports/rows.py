"""Which columns each table has, and their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.portfolio.worklist import STAGE_OF
from serving.store import Oversight
from serving.usecases.limit_usage import usage_of_alert, usage_of_exposure, usage_of_line
from serving.web.view_models.cash import group_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from models.policy.overrides import InForce
    from models.portfolio.risk_report import LossContribution
    from serving.store import AlertFollowUp, AlertRow, CustomerSummary, InvoiceRow, WorklistEntry
    from serving.usecases.limit_usage import LimitUsage
    from serving.web.exports.tables import CellValue
    from serving.web.words import Words

IN_FORCE = ("limit_in_force_eur", "limit_from", "use_share", "over_limit_eur")
OWN = (
    "customer_id",
    "name",
    "siren",
    "grade",
    "limit_eur",
    "open_eur",
    "overdue_eur",
    "on_account_eur",
    "pd_12m",
    "p_late30",
)
CUSTOMERS = (
    *OWN,
    *("grade_in_force", *IN_FORCE, "proceeding"),
    *("sector", "expected_loss_eur", "review_on", "assignee", "reviewed_on", "reviewed_by"),
)
"""The model's own figures, then what is in force."""
INVOICES = (
    "invoice_id", "issued_on", "due_on", "amount_eur", "open_eur", "days_overdue", "disputed", "p_late30",
    "days_late_p10", "days_late_p50", "days_late_p90",
)  # fmt: skip
WORKLIST = (
    "place", "customer_id", "name", "stage", "tone", "saveable_eur", "at_risk_eur", "overdue_eur",
    "oldest_days", "disputed_eur",
    "next_step_on", "why", "open_eur", "on_account_eur", *IN_FORCE, "claim_eur",
)  # fmt: skip
ALERTS = (
    "customer_id", "name", "severity", "cause", "sentence", "because", "open_eur", *IN_FORCE,
    "seen_by", "seen_at", "owner",
)  # fmt: skip
PORTFOLIO = ("section", "name", "customers", "open_eur", "share", "expected_loss_eur", *IN_FORCE)
RECEIPTS = ("section", "name", "first_day", "last_day", "expected_eur", "p10_eur", "p50_eur", "p90_eur",
            "sales_eur")  # fmt: skip
RISK = (
    "customer_id", "name", "grade", "pd_12m", "in_default", "own_risk_eur", "expected_loss_eur",
    "shortfall_eur", "share",
)  # fmt: skip
_NOT_TOLD = (None,) * len(IN_FORCE)


def head(columns: Sequence[str], w: Words) -> list[str]:
    """Return what columns are called."""
    return [w(f"column.{name}") for name in columns]


def customers(
    found: Iterable[CustomerSummary],
    w: Words,
    made: Mapping[str, InForce],
    oversight: Mapping[str, Oversight],
) -> Iterator[list[CellValue]]:
    """Yield a row a customer, in the columns of `CUSTOMERS`.

    Parameters
    ----------
    made
        What persons decided, by customer.
    oversight
        Whose customers are and who looked at them last, by customer.
    """
    for one in found:
        usage = usage_of_line(one, made)
        seen = oversight.get(one.customer_id, Oversight())
        proceeding = w(f"filing.{one.proceeding}") if one.proceeding else None
        yield [
            *(getattr(one, name) for name in OWN),
            usage.grade,
            *_in_force(usage, w),
            proceeding,
            one.sector,
            one.expected_loss_eur,
            one.review_on,
            seen.assignee,
            seen.reviewed_on,
            seen.reviewed_by,
        ]


def invoices(found: Iterable[InvoiceRow]) -> Iterator[list[CellValue]]:
    """Yield a row an open invoice, in the columns of `INVOICES`."""
    for one in found:
        yield [getattr(one, name) for name in INVOICES]


def risk(found: Iterable[LossContribution]) -> Iterator[list[CellValue]]:
    """Yield a row a legal entity, by its number with the most at our own risk, in the columns of `RISK`."""
    for one in found:
        yield [one.customer_ids[0], *(getattr(one, name) for name in RISK[1:])]


def worklist(
    found: Iterable[WorklistEntry], w: Words, made: Mapping[str, InForce]
) -> Iterator[list[CellValue]]:
    """Yield a row a customer to chase, in the columns of `WORKLIST`; `made` as for `customers`."""
    for chased in found:
        one, line = chased.row, chased.row.line
        usage = usage_of_line(chased.summary, made)
        yield [
            one.place, one.customer_id, one.name, w(f"stage.{STAGE_OF[one.tone]}"), w(f"tone.{one.tone}"),
            one.saveable_eur, one.at_risk_eur, one.overdue_eur,
            line["oldest_days"], line["disputed_eur"], line["next_step_on"],
            w.either(line["why_fr"], line["why_en"]), usage.open_eur,
            chased.summary.on_account_eur, *_in_force(usage, w), line.get("claim_eur", 0.0),
        ]  # fmt: skip


def alerts(
    found: Iterable[tuple[AlertRow, AlertFollowUp]], w: Words, made: Mapping[str, InForce]
) -> Iterator[list[CellValue]]:
    """Yield a row an alert, in the columns of `ALERTS`; `made` as for `customers`."""
    for row, followed in found:
        seen_at = None if followed.seen_at is None else w.moment(followed.seen_at)
        yield [
            row.customer_id, row.name, w(f"severity.{row.severity}"), w(f"cause.{row.cause}"),
            w.either(row.sentence_fr, row.sentence_en), w.either(row.because_fr, row.because_en),
            row.open_eur, *_in_force(usage_of_alert(row, made), w),
            followed.seen_by, seen_at, followed.owner,
        ]  # fmt: skip


def portfolio(
    document: Mapping[str, Any], w: Words, made: Mapping[str, InForce]
) -> Iterator[list[CellValue]]:
    """Yield the figures of a portfolio: grades, the aged balance and the largest exposures.

    The limit in force is given for the exposures alone; `made` as for `customers`.
    """
    for line in document["class_mix"]:
        yield [
            w("portfolio.mix"), line["grade"], line["customers"], line["open_eur"], line["open_share"],
            line["expected_loss_eur"], *_NOT_TOLD,
        ]  # fmt: skip
    balance = document["aged_balance"]
    total = balance["total_eur"]
    for band in ("not_due", "d1_30", "d31_60", "d61_90", "over_90"):
        eur = balance[f"{band}_eur"]
        yield [
            w("aged.title"),
            w(f"band.{band}"),
            None,
            eur,
            eur / total if total else None,
            None,
            *_NOT_TOLD,
        ]
    on_account = (None, balance["on_account_eur"], None, None, *_NOT_TOLD)
    yield [w("aged.title"), w("aged.on_account"), *on_account]
    for line in document["top_exposures"]:
        yield [
            w("portfolio.top"), line["name"] or line["customer_id"], None, line["open_eur"], line["share"],
            line["expected_loss_eur"], *_in_force(usage_of_exposure(line, made), w),
        ]  # fmt: skip


def receipts(document: Mapping[str, Any], w: Words) -> Iterator[Sequence[CellValue]]:
    """Yield the receipts of each week, in all and then of each group of customers."""
    sections = [("", (document["total"],)), *document["by"].items()]
    for grouping, lines in sections:
        for line in lines:
            name = w("cash.everybody") if not grouping else group_name(line["name"], grouping, w)
            section = w("cash.title") if not grouping else w(f"cash.by_{grouping}")
            for week in line["weeks"]:
                yield [section, name, *(week[column] for column in RECEIPTS[2:])]


def _in_force(usage: LimitUsage, w: Words) -> tuple[CellValue, ...]:
    """Return the last cells of a row: the limit in force, where it comes from, its use, what is beyond it."""
    return usage.limit_eur, w(f"limit_from.{usage.limit_from}"), usage.use_share, usage.over_eur
