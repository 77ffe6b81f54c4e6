"""The model card of one version in Markdown: purpose, metrics, limits of use.

After Mitchell et al. (2019), *Model Cards for Model Reporting*; in English with a summary in French.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.training.report.page import heading, target_text, templates
from pipelines.training.report.wording import report_texts

if TYPE_CHECKING:
    from pipelines.training.report.trained import Trained


def render_card(trained: Trained) -> str:
    """Render the card of a trained target."""
    french, english = report_texts(trained.findings["features"])
    return (
        templates()
        .get_template("card.md")
        .render(
            d=trained.findings,
            facts=trained.facts,
            version=trained.version,
            target=trained.target,
            short="late" if trained.late else "default",
            late=trained.late,
            heading=heading(trained, english),
            target_text=target_text(trained, english),
            heading_fr=heading(trained, french),
            target_text_fr=target_text(trained, french),
            s=english,
            t=english.say,
            fr=french,
        )
    )
