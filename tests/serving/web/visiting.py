"""A person who is signed in to the pages of a real small store, and what a page says."""

import html
import re
from dataclasses import dataclass
from functools import cache

from fastapi import FastAPI
from httpx2 import Response

from serving.store import Store
from tests.serving.fakes import TestClient
from tests.serving.served import Served, served

PASSWORD = "un mot de passe assez long"
PEOPLE = {"sales": "camille", "analyst": "dominique", "admin": "sacha"}


@cache
def with_people() -> Served:
    """Return the application over two nights, with a person of each role."""
    found = served()
    for role, name in PEOPLE.items():
        found.store.add_user(name, role, PASSWORD)  # type: ignore[arg-type]  # roles by name
    return found


@dataclass(frozen=True)
class Visitor:
    """A browser without scripts: it keeps cookies, asks for pages, follows no redirects."""

    client: TestClient
    csrf_token: str

    def get(self, path: str, **params: object) -> Response:
        return self.client.get(path, params=params or None)

    def post(self, path: str, **fields: str) -> Response:
        return self.client.post(path, data={"csrf_token": self.csrf_token, **fields})


def visitor(role: str = "sales") -> Visitor:
    """Return somebody who signed in by cookie; the form is tested with the browser."""
    return visitor_at(with_people().app, with_people().store, role)


def visitor_at(app: FastAPI, store: Store, role: str) -> Visitor:
    """Return somebody who signed in at an application over a store with `PEOPLE`."""
    token = store.begin_session(PEOPLE[role])
    session = store.find_session(token)
    client = TestClient(
        app,
        headers={"Accept": "text/html"},
        raise_server_exceptions=False,
        follow_redirects=False,
    )
    client.cookies.set("encours_session", token)
    return Visitor(client, session.csrf_token)  # type: ignore[union-attr]  # it was just begun


def a_customer_of(grade: str) -> str:
    """Return a customer of a grade that owes something."""
    lines = with_people().store.search("", 1000).items
    return next(one.customer_id for one in lines if one.grade == grade and one.open_eur > 0)


def said(response: Response) -> str:
    """Return what a page says, without its tags, spaces put together."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", response.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body))).strip()
