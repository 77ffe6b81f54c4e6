from collections.abc import Iterator
from pathlib import Path

import pytest

from serving.app import create_app
from serving.settings import Settings
from serving.store import Store
from serving.usecases.uploads import (
    LedgerSize,
    Preview,
    Refusal,
    Stage,
    UploadedColumn,
    read_state,
    write_state,
)
from tests.serving.fakes import FakeAssessor, TestClient
from tests.serving.web.visiting import Visitor, said, visitor

BEFORE = LedgerSize(customers=3, invoices=10, payments=5, open_eur=1_000.0)
AFTER = LedgerSize(customers=4, invoices=12, payments=6, open_eur=1_234.5)
REFUSED = Refusal(
    file="list.csv", line=7, column="Date", value="<b>xx</b>", reason="is no date written YYYYMMDD"
)
LOOKED_AT = {
    "status": "done",
    "kind": "fec",
    "preview": Preview(
        rows_read=4,
        rows_taken=3,
        rows_refused=1,
        rows_skipped=0,
        before=BEFORE,
        after=AFTER,
        refusals=[REFUSED],
    ),
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "uploads"


@pytest.fixture
def analyst(tmp_path: Path, place: Path, store: Store, assessor: FakeAssessor) -> Iterator[Visitor]:
    """Somebody signed in at a server whose jobs are only counted."""

    def start(folder: Path, stage: Stage) -> None:
        (folder / f"started-{stage}").touch()

    settings = Settings(_env_file=None, rate_per_minute=0, uploads=place, upload_mb=2)  # type: ignore[call-arg]  # pydantic-settings' own
    app = create_app(settings, assessor, store, start_job=start)
    store.add_user("dominique", "analyst", "un mot de passe assez long")
    token = store.begin_session("dominique")
    session = store.find_session(token)
    assert session is not None
    with TestClient(app, headers={"Accept": "text/html"}, follow_redirects=False) as client:
        client.cookies.set("encours_session", token)
        yield Visitor(client, session.csrf_token)


def send(person: Visitor, size: int = 10, name: str = "list.csv", terms: str = "45"):
    files = {"files": (name, b"x" * size)}
    return person.client.post("/import", data={"csrf_token": person.csrf_token, "terms": terms}, files=files)


def upload_of(place: Path) -> Path:
    (found,) = place.iterdir()
    return found


def test_files_are_received_and_the_page_waits_for_what_they_are(analyst: Visitor, place: Path):
    answer = send(analyst, name="../../etc/list.csv")
    upload = upload_of(place)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/import/{upload.name}")
    assert read_state(upload).terms_days == 45
    assert (upload / "files" / "list.csv").is_file()
    assert (upload / "started-look").exists()
    assert 'http-equiv="refresh"' in analyst.get(answer.headers["location"]).text


def test_a_preview_shows_what_would_change_and_is_confirmed(analyst: Visitor, place: Path, store: Store):
    address = send(analyst).headers["location"]
    upload = upload_of(place)
    write_state(upload, read_state(upload).model_copy(update=LOOKED_AT))
    page = analyst.get(address)
    text = said(page)
    assert "Clients 3 4" in text
    assert "n'est pas une date écrite AAAAMMJJ" in text
    assert "<b>xx</b>" not in page.text
    assert analyst.post(address, act="confirm").status_code == 303
    assert (upload / "started-import").exists()
    assert store.audit(1).items[0].action == "import"


def test_columns_of_an_unknown_table_are_named(analyst: Visitor, place: Path):
    address = send(analyst).headers["location"]
    upload = upload_of(place)
    columns = [
        UploadedColumn(header="Montant", samples=["12,50"], guess="amount_cents"),
        UploadedColumn(header="Autre", samples=[]),
    ]
    write_state(
        upload, read_state(upload).model_copy(update={"status": "done", "kind": "table", "columns": columns})
    )
    assert '<option value="Montant" selected>' in analyst.get(address).text
    assert analyst.post(address, act="choose", amount_cents="Montant", intruder="x").status_code == 303
    assert "intruder" not in (upload / "choices.json").read_text()


def test_a_refusal_is_told_on_the_page(analyst: Visitor, place: Path):
    assert (
        "aucun fichier"
        in said(analyst.client.post("/import", data={"csrf_token": analyst.csrf_token})).lower()
    )
    assert send(analyst, terms="soon").status_code == 422
    address = send(analyst).headers["location"]
    assert analyst.post(address, act="confirm").status_code == 422
    assert analyst.get(f"/import/{'0' * 32}").status_code == 404
    assert analyst.post(f"/import/{'0' * 32}", act="drop").status_code == 404


def test_more_than_the_limit_is_refused_and_other_pages_keep_theirs(analyst: Visitor, place: Path):
    assert send(analyst, size=1_500_000).status_code == 303
    assert send(analyst, size=2_500_000).status_code == 413
    token = {"X-CSRF-Token": analyst.csrf_token}
    assert analyst.client.post("/v1/assessments", content=b"x" * 1_500_000, headers=token).status_code == 413


def test_a_file_without_the_session_s_token_is_refused(analyst: Visitor, place: Path):
    answer = analyst.client.post("/import", files={"files": ("a.csv", b"x")})
    assert answer.status_code == 403
    assert not place.exists()


def test_sales_may_not_import_and_a_server_without_jobs_says_so():
    assert visitor("sales").get("/import").status_code == 403
    assert "encours serve" in said(visitor("analyst").get("/import"))
