"""Files of the report: pages and card with a training, and both targets with an index."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipelines.training.findings.worth import Champions, beside_champion
from pipelines.training.report.card import render_card
from pipelines.training.report.page import render_index, render_page
from pipelines.training.report.trained import Trained, answered, read_trained
from pipelines.training.report.wording import report_texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from models.policy.document import Policy

TARGETS = ("late", "default")
CARD = "card.md"
INDEX = "index.html"


def write_pages(training: Path, out: Path) -> None:
    """Write `report.fr.html`, `report.en.html` and `card.md` of one training to a folder.

    Raises
    ------
    ModelError
        The training's folder contains no trained model.
    """
    trained = read_trained(training)
    _write_pages(trained, out, "report", None)
    _write(out / CARD, render_card(trained))


def write_report(
    models: Path, out: Path, registry: Champions | None = None, policy: Policy | None = None
) -> Path:
    """Write the pages and cards of both targets under `models` to a folder, and an index.

    Parameters
    ----------
    registry, policy
        With both, each model is compared with the champion in euros.

    Returns
    -------
    The index page.

    Raises
    ------
    ModelError
        A target was not trained in `models`.
    """
    written = []
    for name in TARGETS:
        trained = read_trained(models / name)
        champion = _beside(trained, models / name, registry, policy)
        written.append((trained, _write_pages(trained, out, name, champion) | {"card": f"{name}.{CARD}"}))
        _write(out / f"{name}.{CARD}", render_card(trained))
    _write(out / INDEX, render_index(written, report_texts({})))
    return out / INDEX


def _beside(
    trained: Trained, training: Path, registry: Champions | None, policy: Policy | None
) -> dict[str, Any] | None:
    if registry is None or policy is None:
        return None
    asked = answered(training)
    return asdict(beside_champion(registry, trained.target, asked, trained.version, policy))


def _write_pages(trained: Trained, out: Path, stem: str, beside: Mapping[str, Any] | None) -> dict[str, str]:
    """Write both languages and return their paths, by language."""
    both = report_texts(trained.findings["features"])
    files = {speaker.lang: f"{stem}.{speaker.lang}.html" for speaker in both}
    for speaker in both:
        page = render_page(trained, speaker, files[speaker.other], beside)
        _write(out / files[speaker.lang], page)
    return files


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
