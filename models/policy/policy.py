"""The credit policy: its figures as one checked, frozen object with its version and hash.

Owns which keys `policy.toml` has and what they may hold. What is computed with them is `bands`', `limit`'s
and `terms`' business.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import PolicyError
from models.policy.alert_rules import AlertRules, read_alerts
from models.policy.decision_rules import DecisionRules, read_decision
from models.policy.dunning import DunningRules, read_dunning
from models.policy.gate import GateRules, ValueRules, read_gate, read_value
from models.policy.reading import PolicyFault, PolicyReader
from models.policy.terms_rules import TermsRules, read_terms

if TYPE_CHECKING:
    from collections.abc import Mapping

GRADES = ("A", "B", "C", "D", "E")
PAYER_GRADES = ("very_good", "good", "average", "poor", "very_poor")
MEANS_OF_PAYMENT = ("transfer", "direct_debit", "bill_of_exchange", "guarantee", "prepayment")


@dataclass(frozen=True, slots=True)
class CapacityRules:
    """What a customer's accounts can bear, by grade: shares in [0, 1], a cap where accounts are unknown."""

    net_worth_share: Mapping[str, float]
    turnover_share: Mapping[str, float]
    no_accounts_eur: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class LossRules:
    """The expected loss accepted a customer and a year, in euros; the loss given default, a share."""

    budget_eur: float
    lgd_share: float
    pd_floor: float


@dataclass(frozen=True, slots=True)
class ConcentrationRules:
    """The most of the seller's yearly turnover on one customer; a turnover of 0 is unknown."""

    seller_yearly_turnover_eur: float
    max_share: float


@dataclass(frozen=True, slots=True)
class Policy:
    """The house's rules, checked.

    Parameters
    ----------
    version
        What the file calls itself.
    hash
        First 16 hex digits of the SHA-256 of its values; comments and layout do not change it.
    pd_grades
        Highest 12-month PD of grades A to D, inclusive, rising.
    payer_grades
        Highest expected days late of the payer grades but the last, inclusive, rising.
    starter_steps
        Pairs of a number of paid invoices and the cap in euros below it, both rising.
    max_overdue_days
        An invoice overdue for longer stops all credit.
    step_eur
        A limit is a multiple of it.
    validity_days
        For how long a limit holds, by grade.
    value, gate
        What credit is worth, and what a model must show before it answers; no assessment depends on them.
    terms, decision
        On which terms the house sells, and what an order may be accepted on without a person.
    dunning, alerts
        How customers are chased, and which changes from one night to the next are told.
    """

    version: str
    hash: str
    pd_grades: Mapping[str, float]
    payer_grades: Mapping[str, float]
    capacity: CapacityRules
    loss: LossRules
    concentration: ConcentrationRules
    starter_steps: tuple[tuple[int, float], ...]
    max_overdue_days: int
    step_eur: float
    validity_days: Mapping[str, float]
    terms: TermsRules
    decision: DecisionRules
    value: ValueRules
    gate: GateRules
    dunning: DunningRules
    alerts: AlertRules


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
    source = path or Path(__file__).with_name("policy.toml")
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(
            f"policy file {source} cannot be read: {error}; give a TOML file in UTF-8"
        ) from error
    return policy_from_text(text, str(source))


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
    reader = PolicyReader(text, source)
    canonical = json.dumps(reader.values, sort_keys=True, default=str)
    policy = _read(reader, hashlib.sha256(canonical.encode()).hexdigest()[:16])
    reader.finish()
    return policy


def policy_faults(text: str, source: str) -> tuple[PolicyFault, ...]:
    """Return what is wrong with a policy's text, in the order of its lines; nothing where it is valid.

    Raises
    ------
    PolicyError
        The text is no TOML.
    """
    reader = PolicyReader(text, source)
    _read(reader, "")
    return reader.faults()


def _read(reader: PolicyReader, digest: str) -> Policy:
    return Policy(
        version=reader.text("version"),
        hash=digest,
        pd_grades=reader.numbers("pd_grades", GRADES[:-1], 0.0, 1.0, "rising"),
        payer_grades=reader.numbers("payer_grades", PAYER_GRADES[:-1], -365.0, 365.0, "rising"),
        capacity=CapacityRules(
            net_worth_share=reader.numbers("capacity.net_worth_share", GRADES, 0.0, 1.0, "falling"),
            turnover_share=reader.numbers("capacity.turnover_share", GRADES, 0.0, 1.0, "falling"),
            no_accounts_eur=reader.numbers("capacity.no_accounts_eur", GRADES, 0.0, order="falling"),
        ),
        loss=LossRules(
            budget_eur=reader.number("expected_loss.budget_eur", 0.0),
            lgd_share=reader.number("expected_loss.lgd_share", 0.0, 1.0, above_low=True),
            pd_floor=reader.number("expected_loss.pd_floor", 0.0, 1.0, above_low=True),
        ),
        concentration=ConcentrationRules(
            seller_yearly_turnover_eur=reader.number("concentration.seller_yearly_turnover_eur", 0.0),
            max_share=reader.number("concentration.max_share", 0.0, 1.0, above_low=True),
        ),
        starter_steps=reader.steps("starter.steps", "below_paid_invoices", "cap_eur"),
        max_overdue_days=reader.whole("stops.max_overdue_days", 0, 3650),
        step_eur=reader.number("limit.step_eur", 0.01, 1e9),
        validity_days=reader.numbers("limit.validity_days", GRADES, 1.0, 730.0, "falling"),
        terms=read_terms(reader, GRADES, MEANS_OF_PAYMENT),
        decision=read_decision(reader, MEANS_OF_PAYMENT),
        value=read_value(reader),
        gate=read_gate(reader),
        dunning=read_dunning(reader, PAYER_GRADES),
        alerts=read_alerts(reader),
    )
