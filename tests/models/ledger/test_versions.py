import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from models.errors import LedgerError, LockHeldError
from models.ledger.decision_file import NAME
from models.ledger.files import fingerprint, read_ledger, write_ledger
from models.ledger.versions import LOCK, POINTER, VERSIONS, current, reading, root_of, writing
from tests.builders import a_ledger, a_payment, an_invoice

BEFORE = a_ledger([an_invoice("F1", 0, 30)], [a_payment("F1", 40)])
AFTER = a_ledger(
    [an_invoice("F1", 0, 30), an_invoice("F2", 5, 30)], [a_payment("F1", 40), a_payment("F2", 41)]
)
SIDE = "fec_terms.json"


@pytest.fixture(autouse=True)
def no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no disk: these tests kill processes, not machines."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


class KilledError(BaseException):
    """Stands for a process that is ended: no code of ours answers it, but the system closes its files."""


def put(ledger, folder: Path, text: str = "") -> None:
    with writing(folder) as draft:
        write_ledger(ledger, draft)
        if text:
            (draft / f".{SIDE}").write_text(text)
            (draft / f".{SIDE}").replace(draft / SIDE)


def versions(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / VERSIONS).iterdir())


def a_flat_ledger(folder: Path) -> None:
    """Lay a ledger down as it was before there were versions, in a folder that holds other files too."""
    write_ledger(BEFORE, folder)
    (folder / SIDE).write_text("old")
    (folder / NAME).write_text("")
    (folder / "quarantine" / "kept").mkdir(parents=True)
    (folder / "quarantine" / "a.0123456789ab.csv").write_text("file\n")
    (folder / "plans.xlsx").write_text("not ours")


def test_a_change_is_in_force_when_its_block_ends(tmp_path: Path):
    put(BEFORE, tmp_path)
    with writing(tmp_path) as draft:
        assert fingerprint(read_ledger(draft)) == fingerprint(BEFORE)
        write_ledger(AFTER, draft)
        assert fingerprint(read_ledger(tmp_path)) == fingerprint(BEFORE)
        assert root_of(draft) == tmp_path
    assert fingerprint(read_ledger(tmp_path)) == fingerprint(AFTER)
    assert versions(tmp_path) == [draft.name]


def test_an_error_changes_nothing_and_names_the_file_where_it_is(tmp_path: Path):
    put(BEFORE, tmp_path)
    where = current(tmp_path)

    def fail() -> None:
        with writing(tmp_path) as draft:
            write_ledger(AFTER, draft)
            raise LedgerError(f"{draft / SIDE} cannot be read")

    with pytest.raises(LedgerError) as caught:
        fail()
    assert str(caught.value) == f"{where / SIDE} cannot be read"
    assert fingerprint(read_ledger(tmp_path)) == fingerprint(BEFORE)
    assert versions(tmp_path) == [where.name]


def test_a_new_ledger_that_fails_leaves_no_folder_and_who_waits_for_it_makes_its_own(tmp_path: Path):
    folder, waits = tmp_path / "new" / "ledger", threading.Event()

    def write() -> None:
        with writing(folder, waits=lambda _: waits.set()) as draft:
            write_ledger(AFTER, draft)

    def fail() -> None:
        with writing(folder):
            other.start()
            waits.wait(30)
            raise LedgerError("no such column")

    other = threading.Thread(target=write)
    with pytest.raises(LedgerError, match="no such column"):
        fail()
    other.join()
    assert fingerprint(read_ledger(folder)) == fingerprint(AFTER)
    with pytest.raises(LedgerError, match="in vain"), writing(tmp_path / "other"):
        raise LedgerError("in vain")
    assert not (tmp_path / "other").exists()


def test_a_ledger_of_before_is_read_and_moves_at_the_next_write(tmp_path: Path):
    a_flat_ledger(tmp_path)
    assert current(tmp_path) == tmp_path
    assert fingerprint(read_ledger(tmp_path)) == fingerprint(BEFORE)
    put(AFTER, tmp_path)
    now = current(tmp_path)
    assert fingerprint(read_ledger(tmp_path)) == fingerprint(AFTER)
    assert (now / SIDE).read_text() == "old"
    assert (now / "quarantine" / "a.0123456789ab.csv").read_text() == "file\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == [LOCK, POINTER, "plans.xlsx", VERSIONS]


@contextmanager
def killed_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """End the process before its `step`-th call that changes the disk; yields the calls that it made."""
    made: list[str] = []

    def counted(name: str):
        real = getattr(os, name)

        def call(*args: object, **kwargs: object) -> object:
            if len(made) == step:
                raise KilledError
            made.append(name)
            return real(*args, **kwargs)

        return call

    with monkeypatch.context() as patched:
        for name in ("replace", "link", "fsync", "mkdir", "unlink", "rmdir"):
            patched.setattr(os, name, counted(name))
        yield made


FILES = ("invoices.parquet", "payments.parquet", "quarantine/a.0123456789ab.csv", SIDE)


def put_texts(folder: Path, text: str) -> None:
    """Write every file of a version with one text, each by a rename, as an import does."""
    with writing(folder) as draft:
        (draft / "quarantine").mkdir(exist_ok=True)
        for name in FILES:
            path = draft / name
            path.with_name(f".{path.name}").write_text(text)
            path.with_name(f".{path.name}").replace(path)


