"""Pages and tables of what the night published: each view is entered in the audit log before it goes out.

Owns what stands there about a view. A page of a customer is entered with the whole answer shown and what it
was computed from, so that it can be computed again; a list with the run it comes from and whom it showed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serving.entries import entry_of, entry_of_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fastapi import Request

    from serving.security import Caller
    from serving.services import Services
    from serving.store import AuditEntry, CustomerFile, Run

PAGE, SHEET, EXPORT, FILE = "page", "sheet", "export", "file"


def enter_file(
    request: Request,
    services: Services,
    caller: Caller,
    action: str,
    found: CustomerFile,
    beside: Mapping[str, Any],
    answer_id: str | None = None,
) -> AuditEntry:
    """Enter that somebody is shown a customer, and return the entry; its id goes out with the answer.

    Parameters
    ----------
    beside
        What is shown beside the night's assessment, as JSON values.
    answer_id
        The id that stands on the answer; a new one without it.

    Raises
    ------
    StoreError
        The log cannot be written: nothing may be shown.
    """
    question = {"customer_id": found.stored.row.customer_id, **_asked(request)}
    entry = entry_of_file(caller, action, question, found, beside, answer_id)
    services.recorder.record(entry)
    return entry


def enter_list(
    request: Request,
    services: Services,
    caller: Caller,
    action: str,
    run: Run,
    customer_ids: Iterable[str] | None = None,
) -> str:
    """Enter that somebody is shown a list or the portfolio, and return the id that goes out with it.

    Parameters
    ----------
    customer_ids
        Whom it shows; left out where it shows nobody by name, or everybody that the question finds.

    Raises
    ------
    StoreError
        The log cannot be written: nothing may be shown.
    """
    shown: dict[str, Any] = {"run_id": run.run_id, "as_of": run.key.as_of.isoformat()}
    if customer_ids is not None:
        shown["customer_ids"] = list(customer_ids)
    entry = entry_of(caller, action, _asked(request), shown)
    services.recorder.record(entry)
    return entry.answer_id


def _asked(request: Request) -> dict[str, Any]:
    """Return the path and the query of a request."""
    return {"path": request.url.path, "query": dict(request.query_params)}
