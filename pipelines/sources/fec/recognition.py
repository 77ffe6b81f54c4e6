"""Whether a file is a FEC, told by its content and never by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.errors import LedgerError
from pipelines.sources.fec.kept_file import origin_of
from pipelines.sources.fec.origin import texts

if TYPE_CHECKING:
    from pathlib import Path


def why_no_fec(path: Path, ledger: Path) -> str | None:
    """Return why a file cannot be read as a FEC, None where its header is the norm's.

    Parameters
    ----------
    ledger
        The folder that it would go into.
    """
    try:
        next(iter(texts(origin_of(path, ledger))), None)
    except LedgerError as error:
        return str(error)
    return None
