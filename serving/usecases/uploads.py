"""Files that a person hands in through the pages: received, looked at, confirmed or dropped.

Owns a received upload's folder, its life and its document of state. What the files are and what their import
does is found out by a job in a process of its own (`pipelines.uploads.job`), which the server only starts.

```
data/uploads/3f…9c/state.json     the document `UploadState`, replaced as a whole
data/uploads/3f…9c/files/         the files, under their own names
data/uploads/3f…9c/choices.json   which column is what, as a person chose
data/uploads/3f…9c/.job           locked by the job while it runs
```
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import re
import secrets
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from models.errors import UnknownUploadError, UploadError
from serving.audit.entries import entry_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from serving.callers import Caller
    from serving.store import Store

    StartJob = Callable[[Path, Literal["look", "import"]], None]

Stage = Literal["look", "import"]
"""To find out what files are and would do, and to import them."""
FIELDS = ("customer_id", "name", "siren", "invoice_id", "issued_on", "due_on", "amount_cents", "settled_on")
"""What a column of an unknown table may be, by the names of mappings."""
NEEDED = ("customer_id", "invoice_id", "issued_on", "amount_cents")
"""Those without which there is no invoice."""
STATE, FILES, CHOICES, JOB = "state.json", "files", "choices.json", ".job"
KEPT_S = 24 * 3600
"""After so many seconds an upload that nobody confirmed, or that is done, is removed at the next one."""
MOST_FILES = 30
STARTS_S = 20
"""Within so many seconds a job that was started holds its lock."""
_ID = re.compile(r"[0-9a-f]{32}")
_NAME_SIGNS = re.compile(r"[^\w.() -]+")


class UploadedColumn(BaseModel):
    """A column of an unknown table: its header, its first values, and what it may be; empty if unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    header: str
    samples: list[str]
    guess: str = ""


class Refusal(BaseModel):
    """A row that the import refuses."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    line: int
    column: str
    value: str
    reason: str


class LedgerSize(BaseModel):
    """A ledger in figures; `open_eur` is None where it has several currencies."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    customers: int
    invoices: int
    payments: int
    open_eur: float | None


