from fastapi import FastAPI

from serving.web.sending import SentFields
from tests.serving.fakes import TestClient


def test_fields_come_by_name_and_files_are_left_out():
    app = FastAPI()

    @app.post("/")
    def echo(sent: SentFields) -> dict[str, str]:
        return sent

    answer = TestClient(app).post("/", data={"name": "Élan", "empty": ""}, files={"paper": ("a.txt", b"x")})
    assert answer.json() == {"name": "Élan", "empty": ""}
