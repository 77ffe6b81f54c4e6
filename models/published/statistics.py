"""Published statistics as typed values, read from `statistics.toml`.

Owns the file format and its validation. `models.published.delays` and `models.learning.starter.default` use
the figures.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator

from models.errors import ModelError
from models.published.default_statistics import DefaultStatistics  # noqa: TC001  # pydantic reads it
from models.published.source import Proportion, PublishedSource, PublishedTable

PACKAGED = Path(__file__).with_name("statistics.toml")
VARIABLE = "ENCOURS_STATISTICS"
"""Environment variable with the path of another file."""

Days = Annotated[float, Field(gt=0, le=365)]


class Survival(PublishedSource):
    """Shares of invoices paid later than so many days after the due date."""

    later_than_days: tuple[int, ...] = Field(min_length=1)
    share: tuple[Proportion, ...]

    @model_validator(mode="after")
    def _falling(self) -> Self:
        if len(self.later_than_days) != len(self.share):
            raise ValueError("`later_than_days` and `share` must have the same length")
        return self


class SizeBand(PublishedTable):
    """Mean days late of companies, from a staff size up to the next band."""

    staff: int = Field(ge=0)
    mean_days_late: Days


class SectorMean(PublishedTable):
    """Mean days late of a NAF section (a letter) or of a prefix of NAF codes."""

    naf: str = Field(min_length=1)
    mean_days_late: Days


class LateBySize(PublishedSource):
    """Mean days late by staff size."""

    mean_days_late: Days
    bands: tuple[SizeBand, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        staff = [band.staff for band in self.bands]
        if staff != sorted(set(staff)):
            raise ValueError("`staff` must be ascending from band to band")
        return self


class LateBySector(PublishedSource):
    """Mean days late by sector."""

    mean_days_late: Days
    sectors: tuple[SectorMean, ...]


class LateStatistics(PublishedTable):
    """Published payment delays of companies."""

    distribution: Survival
    tail: Survival
    before_due: Survival
    size: LateBySize
    sector: LateBySector

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        points = self.points()
        if any(high <= low for low, high in zip(points[1:], points, strict=False) if low[1] >= high[1]):
            raise ValueError("a longer delay must have a smaller share")
        return self

    def points(self) -> tuple[tuple[int, float], ...]:
        """Return days with the share paid later, by ascending days."""
        parts = (self.before_due, self.distribution, self.tail)
        return tuple(
            sorted(pair for part in parts for pair in zip(part.later_than_days, part.share, strict=True))
        )


class Statistics(PublishedTable):
    """All contents of the file."""

    late: LateStatistics
    default: DefaultStatistics


def load_statistics(path: Path | None = None) -> Statistics:
    """Read published statistics from `path`, the file of `ENCOURS_STATISTICS`, or the packaged one.

    Raises
    ------
    ModelError
        The file cannot be read or contains invalid values; all faults are listed by key.
    """
    return _load(str(path or os.environ.get(VARIABLE) or PACKAGED))


@cache
def _load(path: str) -> Statistics:
    try:
        return Statistics.model_validate(tomllib.loads(Path(path).read_text(encoding="utf-8")))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise ModelError(f"{path} cannot be used: {faults}") from error
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}") from error
