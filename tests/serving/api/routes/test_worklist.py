from models.portfolio.worklist import PROPOSALS
from serving.schemas.portfolio import WorklistPageOut
from tests.serving.served import served


def test_the_worklist_is_ranked_and_says_why():
    found = served().client().get("/v1/worklist", params={"limit": 500}).json()
    WorklistPageOut.model_validate(found)
    assert [item["place"] for item in found["items"]] == list(range(1, found["total"] + 1))
    saveable = [item["saveable_eur"] for item in found["items"]]
    assert saveable == sorted(saveable, reverse=True)
    assert all(item["why_fr"] and item["why_en"] for item in found["items"])


def test_the_worklist_is_chosen_by_tone():
    tones = {tone: served().client().get("/v1/worklist", params={"tone": tone}).json() for tone in PROPOSALS}
    assert all(item["tone"] == tone for tone, found in tones.items() for item in found["items"])
    whole = served().client().get("/v1/worklist").json()["total"]
    assert sum(found["total"] for found in tones.values()) == whole


def test_a_stretch_links_to_the_next_one():
    answer = served().client().get("/v1/worklist", params={"limit": 1, "tone": "firm"})
    assert "offset=1" in answer.links["next"]["url"]
    assert "tone=firm" in answer.links["next"]["url"]
