"""What answers imports nothing that only training needs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.night import run_night
from serving.store import open_store
from tests.models.fitted import fitted
from tests.pipelines.nightly.test_night import DAY
from tests.serving.promoted import promote_fitted

ROOT = Path(__file__).parents[3]
TRAINING = {
    *("mlflow", "great_expectations", "shap", "sklearn", "lightgbm", "optuna", "matplotlib", "statsmodels"),
    *("duckdb", "dask", "distributed", "alembic", "dvc", "polars", "openpyxl"),
}
"""No answer needs these."""
FRAMES = {"pandas", "pyarrow"}
"""Only prospects and tables need these."""
MODELS = {"numba", "scipy", "numpy"}
"""Only models need these."""
DATABASE = {"sqlalchemy", "pydantic_settings", "serving"}
"""Only what opens the store needs these."""
RUN = """
import sys
from pipelines.cli.app import main
sys.argv = ["encours", *sys.argv[1:]]
try:
    main()
except SystemExit as ended:
    if ended.code:
        raise
finally:
    print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""
SERVE = """
import sys
from fastapi.testclient import TestClient
from serving.app import create_app
with TestClient(create_app()) as client:
    ready = client.get("/readyz")
    assert ready.status_code == 200, ready.text
    asked = {"customer_id": sys.argv[1]}
    key = {"X-API-Key": sys.argv[2]}
    answer = client.post("/v1/assessments", json=asked, headers=key)
    assert answer.status_code == 200, answer.text
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str]:
    """A store with a night and its models in charge: its URL, a customer of it and a key."""
    url = f"sqlite:///{tmp_path_factory.mktemp('store')}/encours.db"
    store = open_store(url)
    promote_fitted(store)
    run_night(LedgerInMemory.of(fitted().ledger, DAY), fitted().assessor, store, lambda *_: ())
    customer, key = store.search("", limit=1).items[0].customer_id, store.add_key("test", "sales")
    store.close()
    return url, customer, key


def imported(code: str, *words: str, url: str = "sqlite:///none.db") -> set[str]:
    """Run code in a fresh process over a store without any registry; return the packages it imported."""
    env = {**os.environ, "ENCOURS_STORE_URL": url, "MLFLOW_TRACKING_URI": "sqlite:////nowhere/mlflow.db"}
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", code, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=env,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("score", "--help"),
        ("keys", "add", "--help"),
        ("penalty", "--amount", "100", "--due", "2026-01-31", "--paid", "2026-06-30"),
    ],
    ids=" ".join,
)
def test_what_opens_no_store_imports_neither_database_nor_models(words: tuple[str, ...]):
    assert imported(RUN, *words) & (TRAINING | FRAMES | MODELS | DATABASE) == set()


@pytest.mark.slow
@pytest.mark.parametrize("words", [("keys", "list"), ("override", "list"), ("users", "list")], ids=" ".join)
def test_what_reads_the_store_imports_no_models(night: tuple[str, str, str], words: tuple[str, ...]):
    assert imported(RUN, *words, url=night[0]) & (TRAINING | FRAMES | {"numba", "scipy"}) == set()


@pytest.mark.slow
def test_an_override_is_set_without_models(night: tuple[str, str, str]):
    url, customer, _ = night
    words = ("override", "set", customer, "--grade", "E", "--reason", "insolvency feared by the sales team")
    found = imported(RUN, *words, "--until", f"{DAY:%Y}-12-31", url=url)
    assert found & (TRAINING | FRAMES | {"numba", "scipy"}) == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [("score",), ("decide", "--amount", "900", "--terms", "30")], ids=lambda words: words[0]
)
def test_a_customer_is_answered_about_without_what_training_needs(
    night: tuple[str, str, str], command: tuple[str, ...]
):
    url, customer, _ = night
    name, *options = command
    assert imported(RUN, name, customer, *options, url=url) & (TRAINING | FRAMES) == set()


@pytest.mark.slow
def test_a_server_starts_and_answers_without_what_training_needs(night: tuple[str, str, str]):
    url, customer, key = night
    assert imported(SERVE, customer, key, url=url) & (TRAINING | FRAMES) == set()
