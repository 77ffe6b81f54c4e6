"""Templates made into answers, in the language of who asks.

Owns the language of a request, what every template knows, and the headers of a page. What a page shows is
its view model's.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.errors import CreditError
from models.wording.formats import LANGUAGES, Language
from serving.api.middleware.headers import local
from serving.web.navigation import RISK_TABS, navigation_of
from serving.web.words import Words, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request

    from serving.callers import Caller

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
LANGUAGE_COOKIE = "encours_lang"
_YEAR_S = 365 * 24 * 3600


def speech(request: Request) -> Words:
    """Return how to speak to who asks: as the address says, else as chosen before, else in French."""
    return words(
        _known(request.query_params.get("lang")) or _known(request.cookies.get(LANGUAGE_COOKIE)) or "fr"
    )


def page(
    request: Request,
    template: str,
    person: Caller | None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    resend: Mapping[str, str] | None = None,
    **shown: Any,  # noqa: ANN401  # view models of any kind
) -> HTMLResponse:
    """Return a page.

    Parameters
    ----------
    template
        Its file's name.
    person
        Who is signed in; None where nobody is.
    resend
        What a form had sent, so that the page can be asked for again in the other language; None for a page
        that has an address of its own.
    shown
        What the template shows, by name.
    """
    w = speech(request)
    body = (
        templates()
        .get_template(template)
        .render(
            w=w,
            person=person,
            here=request.url.path,
            searched=request.query_params.get("q", "") if request.url.path == "/" else "",
            navigation=navigation_of(person),
            waiting_cases=_waiting_cases(request, person),
            other=other_language(w.language),
            switch=switch_address(request, other_language(w.language)),
            resend=resend,
            **shown,
        )
    )
    # What a page says of a customer stays out of every cache.
    kept = {"Cache-Control": "no-store", **(headers or {})}
    response = HTMLResponse(body, status, headers=kept)
    if _known(request.query_params.get("lang")):
        response.set_cookie(
            LANGUAGE_COOKIE,
            w.language,
            max_age=_YEAR_S,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
    return response


def other_language(language: Language) -> Language:
    """Return the language to switch to."""
    return next(one for one in LANGUAGES if one != language)


def switch_address(request: Request, language: Language) -> str:
    """Return the address of the same place in another language."""
    return local(str(request.url.include_query_params(lang=language)))


@cache
def templates() -> Environment:
    """Return the templates; what they are given and do not have is an error."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static"] = static_address
    environment.globals["risk_tabs"] = RISK_TABS
    environment.filters["path"] = lambda text: quote(text, safe="/")
    return environment


@cache
def static_address(name: str) -> str:
    """Return the address of a static file; it changes with its content, so that browsers may keep it."""
    content = (STATIC / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:8]}"


def _waiting_cases(request: Request, person: Caller | None) -> int:
    """Return how many cases wait for a person; 0 where that cannot be told now."""
    if person is None or not person.may("cases"):
        return 0
    try:
        found: int = request.app.state.wiring.waiting_cases(person)
    except CreditError:
        # The page says what is missing, or does without it.
        return 0
    return found


def _known(language: str | None) -> Language | None:
    return next((one for one in LANGUAGES if one == language), None)
