"""The job of an upload, in a process of its own: find out what files are and would do, or import them.

Run as `python -m pipelines.uploads.job FOLDER STAGE`. It tells how it goes in the upload's document of state,
and holds the folder's lock while it runs. A look works on a draft of the ledger that is dropped: it tells
what the import will do.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import CreditError, LedgerError
from models.ledger.file_lock import locked
from models.ledger.files import has_ledger, read_ledger
from models.ledger.versions import reading, writing
from pipelines.onboarding import start
from pipelines.settings import PipelineSettings
from pipelines.sources.bookkeeping.building import BookkeepingOptions
from pipelines.sources.fec.importing import DEFAULT_TERMS
from pipelines.sources.fec.source import FecSource
from pipelines.sources.fec.summary import FecSummary
from pipelines.sources.mapping.importing import ImportSummary
from pipelines.sources.mapping.loading import load_mapping
from pipelines.sources.mapping.source import MappingSource
from pipelines.training.params import load_params
from pipelines.uploads.proposal import known_mapping, mapping_text, plain, unknown_table
from pipelines.validation.quarantine import quarantined
from serving.usecases.uploads import (
    CHOICES,
    FILES,
    JOB,
    LedgerSize,
    Preview,
    Refusal,
    UploadedColumn,
    read_state,
    write_state,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.sources.source import ImportResult, Source
    from serving.usecases.uploads import Stage, UploadState

MAPPING = "mapping.toml"
MOST_REFUSALS = 20
SHIPPED_MAPPINGS = Path("data/mappings")


class _LookedAtError(CreditError):
    """The draft was looked at and is to be dropped."""


def work(folder: Path, stage: Stage) -> None:
    """Do a stage's work on an upload and tell how it went."""
    with locked(folder / JOB):
        state = read_state(folder)
        try:
            state = _look(folder, state) if stage == "look" else _import(folder, state)
        except CreditError as error:
            state = read_state(folder).model_copy(update={"status": "failed", "error": str(error)})
        except BaseException:
            state = read_state(folder)
            unexpected = "the program failed; the job's log has the details"
            write_state(folder, state.model_copy(update={"status": "failed", "error": unexpected}))
            raise
        write_state(folder, state)


def _look(folder: Path, state: UploadState) -> UploadState:
    """Find out what the files are, and what their import would do."""
    settings = PipelineSettings()
    if (folder / CHOICES).exists():
        _write_mapping(folder, state)
    source, kind, mapping = _source(folder, state, settings.ledger)
    if source is None:
        told = {"kind": "table", "columns": _columns(folder, state), "preview": None}
        return state.model_copy(update={"status": "done", **told})
    found = {"kind": kind, "mapping": mapping}
    preview = _preview(folder, source, settings.ledger)
    return state.model_copy(update={"status": "done", **found, "preview": preview})


def _source(folder: Path, state: UploadState, ledger: Path) -> tuple[Source | None, str, str]:
    """Return what reads the files, its kind, and its mapping's name; None where a person has to say it.

    Raises
    ------
    LedgerError
        Some files are FEC, and some are not.
    """
    files = _files(folder, state)
    fec = FecSource(BookkeepingOptions(state.terms_days, DEFAULT_TERMS.old_after_days))
    with reading(ledger) as version:
        why = {path.name: fec.why_not(path, version) for path in files}
    if not any(why.values()):
        return fec, "fec", ""
    if not all(why.values()):
        odd = next(name for name, reason in why.items() if reason)
        raise LedgerError(f"{odd} is no FEC, other files are; hand them in apart")
    if (folder / MAPPING).exists():
        return MappingSource(folder / MAPPING), "list", _saved_name(folder)
    known = known_mapping(files, (PipelineSettings().mappings, SHIPPED_MAPPINGS))
    return (None, "", "") if known is None else (MappingSource(known), "list", known.stem)


def _preview(folder: Path, source: Source, ledger: Path) -> Preview:
    """Import into a draft, tell what it did, and drop it."""
    found: list[Preview] = []
    before = _totals(ledger)
    with suppress(_LookedAtError), writing(ledger) as draft:
        summary = source.import_files(_files(folder, read_state(folder)), draft)
        found.append(_told(summary, before, _totals(draft), _refusals(draft)))
        raise _LookedAtError("")
    return found[0]


