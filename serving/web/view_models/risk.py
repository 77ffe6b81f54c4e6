"""The page of the portfolio's risk: losses of a year, who bears them, concentrations and cover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.portfolio.concentration import UNKNOWN
from models.portfolio.risk_report import DIMENSIONS
from serving.web.charts.loss_curve import loss_curve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.drawing.canvas import Picture
    from models.portfolio.cover import CoverChange
    from serving.web.words import Words

    Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LossRow:
    """One figure of the year's loss, and what it means."""

    label: str
    figure: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ConcentrationRow:
    """A line of a concentration; `address` is empty where it leads nowhere."""

    label: str
    address: str
    open_eur: float
    share: float
    expected_loss_eur: float


@dataclass(frozen=True, slots=True)
class ConcentrationView:
    """Concentration by one dimension, its largest lines first."""

    name: str
    count: int
    effective: float | None
    herfindahl: float
    gini: float
    rows: tuple[ConcentrationRow, ...]


@dataclass(frozen=True, slots=True)
class CoverRow:
    """Own risk and losses under a cover, with their change from the present one."""

    label: str
    own_risk_eur: float
    own_risk_change: float
    expected_loss_eur: float
    expected_loss_change: float
    value_at_risk_eur: float
    value_at_risk_change: float
    is_present: bool = False


@dataclass(frozen=True, slots=True)
class RiskView:
    """The portfolio's risk.

    Parameters
    ----------
    document
        The report, for values that are shown unchanged.
    levels
        Value at risk and expected shortfall by confidence.
    """

    document: Document
    curve: Picture
    losses: tuple[LossRow, ...]
    levels: tuple[tuple[str, float, float], ...]
    concentrations: tuple[ConcentrationView, ...]
    covers: tuple[CoverRow, ...]


def risk_view(document: Document, change: CoverChange, w: Words) -> RiskView:
    """Make the view of a report."""
    return RiskView(
        document,
        _curve(document, w),
        _losses(document, w),
        tuple(
            (w.share(one["confidence_level"], 1), one["value_at_risk_eur"], one["expected_shortfall_eur"])
            for one in document["levels"]
        ),
        tuple(_concentration(name, document["concentration"][name], w) for name in DIMENSIONS),
        _covers(document, change, w),
    )


def _curve(document: Document, w: Words) -> Picture:
    confidence = w.share(document["confidence_level"], 1)
    named = (
        (w("risk.mark_expected"), document["expected_loss_eur"]),
        (w("risk.mark_var", confidence=confidence), document["value_at_risk_eur"]),
        (w("risk.mark_es", confidence=confidence), document["expected_shortfall_eur"]),
    )
    sentence = w(
        "risk.curve_sentence",
        var=w.eur(document["value_at_risk_eur"]),
        es=w.eur(document["expected_shortfall_eur"]),
        confidence=confidence,
    )
    points = [(point["loss_eur"], point["exceedance"]) for point in document["curve"]]
    marks = [(name, eur, w.eur(eur)) for name, eur in named]
    return loss_curve(points, marks, w("risk.curve"), sentence, (w("risk.figure"), w("risk.loss")))


def _losses(document: Document, w: Words) -> tuple[LossRow, ...]:
    confidence = w.share(document["confidence_level"], 1)
    names = (
        "unexpected_loss",
        "certain_loss",
        "asymptotic_loss",
        "name_concentration",
        "granularity_adjustment",
    )
    return tuple(
        LossRow(
            w(f"risk.{name}"),
            w.eur(document[f"{name}_eur"], signed=name == "name_concentration"),
            w(f"risk.{name}_is", confidence=confidence),
        )
        for name in names
    )


def _concentration(name: str, found: Document, w: Words) -> ConcentrationView:
    rows = tuple(
        ConcentrationRow(
            _label(name, line, w),
            _address(name, line),
            line["open_eur"],
            line["share"],
            line["expected_loss_eur"],
        )
        for line in found["top"]
    )
    return ConcentrationView(
        w(f"risk.{name}"), found["count"], found["effective_count"], found["herfindahl"], found["gini"], rows
    )


def _label(name: str, line: Document, w: Words) -> str:
    if line["key"] == UNKNOWN:
        return w("word.unknown")
    return str(line["name"] or line["customer_id"] or line["key"]) if name != "groups" else _group(line)


def _group(line: Document) -> str:
    return str(line["name"] or line["key"])


def _address(name: str, line: Document) -> str:
    if line["customer_id"] is not None:
        return f"/customers/{line['customer_id']}"
    known = name == "sectors" and line["key"] != UNKNOWN
    return f"/?sector={line['key']}&sort=-open_eur" if known else ""


def _covers(document: Document, change: CoverChange, w: Words) -> tuple[CoverRow, ...]:
    level = document["value_at_risk_eur"]
    own, expected = document["own_risk_eur"], document["expected_loss_eur"]
    insurers = [part["name"] for part in document["insurers"]["top"] if part["name"] != UNKNOWN]
    said = {
        "insurer": insurers[0] if insurers else "",
        "more": w.eur(change.more_eur),
        "share": w.share(change.covered_share, 0),
    }
    present = CoverRow(w("risk.cover_now"), own, 0.0, expected, 0.0, level, 0.0, is_present=True)
    return (
        present,
        *(
            CoverRow(
                w(f"risk.cover_{one['name']}", **said),
                one["own_risk_eur"],
                one["own_risk_eur"] - own,
                one["expected_loss_eur"],
                one["expected_loss_eur"] - expected,
                one["value_at_risk_eur"],
                one["value_at_risk_eur"] - level,
            )
            for one in document["covers"]
        ),
    )
