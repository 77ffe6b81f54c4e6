import pytest

from models.policy.document import policy_from_text
from serving.schemas.models import ModelsOut
from serving.store import PromotionEntry
from tests.models.fitted import fitted
from tests.serving.served import served


def test_the_champions_come_with_the_promotion_that_put_them_in_charge():
    entry = served().store.record_promotion(
        PromotionEntry("late30", 3, fitted().late.version, "promoted", "analyste", "meilleur en euros")
    )
    found = served().client("analyst").get("/v1/models").json()
    ModelsOut.model_validate(found)
    late, default = found["champions"]
    assert (late["target"], late["model_version"]) == ("late30", fitted().late.version)
    assert late["promotion"]["promotion_id"] == entry.promotion_id
    assert default["promotion"] is None
    assert found["history"][0]["reason"] == "meilleur en euros"
    assert late["features"] == len(fitted().late.features)


def test_the_policy_in_force_can_be_read_and_is_the_one_that_answers_name():
    found = served().client("analyst").get("/v1/policy").json()
    assert policy_from_text(found["text"], "the policy").hash == found["hash"]
    assert found["hash"] == fitted().assessor.policy.hash


@pytest.mark.parametrize("path", ["/v1/models", "/v1/policy"])
@pytest.mark.parametrize(
    ("role", "status"), [("sales", 403), ("batch", 403), ("analyst", 200), ("admin", 200)]
)
def test_models_and_policy_are_the_analysts(path: str, role: str, status: int):
    assert served().client(role).get(path).status_code == status
