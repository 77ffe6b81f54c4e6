from tests.models.fitted import fitted
from tests.serving.web.visiting import said, visitor


def test_the_policy_in_force_is_shown_with_its_file():
    text = said(visitor("analyst").get("/policy"))
    assert fitted().assessor.policy.hash in text
    assert "[pd_grades]" in text


def test_the_models_in_charge_are_shown_with_their_versions():
    text = said(visitor("analyst").get("/models"))
    assert fitted().late.version in text
    assert fitted().default.version in text
