"""The HTML report of a trained target in one language: self-contained, to be read, printed and signed.

No scripts, fonts or pictures from elsewhere. Owns the data passed to the templates; `charts` draws charts,
`wording` formats figures.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.training.findings.days_late import MEANT
from pipelines.training.findings.single_features import TOO_GOOD
from pipelines.training.report import charts
from pipelines.training.stability import LARGE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jinja2 import Environment

    from pipelines.training.report.trained import Trained
    from pipelines.training.report.wording import ReportTexts


def render_page(
    trained: Trained, speaker: ReportTexts, other_page: str, beside: Mapping[str, Any] | None = None
) -> str:
    """Render the page.

    Parameters
    ----------
    other_page
        Path of the page in the other language, relative to this one.
    beside
        Comparison with the champion on common rows, if any.
    """
    document, facts = trained.findings, trained.facts
    return (
        templates()
        .get_template("report.html")
        .render(
            d=document,
            facts=facts,
            version=trained.version,
            heading=heading(trained, speaker),
            target_text=target_text(trained, speaker),
            late=trained.late,
            s=speaker,
            t=speaker.say,
            other_page=other_page,
            beside=beside,
            charts=_charts(trained, speaker),
            too_good=TOO_GOOD,
            large=LARGE,
            meant=MEANT,
        )
    )


def render_index(told: Sequence[tuple[Trained, Mapping[str, str]]], both: Sequence[ReportTexts]) -> str:
    """Render the index page, French first, with English.

    Parameters
    ----------
    told
        Trained targets, each with the paths of its pages by language, and of its card.
    both
        The texts of both languages.
    """
    return templates().get_template("index.html").render(told=told, both=both, heading=heading)


def heading(trained: Trained, speaker: ReportTexts) -> str:
    """Return the name of the target."""
    return speaker.say("page.late", days=trained.days) if trained.late else speaker.say("page.default")


def target_text(trained: Trained, speaker: ReportTexts) -> str:
    """Return the definition of a bad outcome."""
    if trained.late:
        return speaker.say("limits.target_late", days=trained.days)
    return speaker.say("limits.target_default")


@cache
def templates() -> Environment:
    """Return the templates, with errors for missing values and escaped HTML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape  # noqa: PLC0415

    return Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _charts(trained: Trained, speaker: ReportTexts) -> dict[str, Any]:
    document = trained.findings
    ends = list(trained.facts["period_ends"].values())
    return {
        "roc": charts.roc_chart(document, speaker),
        "precision": charts.precision_chart(document, speaker),
        "scores": charts.scores_chart(document, speaker),
        "tenths": charts.tenths_chart(document, speaker),
        "months": charts.months_chart(document, ends, speaker),
        "contributions": charts.contributions_chart(document, speaker),
        "dependence": list(charts.dependence_charts(document, speaker)),
    }
