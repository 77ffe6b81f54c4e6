"""What a version shows is kept for the pages: few points, both versions on the same rows."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from models.errors import NoChampionError
from models.policy.document import load_policy
from pipelines.training.evaluation import POINTS, curves
from pipelines.training.promotion import examine_newest, promote
from serving.store import Store, open_store
from tests.pipelines.fake_models import TARGET, FakeModels, a_period, backwards

POLICY = load_policy().revised(gate={"bootstrap": 100})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/encours.db")) as found:
        yield found


def test_curves_have_few_points_and_both_ends():
    found = curves(*a_period(2_000))
    assert found is not None
    points = found["roc"]
    assert len(points) <= POINTS
    assert points[0] == [0.0, 0.0]
    assert points[-1] == [1.0, 1.0]
    assert len(found["reliability"]) == 10
    assert sum(found["scores"]["good"]) == pytest.approx(1, abs=1e-3)
    assert sum(line["rows"] for line in found["periods"]) == 2_000


def test_rows_of_a_single_outcome_have_no_ranking():
    rows, truth = a_period(50)
    good = rows.take(np.flatnonzero(rows.label == 0))
    found = curves(good, truth[: len(good)])
    assert found is not None
    assert found["roc"] is found["scores"] is None
    assert found["periods"][0]["auc"] is None
    assert curves(rows.take(np.array([], dtype=np.int64)), truth[:0]) is None


def test_a_version_is_shown_beside_the_champion_before_it_is_promoted(store: Store, tmp_path):
    models = FakeModels(tmp_path)
    rows, truth = a_period()
    models.add(rows, truth)
    promote(models, store, POLICY, TARGET, 1, "anne")
    models.add(rows, backwards(truth))
    judged = examine_newest(models, store, POLICY, TARGET)
    assert judged is not None
    assert judged.outcome == "refused"
    newest, first = store.model_evaluations(TARGET)
    assert (newest.version, newest.compared_with, first.version) == (2, 1, 1)
    both = newest.document["common"]
    assert both["champion"]["figures"]["auc"] > both["challenger"]["figures"]["auc"]
    assert len(json.dumps(newest.document)) < 30_000
    assert [one.action for one in store.promotions(TARGET)] == ["promoted"]


def test_a_version_that_is_judged_again_is_known_once(store: Store, tmp_path):
    models = FakeModels(tmp_path)
    models.add(*a_period())
    examine_newest(models, store, POLICY, TARGET)
    promote(models, store, POLICY, TARGET, None, "anne")
    assert examine_newest(models, store, POLICY, TARGET) is None
    assert len(store.model_evaluations(TARGET)) == 1
    with pytest.raises(NoChampionError):
        examine_newest(models, store, POLICY, TARGET, 9)
