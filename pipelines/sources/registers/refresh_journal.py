"""Companies that an interrupted refresh has entered already, so that the next one goes on from there.

A file of the ledger's folder `registers`, written with the answers in one version and removed with the last
of them: a refresh that came to its end leaves none.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from models.ledger.versions import require_draft

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def entered_since(folder: Path, moment: dt.datetime) -> set[str]:
    """Return the SIRENs entered since a moment; none where the file is missing or cannot be read.

    Parameters
    ----------
    folder
        A version of a ledger.
    """
    return {siren for block in _blocks(folder) if _at(block) >= moment for siren in block["sirens"]}


def add(draft: Path, sirens: Sequence[str], now: dt.datetime) -> None:
    """Add SIRENs to the journal of a ledger's draft."""
    require_draft(draft)
    path = _path(draft)
    path.parent.mkdir(parents=True, exist_ok=True)
    blocks = [*_blocks(draft), {"at": now.isoformat(), "sirens": list(sirens)}]
    written = path.with_name(f".{path.name}.new")
    written.write_text(json.dumps(blocks), "utf-8")
    written.replace(path)


def close(draft: Path) -> None:
    """Remove the journal from a ledger's draft."""
    _path(draft).unlink(missing_ok=True)


def _blocks(folder: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(_path(folder).read_text("utf-8"))
        return [one for one in found if _at(one) and isinstance(one["sirens"], list)]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def _at(block: dict[str, Any]) -> dt.datetime:
    moment = dt.datetime.fromisoformat(block["at"])
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _path(folder: Path) -> Path:
    return folder / "registers" / "refresh.json"
