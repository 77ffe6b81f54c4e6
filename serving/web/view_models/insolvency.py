"""Insolvency proceedings of a company, shown first on pages and sheets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from serving.web.words import Words


@dataclass(frozen=True, slots=True)
class InsolvencyView:
    """A proceeding, a plan, or a judgment to read.

    Parameters
    ----------
    is_open
        Whether a proceeding is open: no probability of default is shown, for it has happened.
    heading
        What it is.
    facts
        Pairs of a label and a day or a source.
    sentences
        What was judged, what to do about it, and what must be read.
    """

    is_open: bool
    heading: str
    facts: tuple[tuple[str, str], ...]
    sentences: tuple[str, ...]


def insolvency_view(document: Mapping[str, Any] | None, w: Words) -> InsolvencyView | None:
    """Make the view of an answer's part on insolvency; None where nothing was judged."""
    if document is None:
        return None
    days = (
        ("judged", document["judged_on"]),
        ("published", document["published_on"]),
        ("declare", document["declare_by"]),
        ("relief", document["relief_by"] if document["step"] == "relief" else None),
        ("plan_until", document["plan_until"]),
        ("unread", document["unread_on"]),
    )
    facts = [(w(f"insolvency.{name}"), w.day(day)) for name, day in days if day is not None]
    if document["source"]:
        facts.append((w("insolvency.source"), document["source"]))
    parts = ("title", "todo", "unread")
    sentences = (w.either(document[f"{name}_fr"] or "", document[f"{name}_en"] or "") for name in parts)
    return InsolvencyView(
        document["stage"] == "open",
        _heading(document, w),
        tuple(facts),
        tuple(one for one in sentences if one),
    )


def _heading(document: Mapping[str, Any], w: Words) -> str:
    if document["kind"] is None:
        return w("insolvency.read")
    kind = f"{document['kind']}_plan" if document["stage"] == "plan" else document["kind"]
    return w(f"filing.{kind}")