@pytest.mark.parametrize("is_flat", [False, True])
def test_whenever_a_writer_is_killed_the_ledger_is_the_old_one_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_flat: bool
):
    seen = []
    for step in range(200):
        folder = tmp_path / str(step)
        put_texts(folder, "old")
        if is_flat:
            for name in FILES:
                (folder / name).parent.mkdir(exist_ok=True)
                (current(folder) / name).rename(folder / name)
            (folder / POINTER).unlink()
        with killed_at(step, monkeypatch) as calls:
            try:
                put_texts(folder, "new")
            except KilledError:
                pass
            else:
                break
        with reading(folder) as version:
            (found,) = {(version / name).read_text() for name in FILES}
        seen.append(found)
        put_texts(folder, "newest")
        assert [(current(folder) / name).read_text() for name in FILES] == ["newest"] * len(FILES), calls
        assert versions(folder) == [current(folder).name]
        assert not any((folder / name).exists() for name in FILES)
    assert len(seen) > 20
    assert seen == ["old"] * seen.count("old") + ["new"] * seen.count("new")
    assert {"old", "new"} <= set(seen)


def test_writers_come_one_after_the_other_and_none_loses_what_another_wrote(tmp_path: Path):
    put(a_ledger([an_invoice("F0", 0, 30)]), tmp_path)

    def add(number: int) -> None:
        with writing(tmp_path) as draft:
            held = read_ledger(draft).invoices.to_dict("records")
            write_ledger(a_ledger([*held, an_invoice(f"F{number}", 0, 30)]), draft)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(1, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_ledger(tmp_path).invoices["invoice_id"].tolist() == ["F0", "F1", "F2", "F3"]


def test_whoever_reads_beside_a_writer_sees_one_state_or_the_other(tmp_path: Path):
    put(BEFORE, tmp_path)
    done = threading.Event()

    def write() -> None:
        for number in range(8):
            put(BEFORE if number % 2 else AFTER, tmp_path)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    while not done.is_set():
        seen.add(fingerprint(read_ledger(tmp_path)))
    writer.join()
    assert seen <= {fingerprint(BEFORE), fingerprint(AFTER)}


def test_who_reads_keeps_the_version_and_it_is_removed_afterwards(tmp_path: Path):
    put(BEFORE, tmp_path)
    with reading(tmp_path) as version:
        put(AFTER, tmp_path)
        put(AFTER, tmp_path)
        assert fingerprint(read_ledger(version)) == fingerprint(BEFORE)
        assert len(versions(tmp_path)) == 2
    put(AFTER, tmp_path)
    assert versions(tmp_path) == [current(tmp_path).name]


def test_who_reads_a_ledger_of_before_keeps_its_files_too(tmp_path: Path):
    a_flat_ledger(tmp_path)
    with reading(tmp_path) as version:
        put(AFTER, tmp_path)
        assert fingerprint(read_ledger(tmp_path)) == fingerprint(AFTER)
        assert (version / SIDE).read_text() == "old"
    put(AFTER, tmp_path)
    assert not (tmp_path / SIDE).exists()


def test_what_a_version_shares_with_the_next_one_takes_no_room_twice(tmp_path: Path):
    put(BEFORE, tmp_path, "kept")
    with reading(tmp_path) as version:
        put(AFTER, tmp_path)
        assert (version / SIDE).samefile(current(tmp_path) / SIDE)


@pytest.mark.parametrize("is_flat", [False, True])
def test_only_the_owner_can_read_any_of_it(tmp_path: Path, is_flat: bool):
    folder = tmp_path / "ledger"
    folder.mkdir(mode=0o755)
    if is_flat:
        a_flat_ledger(folder)
        (folder / "plans.xlsx").unlink()
    put(AFTER, folder, "new")
    assert stat.S_IMODE((folder / VERSIONS).stat().st_mode) == 0o700
    for path in folder.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_writer_that_waits_says_for_whom_and_gives_up_in_the_end(tmp_path: Path):
    told: list[str] = []
    with writing(tmp_path) as draft:
        write_ledger(BEFORE, draft)
        with (
            pytest.raises(LockHeldError, match=rf"process {os.getpid()} for 0 s; nothing was changed"),
            writing(tmp_path, waits=told.append, patience_s=0.06),
        ):
            pass
    assert told == [f"process {os.getpid()}"]
    assert fingerprint(read_ledger(tmp_path)) == fingerprint(BEFORE)


def test_no_version_is_written_into(tmp_path: Path):
    put(BEFORE, tmp_path)
    with pytest.raises(LedgerError, match="has versions"):
        write_ledger(AFTER, tmp_path)


@pytest.mark.parametrize(("text", "why"), [("../../etc", "holds"), ("", "holds"), ("000044", "not|No such")])
def test_a_pointer_that_names_no_version_is_told(tmp_path: Path, text: str, why: str):
    put(BEFORE, tmp_path)
    (tmp_path / POINTER).write_text(text)
    with pytest.raises(LedgerError, match=why):
        read_ledger(tmp_path)


def test_a_folder_that_is_a_file_is_no_ledger(tmp_path: Path):
    (tmp_path / "ledger").write_text("")
    with pytest.raises(LedgerError, match="is a file"), writing(tmp_path / "ledger"):
        pass
