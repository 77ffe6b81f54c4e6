from tests.models.fitted import fitted
from tests.serving.web.visiting import said, visitor


def test_the_policy_in_force_is_shown_with_its_file():
    text = said(visitor("analyst").get("/policy"))
    assert fitted().assessor.policy.hash in text
    assert "[pd_grades]" in text