class Preview(BaseModel):
    """What an import would do.

    Parameters
    ----------
    rows_read, rows_taken, rows_refused, rows_skipped
        Rows of all files; skipped are those that are left out on purpose.
    before, after
        The ledger without the import and with it.
    refusals
        The first refused rows.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rows_read: int
    rows_taken: int
    rows_refused: int
    rows_skipped: int
    before: LedgerSize
    after: LedgerSize
    refusals: list[Refusal]


class UploadState(BaseModel):
    """The state of an upload, as its folder holds it.

    Parameters
    ----------
    kind
        What the files are: FEC, a list whose columns are known, or a table whose columns a person names.
    mapping
        Name of the mapping that reads them; empty where none does.
    status
        Of the stage's job; a job that was killed leaves `running`, and holds its lock no more.
    steps
        Steps of the job by title, the last one under way while it runs.
    columns
        Columns of a table.
    error
        Why the job failed, in English; `models.wording.messages` has the French.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = 1
    upload_id: str
    who: str
    at: dt.datetime
    files: list[str]
    terms_days: int
    stage: Stage = "look"
    status: Literal["running", "done", "failed"] = "running"
    steps: list[str] = []
    kind: Literal["", "fec", "list", "table"] = ""
    mapping: str = ""
    columns: list[UploadedColumn] = []
    preview: Preview | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Uploads:
    """Receive, look at, confirm and drop uploads.

    Parameters
    ----------
    folder
        Where uploads are, made where it lacks.
    start_job
        Starts the job of a stage over an upload's folder, and returns at once; None where this server
        imports nothing.
    store
        Opens the store, or raises `StoreError`.
    clock
        Returns the seconds since 1970.
    """

    folder: Path
    start_job: StartJob | None
    store: Callable[[], Store]
    clock: Callable[[], float] = time.time

    @property
    def can_import(self) -> bool:
        """Whether this server imports files."""
        return self.start_job is not None

    def receive(self, files: Sequence[tuple[str, BinaryIO]], terms_days: int, caller: Caller) -> str:
        """Store files and start to look at them; return the upload's id.

        Parameters
        ----------
        files
            Names as they were sent, and contents.
        terms_days
            Default terms of invoices without a due date.

        Raises
        ------
        UploadError
            There is no file, there are too many, or two have one name.
        """
        self._sweep()
        names = [file_name(name) for name, _ in files]
        if not files:
            raise UploadError("no file came; choose at least one")
        if len(files) > MOST_FILES:
            raise UploadError(f"{len(files)} files came; at most {MOST_FILES} are taken at once")
        if len(set(names)) < len(names):
            raise UploadError("two files have the same name; rename one of them")
        upload_id = secrets.token_hex(16)
        place = self.folder / upload_id
        (place / FILES).mkdir(mode=0o700, parents=True)
        for name, (_, content) in zip(names, files, strict=True):
            with (place / FILES / name).open("xb") as kept:
                shutil.copyfileobj(content, kept)
        at = dt.datetime.fromtimestamp(self.clock(), dt.UTC)
        state = UploadState(upload_id=upload_id, who=caller.name, at=at, files=names, terms_days=terms_days)
        write_state(place, state)
        self._start(place, "look")
        return upload_id

    def find(self, upload_id: str) -> UploadState:
        """Return the state of an upload; a job that was killed has failed.

        Raises
        ------
        UnknownUploadError
            There is none, or it was dropped.
        """
        place = self._place(upload_id)
        running = is_running(place)
        state = read_state(place)
        if state.status == "running" and not running and self.clock() - _changed_at(place) > STARTS_S:
            return state.model_copy(update={"status": "failed", "error": "the import was interrupted"})
        return state

    def choose(self, upload_id: str, choices: Mapping[str, str]) -> None:
        """Say which column is what, and look at the files again.

        Parameters
        ----------
        choices
            Headers by field, of `FIELDS`; under `save_as`, the name by which the
            mapping is found again for files with the same headers.
        """
        place = self._idle(upload_id)
        (place / CHOICES).write_text(json.dumps(dict(choices)), "utf-8")
        self._begin(place, "look")

    def confirm(self, upload_id: str, caller: Caller) -> None:
        """Import the files into the ledger and score it, in the background.

        Raises
        ------
        UploadError
            The files were not looked at, or cannot be imported.
        """
        place = self._idle(upload_id)
        state = read_state(place)
        if state.stage != "look" or state.preview is None:
            raise UploadError("look at what the import would do before you confirm it")
        question: dict[str, Any] = {"files": state.files, "kind": state.kind, "mapping": state.mapping}
        told = {"preview": state.preview.model_dump()}
        self.store().record_answers([entry_of(caller, "import", question, told)])
        self._begin(place, "import")

    def drop(self, upload_id: str) -> None:
        """Remove an upload that is not at work."""
        shutil.rmtree(self._idle(upload_id))

    def recent(self) -> tuple[UploadState, ...]:
        """Return the uploads that are kept, the newest first."""
        found = []
        for place in self.folder.glob("*"):
            with suppress(UnknownUploadError):
                found.append(self.find(place.name))
        return tuple(sorted(found, key=lambda state: state.at, reverse=True))

    def _begin(self, place: Path, stage: Stage) -> None:
        anew: dict[str, Any] = {"stage": stage, "status": "running", "steps": [], "error": ""}
        write_state(place, read_state(place).model_copy(update=anew))
        self._start(place, stage)

    def _start(self, place: Path, stage: Stage) -> None:
        if self.start_job is None:
            raise UploadError("this server imports nothing; start it with `encours serve`")
        self.start_job(place, stage)

    def _place(self, upload_id: str) -> Path:
        place = self.folder / upload_id
        if not _ID.fullmatch(upload_id) or not (place / STATE).is_file():
            raise UnknownUploadError(f"there is no upload {upload_id[:40]!r}")
        return place

    def _idle(self, upload_id: str) -> Path:
        if self.find(upload_id).status == "running":
            raise UploadError("the files are being worked on; wait until that ends")
        return self._place(upload_id)

    def _sweep(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for place in self.folder.glob("*"):
            is_old = self.clock() - _changed_at(place) > KEPT_S
            if _ID.fullmatch(place.name) and is_old and not is_running(place):
                shutil.rmtree(place, ignore_errors=True)


def file_name(name: str) -> str:
    r"""Return a name under which a sent file may be stored: no folder, no hidden file, no odd sign.

    Examples
    --------
    >>> file_name("C:\\export\\123456789FEC20241231.txt"), file_name("../../.profile"), file_name("")
    ('123456789FEC20241231.txt', 'profile', 'file')
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = _NAME_SIGNS.sub("_", last).strip(" .")
    return plain[-100:].lstrip(" .") or "file"


def read_state(place: Path) -> UploadState:
    """Read the state of an upload's folder.

    Raises
    ------
    UnknownUploadError
        It has none that this program reads.
    """
    try:
        return UploadState.model_validate_json((place / STATE).read_bytes())
    except (OSError, ValidationError) as error:
        raise UnknownUploadError(f"there is no upload {place.name!r}") from error


def write_state(place: Path, state: UploadState) -> None:
    """Replace the state of an upload's folder as a whole."""
    draft = place / f".{STATE}.{os.getpid()}"
    draft.write_bytes(state.model_dump_json().encode())
    draft.replace(place / STATE)


def is_running(place: Path) -> bool:
    """Tell whether the job of an upload's folder runs."""
    try:
        with (place / JOB).open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _changed_at(place: Path) -> float:
    try:
        return (place / STATE).stat().st_mtime
    except OSError:
        return place.stat().st_mtime