def _told(summary: ImportResult, before: LedgerSize, after: LedgerSize, refusals: list[Refusal]) -> Preview:
    if isinstance(summary, FecSummary):
        read, refused = sum(one.n_lines for one in summary.files), sum(one.n_refused for one in summary.files)
        skipped = sum(one.n_others + one.n_blank for one in summary.files)
        rows = (read, read - refused - skipped, refused, skipped)
    elif isinstance(summary, ImportSummary):
        rows = (summary.rows_read, summary.rows_taken, summary.rows_refused, summary.rows_skipped)
    else:
        raise TypeError(summary)
    names = ("rows_read", "rows_taken", "rows_refused", "rows_skipped")
    counts = dict(zip(names, rows, strict=True))
    return Preview(**counts, before=before, after=after, refusals=refusals)


def _totals(ledger: Path) -> LedgerSize:
    with reading(ledger) as version:
        if not has_ledger(version):
            return LedgerSize(customers=0, invoices=0, payments=0, open_eur=0.0)
        found = read_ledger(version)
    invoices, payments = found.invoices, found.payments
    signed = invoices["amount_cents"].where(invoices["kind"] != "credit_note", -invoices["amount_cents"])
    cents = int(signed.sum()) - int(payments["amount_cents"].sum())
    single = invoices["currency"].nunique() < 2
    return LedgerSize(
        customers=len(found.customers),
        invoices=len(invoices),
        payments=len(payments),
        open_eur=cents / 100 if single else None,
    )


def _refusals(ledger: Path) -> list[Refusal]:
    rows = [row for faults in quarantined(ledger).values() for row in faults.to_dict("records")]
    return [
        Refusal(
            file=str(row["file"]),
            line=int(row["line"]),
            column=str(row["column"]),
            value=str(row["value"])[:100],
            reason=str(row["reason"]),
        )
        for row in rows[:MOST_REFUSALS]
    ]


def _columns(folder: Path, state: UploadState) -> list[UploadedColumn]:
    if len(state.files) > 1:
        raise LedgerError("several tables came that no mapping reads; hand in one first")
    table = unknown_table(_files(folder, state)[0])
    fields: dict[str, str] = {}
    for field, header in table.guesses.items():
        fields.setdefault(header, field)
    return [
        UploadedColumn(header=one, samples=list(table.samples[one]), guess=fields.get(one, ""))
        for one in table.header
    ]


def _write_mapping(folder: Path, state: UploadState) -> None:
    """Write the mapping of what a person chose into the upload's folder."""
    choices = json.loads((folder / CHOICES).read_text("utf-8"))
    table = unknown_table(_files(folder, state)[0])
    text = mapping_text(table, choices, state.terms_days)
    (folder / MAPPING).write_text(text, "utf-8")
    load_mapping(folder / MAPPING)


def _saved_name(folder: Path) -> str:
    """Return the name under which the mapping of what a person chose is to be saved; empty without one."""
    choices = json.loads((folder / CHOICES).read_text("utf-8"))
    words = re.findall("[a-z0-9]+", plain(str(choices.get("save_as", ""))))
    return "_".join(words)[:60]


def _save_mapping(folder: Path, mappings: Path) -> None:
    """Save the mapping under its name, so that files with the same headers are read by it."""
    name = _saved_name(folder) if (folder / MAPPING).exists() else ""
    if name:
        mappings.mkdir(parents=True, exist_ok=True)
        draft = folder / f"{name}.toml"
        shutil.copyfile(folder / MAPPING, draft)
        shutil.move(draft, mappings / f"{name}.toml")


def _import(folder: Path, state: UploadState) -> UploadState:
    """Import the files and score the portfolio."""
    settings = PipelineSettings()
    source, _, _ = _source(folder, state, settings.ledger)
    if source is None:
        raise LedgerError("say which column is what first")
    with _step(folder, "import"), writing(settings.ledger) as draft:
        source.import_files(_files(folder, state), draft)
    _save_mapping(folder, settings.mappings)
    with reading(settings.ledger) as version:
        start(
            version,
            None,
            settings,
            load_params(settings.params),
            lambda title: _step(folder, title),
            state.who,
        )
    return read_state(folder).model_copy(update={"status": "done"})


@contextmanager
def _step(folder: Path, title: str) -> Iterator[None]:
    """Tell that a step is under way."""
    state = read_state(folder)
    write_state(folder, state.model_copy(update={"steps": [*state.steps, title]}))
    yield


def _files(folder: Path, state: UploadState) -> list[Path]:
    return [folder / FILES / name for name in state.files]


if __name__ == "__main__":
    work(Path(sys.argv[1]), "import" if sys.argv[2] == "import" else "look")
