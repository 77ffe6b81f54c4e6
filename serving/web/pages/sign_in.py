"""The form to sign in; what it is sent to is `serving.api.routes.session`'s."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from serving.api.sessions import SIGN_IN, form_token, local_path, set_form_token
from serving.web.rendering import page

router = APIRouter()


@router.get(SIGN_IN)
def sign_in(
    request: Request,
    next: Annotated[str, Query(max_length=2000)] = "/",  # noqa: A002  # the form's word
    failed: bool = False,  # noqa: FBT001, FBT002  # a field of the address
) -> HTMLResponse:
    """Show the form."""
    token = form_token(request)
    response = page(request, "sign_in.html", None, token=token, next=local_path(next), failed=failed)
    set_form_token(request, response, token)
    return response
