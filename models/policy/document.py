"""The credit policy as one document: its sections, checked and frozen, with its version and hash.

Owns which sections `policy.toml` has and how a text becomes a policy; what a section may hold is
`models.policy.sections`', how a fault reads is `models.policy.faults`'.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, PrivateAttr, ValidationError

from models.errors import PolicyError
from models.policy.faults import PolicyFault, faults_of
from models.policy.grades import GRADES, PAYER_GRADES
from models.policy.sections.alerts import AlertRules
from models.policy.sections.approval import ApprovalRules
from models.policy.sections.decision import DecisionRules
from models.policy.sections.dunning import DunningRules
from models.policy.sections.exposure import OPEN_INVOICES_ALONE, ExposureRules
from models.policy.sections.fields import ORDER_UNCHECKED, OneForEach, PolicySection, Share, Text
from models.policy.sections.gate import GateRules, ValueRules
from models.policy.sections.limit import (
    CapacityRules,
    ConcentrationRules,
    LimitRules,
    LossRules,
    ReviewRules,
    StarterRules,
    StopRules,
)
from models.policy.sections.overrides import OverrideRules
from models.policy.sections.portfolio_risk import PortfolioRiskRules
from models.policy.sections.proceedings import EARLIER_PROCEEDINGS, ProceedingRules
from models.policy.sections.provisions import EARLIER_PROVISIONS, ProvisionRules
from models.policy.sections.terms import TermsRules
from models.wording.numerals import SPACE


class Policy(PolicySection):
    """The credit policy, its fields the keys and tables of the file.

    Parameters
    ----------
    version
        What the file calls itself.
    currency
        What its amounts are counted in: an ISO 4217 code.
    pd_grades
        Highest 12-month PD of grades A to D, inclusive, rising.
    payer_grades
        Highest expected days late of the payer grades but the last, inclusive, rising.
    capacity, expected_loss, concentration, starter
        What a customer's accounts bear, what may be lost, what one may owe, and how somebody new begins.
    stops, proceedings
        What stops all credit, and how insolvency proceedings and running plans count.
    limit, review
        What a limit is a multiple of, for how long it holds, and when a customer is reviewed.
    approval
        Who approves a limit up to which amount.
    terms, exposure, decision
        On which terms the house sells, which documents use a limit, and what an order may be accepted on
        without a person.
    value, gate
        What credit is worth, and what a model must show before it goes live.
    dunning, alerts
        How customers are chased, and which changes from one night to the next are reported.
    overrides
        What a person may decide in place of the model.
    portfolio_risk
        How defaults go together, and at which confidence losses are shown.
    provisions
        How expected losses and doubtful claims are provided for.
    """

    version: Text
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", description="currency")]
    pd_grades: Annotated[Mapping[str, Share], OneForEach(GRADES[:-1], "rising")]
    payer_grades: Annotated[
        Mapping[str, Annotated[float, Field(ge=-365, le=365)]], OneForEach(PAYER_GRADES[:-1], "rising")
    ]
    capacity: CapacityRules
    expected_loss: LossRules
    concentration: ConcentrationRules
    starter: StarterRules
    stops: StopRules
    proceedings: ProceedingRules = EARLIER_PROCEEDINGS
    limit: LimitRules
    review: ReviewRules
    approval: ApprovalRules
    terms: TermsRules
    exposure: ExposureRules = OPEN_INVOICES_ALONE
    decision: DecisionRules
    value: ValueRules
    dunning: DunningRules
    alerts: AlertRules
    overrides: OverrideRules
    portfolio_risk: PortfolioRiskRules = PortfolioRiskRules()
    provisions: ProvisionRules = Field(default_factory=lambda: EARLIER_PROVISIONS)
    gate: GateRules

    _hash: str = PrivateAttr("")

    @property
    def hash(self) -> str:
        """First 16 hex digits of the SHA-256 of its values; comments and layout do not change it."""
        return self._hash

    @property
    def unapproved_limit_eur(self) -> float | None:
        """Up to which amount a limit needs no approval; None in a policy of an earlier version."""
        return self.approval.unapproved_limit_eur

    def revised(self, **changes: Any) -> Self:  # noqa: ANN401  # a value of any field
        """Return a copy with other values, not validated; those of a section as a dict by key.

        Examples
        --------
        >>> load_policy().revised(limit={"step_eur": 50.0}).limit.step_eur
        50.0
        """
        return self.with_fields(
            {
                name: own.with_fields(value)
                if isinstance(own := getattr(self, name), PolicySection)
                else value
                for name, value in changes.items()
            }
        )

    @classmethod
    def read(cls, values: Mapping[str, Any], context: str | None = None) -> Self:
        """Validate the values of a file."""
        policy = cls.model_validate(values, context=context)
        canonical = json.dumps(values, sort_keys=True, default=str)
        policy._hash = hashlib.sha256(canonical.encode()).hexdigest()[:16]  # noqa: SLF001  # its own
        return policy


def load_policy(path: Path | None = None) -> Policy:
    """Read and check a policy file.

    Parameters
    ----------
    path
        The file; without one, the policy that comes with the program.

    Raises
    ------
    PolicyError
        The file cannot be read, or values in it are not allowed: every fault, with its key, what came and
        what is allowed.

    Examples
    --------
    >>> load_policy().capacity.net_worth_share["B"]
    0.35
    """
    return policy_from_text(policy_text(path), str(_source(path)))


def policy_text(path: Path | None = None) -> str:
    """Return the text of a policy file; without a path, of the policy that comes with the program.

    Raises
    ------
    PolicyError
        The file cannot be read.
    """
    source = _source(path)
    try:
        return source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(
            f"policy file {source} cannot be read: {error}; give a TOML file in UTF-8"
        ) from error


def policy_from_text(text: str, source: str) -> Policy:
    """Parse and validate a policy's text.

    Parameters
    ----------
    source
        What to call the text in a message, such as the name of its file.

    Raises
    ------
    PolicyError
        The text is no TOML, or values in it are not allowed: every fault, with its line, its key, what came
        and what is allowed.
    """
    policy = _parsed(text, source)
    if isinstance(policy, Policy):
        return policy
    in_french = _lines(policy_faults(text, source, "fr"), source)
    raise PolicyError(
        f"{source}: {len(policy)} to correct:\n{_lines(policy, source)}",
        f"{source}{SPACE}: {len(policy)} à corriger{SPACE}:\n{in_french}",
    )


def policy_faults(text: str, source: str, lang: str = "en") -> tuple[PolicyFault, ...]:
    """Return the faults of a policy's text in the order of its lines; empty where it is valid.

    Raises
    ------
    PolicyError
        The text is no TOML.
    """
    policy = _parsed(text, source, lang)
    return () if isinstance(policy, Policy) else policy


def policy_between(values: Mapping[str, Any]) -> Policy:
    """Validate values mixed from two valid policies, without checks of order.

    It serves to show what one key alone would do, such as one band moved past the next.
    """
    return Policy.read(values, ORDER_UNCHECKED)


def _source(path: Path | None) -> Path:
    return path or Path(__file__).with_name("policy.toml")


def _lines(faults: Sequence[PolicyFault], source: str) -> str:
    return "\n".join(fault.located(Path(source).name) for fault in faults)


def _parsed(text: str, source: str, lang: str = "en") -> Policy | tuple[PolicyFault, ...]:
    try:
        return Policy.read(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"policy file {source} cannot be read: {error}; give a TOML file") from error
    except ValidationError as error:
        return faults_of(error, Policy, text, lang)
