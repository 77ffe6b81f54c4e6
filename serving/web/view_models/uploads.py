"""An upload as a page shows it: under way, a table whose columns to name, a preview, or its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.wording.messages import french
from serving.usecases.uploads import FIELDS, NEEDED

if TYPE_CHECKING:
    from serving.usecases.uploads import LedgerSize, Refusal, UploadedColumn, UploadState
    from serving.web.words import Words


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """A field to name a column for, with the header that was recognised; empty without one."""

    name: str
    label: str
    needed: bool
    guess: str


@dataclass(frozen=True, slots=True)
class UploadView:
    """An upload.

    Parameters
    ----------
    phase
        looking, table, preview, importing, done or failed.
    steps
        Titles of the steps of an import, the last one under way.
    totals
        Rows of a figure's name, before and after the import.
    """

    upload_id: str
    files: tuple[str, ...]
    who: str
    at: str
    phase: str
    phase_words: str
    kind_words: str
    error: str
    steps: tuple[str, ...]
    columns: tuple[UploadedColumn, ...]
    fields: tuple[FieldChoice, ...]
    rows: tuple[tuple[str, str], ...]
    totals: tuple[tuple[str, str, str], ...]
    refusals: tuple[Refusal, ...]
    refused: int


def upload_view(state: UploadState, w: Words) -> UploadView:
    """Make the view of an upload."""
    phase, found = _phase(state), state.preview
    kind = w(f"upload_kind.{state.kind}") if state.kind else ""
    guesses = {one.guess: one.header for one in reversed(state.columns) if one.guess}
    if "customer_id" not in guesses and "name" in guesses:
        guesses["customer_id"] = guesses["name"]
    return UploadView(
        state.upload_id,
        tuple(state.files),
        state.who,
        w.moment(state.at),
        phase,
        w(f"upload.{phase}"),
        f"{kind} ({state.mapping})" if state.mapping else kind,
        w.refusal(state.error) if state.error else "",
        tuple(w("upload.importing_files") if one == "import" else one for one in state.steps),
        tuple(state.columns),
        tuple(
            FieldChoice(name, w(f"upload_field.{name}"), name in NEEDED, guesses.get(name, ""))
            for name in FIELDS
        ),
        ()
        if found is None
        else tuple(
            (w(f"upload.{name}"), w.number(getattr(found, name)))
            for name in ("rows_read", "rows_taken", "rows_refused", "rows_skipped")
        ),
        () if found is None else _totals(found.before, found.after, w),
        () if found is None else tuple(_refusal(one, w) for one in found.refusals),
        0 if found is None else found.rows_refused,
    )


def _refusal(one: Refusal, w: Words) -> Refusal:
    return one.model_copy(update={"reason": w.either(french(one.reason), one.reason)})


def _phase(state: UploadState) -> str:
    if state.status == "failed":
        return "failed"
    if state.status == "running":
        return "looking" if state.stage == "look" else "importing"
    if state.stage == "import":
        return "done"
    return "table" if state.preview is None else "preview"


def _totals(before: LedgerSize, after: LedgerSize, w: Words) -> tuple[tuple[str, str, str], ...]:
    counts = [
        (w(f"upload.{name}"), w.number(getattr(before, name)), w.number(getattr(after, name)))
        for name in ("customers", "invoices", "payments")
    ]
    return (*counts, (w("exposure.title"), w.eur(before.open_eur), w.eur(after.open_eur)))
