"""What a browser sent with a form."""

from typing import Annotated

from fastapi import Depends, Request


async def sent_fields(request: Request) -> dict[str, str]:
    """Return the fields of the form that came; files are none of them."""
    async with request.form() as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


SentFields = Annotated[dict[str, str], Depends(sent_fields)]
