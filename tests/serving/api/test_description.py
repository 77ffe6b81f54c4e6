"""The API describes itself wholly: every operation with an example, every answer by its schema."""

import datetime as dt
import json
import tomllib
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from serving.api.description import EXAMPLES, FIELDS, JSON, operations, success
from serving.api.problems import MEDIA_TYPE
from tests.serving.fakes import TestClient
from tests.serving.make_examples import SHOWN
from tests.serving.served import served

OF_A_CASE = {"cases_answer", "cases_comment", "cases_withdraw"}
"""What their paths name is made by `tests.serving.make_examples`, and answered once."""
LEFT_OUT = {"facts"}
"""What an answer leaves out where nothing was looked up in a register."""
FOUND: dict[str, dict[str, Any]] = json.loads(EXAMPLES.read_text(encoding="utf-8"))


def described() -> dict[str, Any]:
    return served().app.openapi()


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    whole = {**schema, "components": described()["components"]}
    return Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_every_operation_has_an_example_and_no_example_is_without_one():
    assert set(FOUND) == set(operations(described()))


@pytest.mark.parametrize("name", FOUND)
def test_an_example_fits_its_schema_and_is_in_the_description(name: str):
    operation, example = operations(described())[name], FOUND[name]
    content = success(operation)["content"][JSON]
    assert content["examples"]["example"]["value"] == example["answer"]
    validator(content["schema"]).validate(example["answer"])
    if "question" in example:
        asked = operation["requestBody"]["content"][JSON]
        assert asked["examples"]["example"]["value"] == example["question"]
        validator(asked["schema"]).validate(
            example["question"]
        ) if name != "assessments_assess_many" else None
    assert ("question" in example) == ("requestBody" in operation)


@pytest.mark.parametrize(
    "name",
    [name for name, one in FOUND.items() if "question" in one and name not in OF_A_CASE],
)
def test_the_example_of_a_question_is_answered_as_the_example_of_its_answer(name: str):
    client, path = served().client("admin"), path_of(name)
    question = FOUND[name]["question"]
    if "valid_until" in question:
        question = question | {"valid_until": (dt.datetime.now(dt.UTC).date() + dt.timedelta(30)).isoformat()}
    answer = client.post(path, json=question)
    assert answer.is_success, answer.text
    assert shape(answer.json()) >= shape(FOUND[name]["answer"])


def path_of(name: str) -> str:
    return next(
        path
        for path, methods in described()["paths"].items()
        for operation in methods.values()
        if operation["operationId"] == name
    )


def shape(value: object, at: str = "") -> set[str]:
    """Where in a document a field stands, places in lists aside."""
    if isinstance(value, dict):
        return {place for key, item in value.items() for place in shape(item, f"{at}.{key}")} | {at}
    if isinstance(value, list):
        return {place for item in value[:SHOWN] for place in shape(item, f"{at}[]")} | {at}
    return {at}


def test_every_operation_says_what_errors_it_answers():
    for name, operation in operations(described()).items():
        if name == "health_healthz":
            continue
        problems = {s for s, r in operation["responses"].items() if MEDIA_TYPE in r.get("content", {})}
        assert "503" in problems, name
        if not name.startswith("health"):
            assert {"401", "429"} <= problems, name
        if "requestBody" in operation:
            assert {"400", "413", "422"} <= problems, name


def test_every_problem_is_described_by_one_shape():
    for operation in operations(described()).values():
        for answer in operation["responses"].values():
            for media, content in answer.get("content", {}).items():
                if media == MEDIA_TYPE:
                    assert content["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_every_problem_that_is_described_has_an_example_of_its_status():
    for name, operation in operations(described()).items():
        for status, answer in operation["responses"].items():
            if MEDIA_TYPE in answer.get("content", {}):
                value = answer["content"][MEDIA_TYPE]["examples"]["example"]["value"]
                validator({"$ref": "#/components/schemas/Problem"}).validate(value)
                assert str(value["status"]) == status, name


def test_every_field_that_is_asked_for_is_checked(client: TestClient):
    answer = client.post("/v1/decisions", json={})
    validator({"$ref": "#/components/schemas/Problem"}).validate(answer.json())


def test_every_field_is_described_and_every_description_is_of_a_field():
    schemas = described()["components"]["schemas"]
    fields = [
        (name, f, about) for name, one in schemas.items() for f, about in one.get("properties", {}).items()
    ]
    assert [f"{name}.{field}" for name, field, about in fields if not about.get("description")] == []
    known = {key for name, field, _ in fields for key in (field, f"{name}.{field}")}
    assert set(tomllib.loads(FIELDS.read_text(encoding="utf-8"))) - known == set()


def test_operations_are_named_after_their_noun_and_verb():
    assert {"customers_search", "decisions_decide", "assessments_assess"} <= set(operations(described()))


@pytest.mark.parametrize("name", FOUND)
def test_the_example_of_an_answer_has_every_field_of_its_schema(name: str):
    schema = success(operations(described())[name])["content"][JSON]["schema"]
    assert lacking(schema, FOUND[name]["answer"]) == set()


def lacking(schema: dict[str, Any], value: object, at: str = "") -> set[str]:
    """Where fields that a schema describes are absent from a value."""
    if "$ref" in schema:
        return lacking(described()["components"]["schemas"][schema["$ref"].rpartition("/")[2]], value, at)
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return next(lacking(one, value, at) for one in schema[several] if validator(one).is_valid(value))
    if isinstance(value, list):
        return {place for item in value for place in lacking(schema.get("items", {}), item, f"{at}[]")}
    if not isinstance(value, dict):
        return set()
    fields = schema.get("properties", {})
    absent = {f"{at}.{field}" for field in fields if field not in value and field not in LEFT_OUT}
    return absent.union(
        *(lacking(fields[key], item, f"{at}.{key}") for key, item in value.items() if key in fields)
    )
