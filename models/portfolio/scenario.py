"""Stress scenarios as documents: what happens to whom, read from TOML, with every fault by its line.

Owns the keys of a scenario and what they may hold. What a scenario does to a portfolio is
`models.portfolio.stress`'.
"""

# pydantic reads the annotations at run time: no postponed ones
import datetime as dt
import tomllib
from collections.abc import Iterator
from typing import Annotated, Final, Self

from pydantic import Field, PrivateAttr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from models.errors import ScenarioError
from models.ledger.naf import SECTION_OF_DIVISION
from models.policy.faults import PolicyFault, faults_of
from models.policy.sections.fields import PolicySection, Rows, Share, Text
from models.policy.toml_lines import Path, key_lines, key_of, line_of
from models.wording.numerals import SPACE

EVERY_INSURER: Final = "all"
"""Among the lost insurers: all of them."""
MOST_DEVIATIONS: Final = 10.0
MOST_TIMES: Final = 1_000.0

_Times = Annotated[float, Field(ge=0, le=MOST_TIMES)]


class BothLanguages(PolicySection):
    """A text in French, and in English where it is written."""

    fr: Text
    en: Text | None = None

    def told(self, lang: str) -> str:
        """Return the text in a language; the French one where there is no other."""
        return self.en if lang == "en" and self.en is not None else self.fr


class MacroFactor(PolicySection):
    """A common factor of all defaults: the one-factor model of Vasicek (1987), as in Basel's formula (CRE31).

    Parameters
    ----------
    quantile
        Severity as a probability: 0.999 is the worst year in a thousand.
    deviations
        Severity in standard deviations of the factor instead; the higher, the worse.
    asset_correlation
        How much everybody's default depends on the factor, in [0, 0.95]; by default the policy's.
    """

    quantile: Annotated[float, Field(ge=0.001, le=0.99999)] | None = None
    deviations: Annotated[float, Field(ge=-MOST_DEVIATIONS, le=MOST_DEVIATIONS)] | None = None
    asset_correlation: Annotated[float, Field(ge=0, le=0.95)] | None = None

    @model_validator(mode="after")
    def _one_severity(self) -> Self:
        _require_one(self, "quantile", "deviations")
        return self


class SectorShock(PolicySection):
    """A shock to the probability of default of customers in some NAF divisions.

    Parameters
    ----------
    divisions
        NAF divisions, such as `43`.
    multiplier
        Times the probability; it stays at 1 at most.
    odds
        Times its odds `p / (1 - p)` instead, which never reaches 1.
    """

    divisions: Annotated[Rows[Text], Field(min_length=1)]
    multiplier: _Times | None = None
    odds: Annotated[float, Field(gt=0, le=MOST_TIMES)] | None = None

    @field_validator("divisions")
    @classmethod
    def _known(cls, divisions: tuple[str, ...]) -> tuple[str, ...]:
        known = {f"{division:02d}" for division in SECTION_OF_DIVISION}
        _refuse(("division", (at,), one) for at, one in enumerate(divisions) if one not in known)
        return divisions

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        _require_one(self, "multiplier", "odds")
        return self


class Delays(PolicySection):
    """Payments that come later.

    Parameters
    ----------
    days
        Days that everybody pays later than expected. Sales go on meanwhile: the exposure of a customer with a
        forecast of sales grows by as many days of them.
    """

    days: Annotated[float, Field(ge=0, le=365)]


class InsuranceShock(PolicySection):
    """Cover that is lost.

    Parameters
    ----------
    lost
        Insurers that pay nothing, by name; `all` is all of them.
    cut_share
        Share that the others cut from their insured limits, in [0, 1].
    """

    lost: Rows[Text] = ()
    cut_share: Share = 0.0


class Dependant(PolicySection):
    """A customer that a failure drags down, such as a supplier whose sales depend on it."""

    customer: Text
    share: Share


class Failure(PolicySection):
    """A failure, by one of three names; its whole legal entity fails.

    Parameters
    ----------
    customer
        A customer number.
    siren
        A SIREN.
    largest
        Instead, so many legal entities with the largest exposures, those in default left out.
    group_share
        Probability that the failure drags down each other member of its group, in [0, 1].
    dependants
        Customers that it drags down with a probability each.
    """

    customer: Text | None = None
    siren: Annotated[str, Field(pattern=r"^\d{9}$", description="siren")] | None = None
    largest: Annotated[int, Field(ge=1, le=1_000)] | None = None
    group_share: Share = 0.0
    dependants: Rows[Dependant] = ()

    @model_validator(mode="after")
    def _one_debtor(self) -> Self:
        _require_one(self, "customer", "siren", "largest")
        return self


