"""The monitoring page: French first with English, in one self-contained, printable file.

Owns the page's content; its layout is in `page.html`, its charts in `charts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from models.wording.formats import day
from models.wording.numerals import unbroken
from pipelines.monitoring.charts import months_chart, shares_chart
from pipelines.monitoring.estimate import AT_ISSUE, EVERY, OPEN
from pipelines.monitoring.words import figure, month

if TYPE_CHECKING:
    from markupsafe import Markup

    from pipelines.monitoring.monitor import Watch, Watched

MOST_INPUTS = 15


@dataclass(frozen=True, slots=True)
class Both:
    """A text in both languages."""

    fr: str
    en: str


MOMENTS = {
    EVERY: Both("toutes", "all"),
    AT_ISSUE: Both("à l'émission", "at issue"),
    OPEN: Both("facture ouverte", "while open"),
}


@dataclass(frozen=True, slots=True)
class Charts:
    """The charts of one target; `months` is None without known outcomes."""

    scores: Markup
    months: Markup | None


def write_page(found: Watch, path: Path) -> None:
    """Write the page."""
    path.write_text(render(found), encoding="utf-8")


def render(found: Watch) -> str:
    """Return the page as HTML that is also well-formed XML."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  # only where a page is made

    template = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters["unbroken"] = unbroken
    return environment.from_string(template).render(
        w=found,
        names={one.target: target_name(one.target) for one in found.targets},
        charts={one.target: _charts(one) for one in found.targets},
        moments=MOMENTS,
        most=MOST_INPUTS,
        n=figure,
        day=day,
        month=month,
    )


def target_name(target: str) -> Both:
    """Return the name of a target.

    Examples
    --------
    >>> target_name("late30").en
    'More than 30 days late'
    """
    if target.startswith("late"):
        days = target.removeprefix("late")
        return Both(f"Retard de plus de {days} jours", f"More than {days} days late")
    return Both("Défaillance à 12 mois", "Default within 12 months")


def _charts(one: Watched) -> Charts:
    from markupsafe import Markup  # noqa: PLC0415

    name, scores = target_name(one.target), one.scores
    tenths = [str(place + 1) for place in range(len(scores.before))]
    moved = f"PSI {figure(scores.shift.index, 'index', 'fr')}"
    alt = f"{name.fr} : répartition des probabilités par dixième, {moved}. {name.en}: spread by tenth."
    drawn = Markup(shares_chart(scores.before, scores.now, tenths, alt))  # noqa: S704  # our own elements
    if one.realised is None:
        return Charts(drawn, None)
    whole = one.realised.whole
    alt = (
        f"{name.fr} : prédit {figure(whole.predicted, 'share', 'fr')} et réalisé "
        f"{figure(whole.realised, 'share', 'fr')} sur {len(one.realised.months)} mois. "
        f"{name.en}: predicted and realised by month."
    )
    return Charts(drawn, Markup(months_chart(one.realised.months, alt)))  # noqa: S704
