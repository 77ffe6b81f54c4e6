"""The credit policy: its figures as one checked, frozen object with its version and hash.

Owns which sections `policy.toml` has; what a section may hold stands beside the rules it gives. What is
computed with them is `bands`', `limit`'s, `terms`' and `decision`'s business.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import PolicyError
from models.policy.grades import GRADES, PAYER_GRADES
from models.policy.means_of_payment import MEANS_OF_PAYMENT
from models.policy.reading import PolicyFault, PolicyReader
from models.policy.sections.alerts import AlertRules, read_alerts
from models.policy.sections.approval import ApprovalLevel, read_approval, read_unapproved_limit
from models.policy.sections.decision import DecisionRules, read_decision
from models.policy.sections.dunning import DunningRules, read_dunning
from models.policy.sections.exposure import ExposureRules, read_exposure
from models.policy.sections.gate import GateRules, ValueRules, read_gate, read_value
from models.policy.sections.limit import (
    CapacityRules,
    ConcentrationRules,
    LossRules,
    StarterRules,
    read_capacity,
    read_concentration,
    read_loss,
    read_starter,
    read_step,
)
from models.policy.sections.overrides import OverrideRules, read_overrides
from models.policy.sections.proceedings import ProceedingRules, read_proceedings
from models.policy.sections.terms import TermsRules, read_terms

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Policy:
    """The house's rules, checked.

    Parameters
    ----------
    version
        What the file calls itself.
    hash
        First 16 hex digits of the SHA-256 of its values; comments and layout do not change it.
    currency
        What its amounts are counted in: an ISO 4217 code.
    pd_grades
        Highest 12-month PD of grades A to D, inclusive, rising.
    payer_grades
        Highest expected days late of the payer grades but the last, inclusive, rising.
    capacity, loss, concentration, starter
        What a customer's accounts bear, what may be lost, what may hang on one, and how somebody new begins.
    max_overdue_days
        An invoice overdue for longer stops all credit.
    step_eur
        A limit is a multiple of it.
    validity_days, review_days
        By grade: for how long a limit holds, and when somebody looks at the customer again.
    approval
        Who approves a limit up to which amount.
    unapproved_limit_eur
        Up to which amount a recommended limit stands without approval; None in a policy of an earlier
        version, where levels approved the exposure that an order leads to.
    exposure
        Which documents use a limit.
    value, gate
        What credit is worth, and what a model must show before it answers.
    terms, decision
        On which terms the house sells, and what an order may be accepted on without a person.
    dunning, alerts
        How customers are chased, and which changes from one night to the next are told.
    overrides
        What a person may decide in place of the model.
    proceedings
        How insolvency proceedings and running plans count.
    """

    version: str
    hash: str
    currency: str
    pd_grades: Mapping[str, float]
    payer_grades: Mapping[str, float]
    capacity: CapacityRules
    loss: LossRules
    concentration: ConcentrationRules
    starter: StarterRules
    max_overdue_days: int
    step_eur: float
    validity_days: Mapping[str, float]
    review_days: Mapping[str, float]
    approval: tuple[ApprovalLevel, ...]
    unapproved_limit_eur: float | None
    exposure: ExposureRules
    terms: TermsRules
    decision: DecisionRules
    value: ValueRules
    gate: GateRules
    dunning: DunningRules
    alerts: AlertRules
    overrides: OverrideRules
    proceedings: ProceedingRules


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
    """Check a policy's text.

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
    return _checked(PolicyReader.of_text(text, source))


def policy_between(values: Mapping[str, object]) -> Policy:
    """Return the policy of values mixed from two valid ones: orders among its keys are not checked.

    It serves to tell what one key alone would do, such as one band moved past the next.
    """
    return _read(PolicyReader(values, "between two policies"), _digest(values))


def policy_faults(text: str, source: str) -> tuple[PolicyFault, ...]:
    """Return what is wrong with a policy's text, in the order of its lines; nothing where it is valid.

    Raises
    ------
    PolicyError
        The text is no TOML.
    """
    reader = PolicyReader.of_text(text, source)
    _read(reader, "")
    return reader.faults()


def _source(path: Path | None) -> Path:
    return path or Path(__file__).with_name("policy.toml")


def _checked(reader: PolicyReader) -> Policy:
    policy = _read(reader, _digest(reader.values))
    reader.finish()
    return policy


def _digest(values: Mapping[str, object]) -> str:
    canonical = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _read(reader: PolicyReader, digest: str) -> Policy:
    return Policy(
        version=reader.text("version"),
        hash=digest,
        currency=reader.currency("currency"),
        pd_grades=reader.numbers("pd_grades", GRADES[:-1], 0.0, 1.0, "rising"),
        payer_grades=reader.numbers("payer_grades", PAYER_GRADES[:-1], -365.0, 365.0, "rising"),
        capacity=read_capacity(reader),
        loss=read_loss(reader),
        concentration=read_concentration(reader),
        starter=read_starter(reader),
        max_overdue_days=reader.whole("stops.max_overdue_days", 0, 3650),
        step_eur=read_step(reader),
        validity_days=reader.whole_numbers("limit.validity_days", GRADES, 1, 730, "falling"),
        review_days=reader.whole_numbers("review.every_days", GRADES, 1, 730, "falling"),
        approval=read_approval(reader),
        unapproved_limit_eur=read_unapproved_limit(reader),
        exposure=read_exposure(reader),
        terms=read_terms(reader, GRADES, MEANS_OF_PAYMENT),
        decision=read_decision(reader, MEANS_OF_PAYMENT),
        value=read_value(reader),
        gate=read_gate(reader),
        dunning=read_dunning(reader, PAYER_GRADES),
        alerts=read_alerts(reader),
        overrides=read_overrides(reader),
        proceedings=read_proceedings(reader),
    )
