"""One HTML page about a trained target in one language: whole in itself, to be read, printed and signed.

No script, no font, no picture from elsewhere. Owns how findings come into the templates; what pictures show
is `charts`', how figures are written `speaker`'s.
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
    from pipelines.training.report.wording import Speaker


def render_page(
    trained: Trained, speaker: Speaker, other_page: str, beside: Mapping[str, Any] | None = None
) -> str:
    """Write the page.

    Parameters
    ----------
    other_page
        Where the page in the other language is, relative to this one.
    beside
        The version in charge on common questions, where it was asked.
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
            shap_summary=trained.shap_summary,
            charts=_charts(trained, speaker),
            too_good=TOO_GOOD,
            large=LARGE,
            meant=MEANT,
        )
    )


def render_index(told: Sequence[tuple[Trained, Mapping[str, str]]], both: Sequence[Speaker]) -> str:
    """Write the page that leads to the others, French first, English beside.

    Parameters
    ----------
    told
        Trained targets, each with where its pages are by language, and its card.
    both
        The speakers.
    """
    return templates().get_template("index.html").render(told=told, both=both, heading=heading)


def heading(trained: Trained, speaker: Speaker) -> str:
    """Return what the target is called."""
    return speaker.say("page.late", days=trained.days) if trained.late else speaker.say("page.default")


def target_text(trained: Trained, speaker: Speaker) -> str:
    """Return how a bad outcome is defined."""
    if trained.late:
        return speaker.say("limits.target_late", days=trained.days)
    return speaker.say("limits.target_default")


@cache
def templates() -> Environment:
    """Return the templates: what is missing is an error, and HTML is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape  # noqa: PLC0415

    return Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _charts(trained: Trained, speaker: Speaker) -> dict[str, Any]:
    document = trained.findings
    ends = list(trained.facts["period_ends"].values())
    return {
        "roc": charts.roc_chart(document, speaker),
        "precision": charts.precision_chart(document, speaker),
        "tenths": charts.tenths_chart(document, speaker),
        "months": charts.months_chart(document, ends, speaker),
        "dependence": list(charts.dependence_charts(document, speaker)),
    }
