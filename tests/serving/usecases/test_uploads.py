import fcntl
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UnknownUploadError, UploadError
from serving.callers import Caller
from serving.store import Store
from serving.usecases.uploads import (
    FILES,
    JOB,
    KEPT_S,
    STARTS_S,
    STATE,
    LedgerSize,
    Preview,
    Stage,
    Uploads,
    file_name,
    read_state,
    write_state,
)

ANALYST = Caller("dominique", "analyst", "session")
NOTHING = LedgerSize(customers=0, invoices=0, payments=0, open_eur=0.0)
PREVIEW = Preview(
    rows_read=1, rows_taken=1, rows_refused=0, rows_skipped=0, before=NOTHING, after=NOTHING, refusals=[]
)


class Jobs:
    """Jobs that were started, and a clock."""

    def __init__(self) -> None:
        self.started: list[tuple[str, Stage]] = []
        self.ahead_s = 0.0

    def start(self, folder: Path, stage: Stage) -> None:
        self.started.append((folder.name, stage))


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()


@pytest.fixture
def uploads(tmp_path: Path, store: Store, jobs: Jobs) -> Uploads:
    def now() -> float:
        return tmp_path.stat().st_mtime + jobs.ahead_s

    return Uploads(tmp_path / "uploads", jobs.start, lambda: store, now)


def received(uploads: Uploads, *names: str) -> str:
    return uploads.receive([(name, BytesIO(b"x")) for name in names or ("a.csv",)], 30, ANALYST)


def looked_at(uploads: Uploads) -> str:
    upload_id = received(uploads)
    place = uploads.folder / upload_id
    write_state(
        place, read_state(place).model_copy(update={"status": "done", "kind": "fec", "preview": PREVIEW})
    )
    return upload_id


def test_files_are_kept_and_looked_at(uploads: Uploads, jobs: Jobs):
    upload_id = received(uploads, "a.csv", "b.csv")
    assert sorted(one.name for one in (uploads.folder / upload_id / FILES).iterdir()) == ["a.csv", "b.csv"]
    assert jobs.started == [(upload_id, "look")]
    assert uploads.find(upload_id).status == "running"


@given(st.text(max_size=300))
def test_no_name_leaves_its_folder(name: str):
    found = file_name(name)
    assert found == Path(found).name
    assert found not in {"", ".", ".."}
    assert not found.startswith(".")
    assert len(found) <= 100
    assert "\x00" not in found


@pytest.mark.parametrize(
    "upload_id",
    ["", "..", "../" + "a" * 32, "a" * 32, "A" * 32, "a" * 31 + "/", f"{'a' * 32}\n", "\x00" * 32],
)
def test_what_is_no_upload_is_not_found(uploads: Uploads, upload_id: str):
    for act in (
        uploads.find,
        uploads.drop,
        lambda one: uploads.confirm(one, ANALYST),
        lambda one: uploads.choose(one, {}),
    ):
        with pytest.raises(UnknownUploadError):
            act(upload_id)


def test_too_many_none_or_twice_the_same_file_is_refused_and_leaves_nothing(uploads: Uploads, jobs: Jobs):
    for names in ([], ["a.csv"] * 2, [f"{at}.csv" for at in range(31)], ["x/a.csv", "y\\a.csv"]):
        with pytest.raises(UploadError):
            uploads.receive([(name, BytesIO(b"x")) for name in names], 30, ANALYST)
    assert jobs.started == []
    assert uploads.recent() == ()


def test_an_import_is_confirmed_once_it_was_looked_at_and_is_in_the_audit_log(
    uploads: Uploads, jobs: Jobs, store: Store
):
    upload_id = looked_at(uploads)
    uploads.confirm(upload_id, ANALYST)
    assert jobs.started[-1] == (upload_id, "import")
    (entry,) = store.audit().items
    assert (entry.action, entry.who, entry.question["files"]) == ("import", "dominique", ["a.csv"])
    assert entry.answer["preview"]["rows_read"] == 1
    for act in (lambda: uploads.confirm(upload_id, ANALYST), lambda: uploads.drop(upload_id)):
        with pytest.raises(UploadError):
            act()


def test_what_was_not_looked_at_is_not_imported(uploads: Uploads, store: Store):
    upload_id = received(uploads)
    place = uploads.folder / upload_id
    write_state(place, read_state(place).model_copy(update={"status": "done", "kind": "table"}))
    with pytest.raises(UploadError, match="look at"):
        uploads.confirm(upload_id, ANALYST)
    assert store.audit().items == ()


def test_a_job_that_was_killed_has_failed_and_its_upload_may_be_dropped(uploads: Uploads, jobs: Jobs):
    upload_id = received(uploads)
    place = uploads.folder / upload_id
    jobs.ahead_s = STARTS_S + 10
    with (place / JOB).open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert uploads.find(upload_id).status == "running"
    assert uploads.find(upload_id).status == "failed"
    uploads.drop(upload_id)
    assert uploads.recent() == ()


def test_old_uploads_are_removed_at_the_next_one_unless_they_are_at_work(uploads: Uploads, jobs: Jobs):
    old, at_work = looked_at(uploads), received(uploads)
    jobs.ahead_s = KEPT_S + 60
    with (uploads.folder / at_work / JOB).open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        new = received(uploads)
    assert {one.name for one in uploads.folder.iterdir()} == {at_work, new}
    assert old != new


@pytest.mark.parametrize("content", [b"", b"{", b'{"version": 2}', b"\xff"])
def test_a_state_that_cannot_be_read_is_no_upload(uploads: Uploads, content: bytes):
    upload_id = received(uploads)
    (uploads.folder / upload_id / STATE).write_bytes(content)
    with pytest.raises(UnknownUploadError):
        uploads.find(upload_id)
    assert uploads.recent() == ()


def test_a_server_that_imports_nothing_says_so(tmp_path: Path, store: Store):
    uploads = Uploads(tmp_path / "uploads", None, lambda: store)
    assert not uploads.can_import
    with pytest.raises(UploadError, match="encours serve"):
        received(uploads)
