"""Source of a published figure: publisher, title and date."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # pydantic reads it
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Proportion = Annotated[float, Field(gt=0, lt=1)]


class PublishedTable(BaseModel):
    """An immutable table of the file, without unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PublishedSource(PublishedTable):
    """Source of figures: publisher, title and date, or a mark that they are assumed."""

    title: str
    publisher: str = ""
    published: dt.date | None = None
    assumed: bool = False

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not self.assumed and (not self.publisher or self.published is None):
            raise ValueError("name `publisher` and `published`, or say `assumed = true`")
        return self
