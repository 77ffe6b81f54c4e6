import subprocess
import sys
from pathlib import Path

from serving.app import create_app
from serving.settings import Settings
from tests.serving.fakes import TestClient

ROOT = Path(__file__).parents[2]


def test_importing_the_application_opens_and_loads_nothing_heavy(tmp_path: Path):
    code = "import sys, serving.app; print([m for m in ('lightgbm', 'mlflow', 'shap') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_starts_without_a_store_and_says_so(tmp_path: Path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    app = create_app(Settings(store_url=f"sqlite:///{tmp_path}/file/encours.db"), assessor=object())  # type: ignore[arg-type]
    with TestClient(app) as client:
        assert client.get("/healthz").status_code == 200
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["type"] == "urn:encours:problem:store-away"


def test_a_body_beyond_the_limit_is_refused(client: TestClient):
    assert client.post("/v1/assessments", content=b"x" * 1_000_001).status_code == 413