class Scenario(PolicySection):
    """A stress scenario. One without any shock changes nothing.

    Shocks apply in the order of sectors, macro factor, failures.

    Parameters
    ----------
    name, description
        In both languages.
    source
        Where its figures come from, or which assumption they are.
    valid_until
        The last day on which its assumptions hold: no night after it is put under it.
    lgd_share
        Loss given default of expected losses, in [0, 1]; by default the policy's. Limits keep the policy's.
    """

    name: BothLanguages
    description: BothLanguages | None = None
    source: BothLanguages | None = None
    valid_until: Annotated[dt.date, Field(description="date")] | None = None
    lgd_share: Share | None = None
    macro: MacroFactor | None = None
    sector: Rows[SectorShock] = ()
    delays: Delays | None = None
    insurance: InsuranceShock | None = None
    failure: Rows[Failure] = ()

    _lines: dict[Path, int] = PrivateAttr(default_factory=dict)

    @field_validator("valid_until")
    @classmethod
    def _not_past(cls, day: dt.date | None, info: ValidationInfo) -> dt.date | None:
        if day is not None and info.context is not None and day < info.context:
            raise PydanticCustomError("before", "before {last}", {"last": info.context.isoformat()})
        return day

    @field_validator("sector")
    @classmethod
    def _each_division_once(cls, shocks: tuple[SectorShock, ...]) -> tuple[SectorShock, ...]:
        named = [
            (("divisions", place), at, one)
            for at, shock in enumerate(shocks)
            for place, one in enumerate(shock.divisions)
        ]
        earlier = {one: (at, *key) for key, at, one in reversed(named)}
        _refuse(("repeated", (at, *key), one) for key, at, one in named if earlier[one] != (at, *key))
        return shocks

    def fault(self, path: Path, words: str) -> PolicyFault:
        """Return a fault of one of its keys, with the line where the key is written."""
        return PolicyFault(line_of(path, self._lines), key_of(path), words)


def scenario_from_text(text: str, source: str, as_of: dt.date | None = None) -> Scenario:
    """Parse and validate a scenario.

    Parameters
    ----------
    source
        What to call the text in a message, such as the name of its file.
    as_of
        The day of the night that it is applied to.

    Raises
    ------
    ScenarioError
        The text is no TOML, or values in it are not allowed: every fault, with its line, its key, what came
        and what is allowed.
    """
    scenario = _parsed(text, source, as_of, "en")
    if isinstance(scenario, Scenario):
        return scenario
    raise refusal(scenario, scenario_faults(text, source, as_of, "fr"), source)


def scenario_faults(
    text: str, source: str, as_of: dt.date | None = None, lang: str = "en"
) -> tuple[PolicyFault, ...]:
    """Return the faults of a scenario's text in the order of its lines; empty where it is valid.

    Raises
    ------
    ScenarioError
        The text is no TOML.
    """
    scenario = _parsed(text, source, as_of, lang)
    return () if isinstance(scenario, Scenario) else scenario


def refusal(faults: tuple[PolicyFault, ...], french: tuple[PolicyFault, ...], source: str) -> ScenarioError:
    """Return the error that names faults, in both languages."""
    english, in_french = ("\n".join(one.located(source) for one in words) for words in (faults, french))
    return ScenarioError(
        f"{source}: {len(faults)} to correct:\n{english}",
        f"{source}{SPACE}: {len(faults)} à corriger{SPACE}:\n{in_french}",
        [(f"{one.line}: {one.key}", one.words) for one in faults],
    )


def _parsed(text: str, source: str, as_of: dt.date | None, lang: str) -> Scenario | tuple[PolicyFault, ...]:
    try:
        scenario = Scenario.model_validate(tomllib.loads(text), context=as_of)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(
            f"scenario {source} cannot be read: {error}; give a TOML file",
            f"le scénario {source} est illisible{SPACE}: {error}{SPACE}; donnez un fichier TOML",
        ) from error
    except ValidationError as error:
        return faults_of(error, Scenario, text, lang)
    scenario._lines.update(key_lines(text))  # noqa: SLF001  # its own
    return scenario


def _require_one(section: PolicySection, *keys: str) -> None:
    if sum(getattr(section, key) is not None for key in keys) != 1:
        raise PydanticCustomError("one_key", "one of {last}", {"last": ", ".join(keys)})


def _refuse(faults: Iterator[tuple[str, Path, str]]) -> None:
    """Refuse values by the kind of their fault and their path."""
    found: list[InitErrorDetails] = [
        {"type": PydanticCustomError(kind, kind), "loc": path, "input": value} for kind, path, value in faults
    ]
    if found:
        raise ValidationError.from_exception_data("scenario", found)
