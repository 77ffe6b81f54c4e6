import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from models.ledger.files import has_ledger, read_ledger
from models.ledger.versions import current
from pipelines.uploads.job import work
from serving.callers import Caller
from serving.store import open_store
from serving.usecases.uploads import FIELDS, Stage, Uploads, UploadState
from tests.pipelines.sources.fec import builders
from tests.pipelines.uploads.test_proposal import LIST

ANALYST = Caller("dominique", "analyst", "session")
Hand = Callable[..., UploadState]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("ledger", "work", "mappings"):
        monkeypatch.setenv(f"ENCOURS_{name.upper()}", str(tmp_path / name))
    monkeypatch.setenv("ENCOURS_STORE_URL", f"sqlite:///{tmp_path}/encours.db")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    return tmp_path


@pytest.fixture
def uploads(place: Path) -> Uploads:
    """Uploads whose jobs run at once, in this process."""

    def run(folder: Path, stage: Stage) -> None:
        work(folder, stage)

    return Uploads(place / "uploads", run, lambda: open_store(f"sqlite:///{place}/encours.db"))


def handed_in(uploads: Uploads, **files: bytes) -> UploadState:
    named = [(name.replace("_", "."), BytesIO(data)) for name, data in files.items()]
    return uploads.find(uploads.receive(named, 30, ANALYST))


def guesses(state: UploadState) -> dict[str, str]:
    return {one.guess: one.header for one in state.columns if one.guess in FIELDS}


def test_an_unknown_list_is_named_looked_at_and_changes_nothing(uploads: Uploads, place: Path):
    state = handed_in(uploads, list_csv=LIST.encode())
    assert (state.status, state.kind) == ("done", "table")
    uploads.choose(state.upload_id, guesses(state))
    state = uploads.find(state.upload_id)
    assert state.preview is not None
    assert (state.preview.rows_read, state.preview.rows_taken, state.preview.rows_refused) == (3, 2, 1)
    assert (state.preview.before.customers, state.preview.after.customers) == (0, 2)
    assert state.preview.after.open_eur == 2_500.0
    assert [one.value for one in state.preview.refusals] == ["xx/02/2026"]
    assert not has_ledger(place / "ledger")


def test_fec_files_are_recognised_by_their_content(uploads: Uploads, place: Path):
    path = builders.fec(
        place, builders.sale("1", "20240105", "C1", 120_000), builders.paid("2", "20240301", "C1", 20_000)
    )
    state = handed_in(uploads, year_txt=path.read_bytes())
    assert state.error == ""
    assert state.kind == "fec"
    assert state.preview is not None
    assert state.preview.after.open_eur == 1_000.0


def test_fec_and_other_files_are_not_mixed(uploads: Uploads, place: Path):
    path = builders.fec(place, builders.sale("1", "20240105", "C1", 120_000))
    state = handed_in(uploads, year_txt=path.read_bytes(), list_csv=LIST.encode())
    assert state.status == "failed"
    assert "list.csv is no FEC" in state.error


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x1f\x8b broken", b"PK\x03\x04 broken"])
def test_a_file_that_cannot_be_read_is_refused_by_its_name(uploads: Uploads, content: bytes):
    state = handed_in(uploads, odd_csv=content)
    assert state.status == "failed"
    assert "odd.csv" in state.error


def test_a_failure_of_the_program_is_told_and_raised(uploads: Uploads, monkeypatch: pytest.MonkeyPatch):
    def fails(*_given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("pipelines.uploads.job._look", fails)
    with pytest.raises(ZeroDivisionError):
        handed_in(uploads, list_csv=LIST.encode())
    (state,) = uploads.recent()
    assert state.status == "failed"


@pytest.mark.slow
def test_a_confirmed_list_is_imported_and_scored_and_its_mapping_known_next_time(
    uploads: Uploads, place: Path
):
    state = handed_in(uploads, list_csv=LIST.encode())
    uploads.choose(state.upload_id, {**guesses(state), "save_as": "Ma liste"})
    uploads.confirm(state.upload_id, ANALYST)
    done = uploads.find(state.upload_id)
    assert (done.status, done.error, len(done.steps)) == ("done", "", 5)
    assert len(read_ledger(current(place / "ledger")).invoices) == 2
    with_scores = open_store(f"sqlite:///{place}/encours.db")
    assert {one.customer_id for one in with_scores.search("").items} == {"C1", "C2"}
    assert [one.action for one in with_scores.audit().items if one.action == "import"] == ["import"]
    assert (place / "mappings" / "ma_liste.toml").is_file()
    again = handed_in(uploads, next_csv=LIST.encode())
    assert (again.kind, again.mapping) == ("list", "ma_liste")
    assert json.loads((place / "uploads" / again.upload_id / "state.json").read_text())["version"] == 1
