from dataclasses import dataclass, field

import pytest

from models.policy.document import load_policy
from pipelines.training.promotion import examine_newest, promote
from serving.app import create_app
from serving.settings import Settings
from serving.store import Store
from serving.usecases.model_changes import ModelJob, ModelJobResult
from tests.models.fitted import fitted
from tests.pipelines.fake_models import TARGET, FakeModels, a_period, backwards
from tests.serving.fakes import TestClient
from tests.serving.web.visiting import Visitor, said, visitor

POLICY = load_policy().revised(gate={"bootstrap": 100})


@dataclass
class Jobs:
    """Jobs that were run."""

    done: list[ModelJob] = field(default_factory=list)

    def __call__(self, job: ModelJob) -> ModelJobResult:
        self.done.append(job)
        return ModelJobResult(action="promoted", version=job.version)


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()


@pytest.fixture
def analyst(store: Store, jobs: Jobs, tmp_path) -> Visitor:
    """Somebody signed in where a worse version follows the one in charge."""
    models = FakeModels(tmp_path)
    rows, truth = a_period()
    for probability in (truth, backwards(truth)):
        models.add(rows, probability)
    promote(models, store, POLICY, TARGET, 1, "anne")
    examine_newest(models, store, POLICY, TARGET)
    settings = Settings(_env_file=None, rate_per_minute=0)  # type: ignore[call-arg]  # pydantic-settings' own
    app = create_app(settings, fitted().assessor, store, run_model_job=jobs)
    store.add_user("dominique", "analyst", "un mot de passe assez long")
    token = store.begin_session("dominique")
    session = store.find_session(token)
    assert session is not None
    client = TestClient(app, headers={"Accept": "text/html"}, follow_redirects=False)
    client.cookies.set("encours_session", token)
    return Visitor(client, session.csrf_token)


def test_the_models_in_charge_are_shown_with_their_versions():
    text = said(visitor("analyst").get("/models"))
    assert fitted().late.version in text
    assert fitted().default.version in text
    assert "Aucune version n'a encore été comparée" in text


def test_champion_and_challenger_are_side_by_side_with_the_gate_s_verdict(analyst: Visitor):
    text = said(analyst.get("/models"))
    assert "En service (version 1)" in text
    assert "Candidate (version 2)" in text
    assert "Critères non atteints" in text
    assert "Au moins 0,65" in text
    assert "sur les mêmes cas" in text
    english = said(analyst.get("/models", lang="en"))
    assert "Checks missed" in english
    assert "Challenger (version 2)" in english


def test_a_promotion_needs_a_reason_which_stays_in_the_form(analyst: Visitor, jobs: Jobs):
    sent = {"act": "promote", "target": TARGET, "version": "2"}
    refused = analyst.post("/models", **sent, reason="vite")
    assert refused.status_code == 422
    assert "vite" in refused.text
    assert "au moins 10 caractères" in said(refused)
    done = analyst.post("/models", **sent, reason="demandé par le comité")
    assert (done.status_code, done.headers["location"]) == (303, f"/models#{TARGET}")
    assert [(one.act, one.target, one.version) for one in jobs.done] == [("promote", TARGET, 2)]


def test_only_analysts_change_models_and_only_where_the_server_can():
    assert visitor("sales").post("/models", act="compare", target=TARGET).status_code == 403
    refused = visitor("analyst").post("/models", act="compare", target=TARGET)
    assert refused.status_code == 422
    assert "Ce serveur ne change pas de modèles" in said(refused)
