"""What a model must show before it answers, and what credit is worth to the seller.

Owns the sections `[value]` and `[gate]` of the policy. What is measured against them is
`pipelines.training.gate`'s, and no assessment depends on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.policy.reading import PolicyReader


@dataclass(frozen=True, slots=True)
class ValueRules:
    """What sales on account bring and what waiting costs.

    Parameters
    ----------
    margin_share
        The seller's contribution margin on its sales, in [0, 1].
    lost_sales_share
        Of the sales that no credit is given for, the share that goes elsewhere; the rest pays beforehand.
    capital_cost_share
        What a year of waiting for money costs, as a share of it.
    late_invoice_eur
        What an invoice more than 30 days late costs in reminders.
    held_back_share
        The share of invoices, by count, that would be asked to be paid before delivery, the riskiest first.
    """

    margin_share: float
    lost_sales_share: float
    capital_cost_share: float
    late_invoice_eur: float
    held_back_share: float


@dataclass(frozen=True, slots=True)
class Bars:
    """What the models of one target must reach.

    Parameters
    ----------
    bad_customers
        The fewest customers with a bad outcome among the test rows; with fewer, nothing can be judged.
    auc, prospect_auc
        The lowest AUC, and the lowest for customers without history, where enough of them are asked about.
    calibration_error
        The highest mean distance of predicted and realised share over tenths, beyond what chance makes.
    predicted_to_realised_low, predicted_to_realised_high
        Between which the mean probability over the realised share must lie.
    auc_loss, log_loss_share, calibration_loss, value_share
        How much worse than the champion the estimate may be: AUC lost, log loss gained as a share of the
        champion's, calibration error gained, euros lost as a share of the champion's.
    """

    bad_customers: int
    auc: float
    prospect_auc: float
    calibration_error: float
    predicted_to_realised_low: float
    predicted_to_realised_high: float
    auc_loss: float
    log_loss_share: float
    calibration_loss: float
    value_share: float


@dataclass(frozen=True, slots=True)
class GateRules:
    """How a version comes to answer.

    Parameters
    ----------
    two_persons
        Whether a promotion needs a second person.
    request_days
        For how many days the first person's request stands.
    bootstrap
        How many times the customers are drawn again to tell a difference from noise.
    auc_ceiling
        An AUC above it is too good to be true: the features know the answer.
    trifle_share
        A loss that is sure but smaller than this share of what the policy bears is no reason to refuse.
    common_cases
        The fewest questions of either outcome on which two models are compared.
    """

    two_persons: bool
    request_days: int
    bootstrap: int
    auc_ceiling: float
    trifle_share: float
    common_cases: int
    late: Bars
    default: Bars

    def bars(self, target: str) -> Bars:
        """Return what the models of a target must reach; `late30` and the like share one set."""
        return self.late if target.startswith("late") else self.default


def read_value(reader: PolicyReader) -> ValueRules:
    """Read the section `[value]`."""
    return ValueRules(
        margin_share=reader.number("value.margin_share", 0.0, 1.0),
        lost_sales_share=reader.number("value.lost_sales_share", 0.0, 1.0),
        capital_cost_share=reader.number("value.capital_cost_share", 0.0, 1.0),
        late_invoice_eur=reader.number("value.late_invoice_eur", 0.0),
        held_back_share=reader.number("value.held_back_share", 0.0, 1.0),
    )


def read_gate(reader: PolicyReader) -> GateRules:
    """Read the section `[gate]`."""
    return GateRules(
        two_persons=reader.flag("gate.two_persons"),
        request_days=reader.whole("gate.request_days", 1, 365),
        bootstrap=reader.whole("gate.bootstrap", 100, 10_000),
        auc_ceiling=reader.number("gate.auc_ceiling", 0.5, 1.0),
        trifle_share=reader.number("gate.trifle_share", 0.0, 1.0),
        common_cases=reader.whole("gate.common_cases", 1, 1_000_000),
        late=_read_bars(reader, "gate.late"),
        default=_read_bars(reader, "gate.default"),
    )


def _read_bars(reader: PolicyReader, section: str) -> Bars:
    def share(name: str) -> float:
        return reader.number(f"{section}.{name}", 0.0, 1.0)

    return Bars(
        bad_customers=reader.whole(f"{section}.bad_customers", 1, 1_000_000),
        auc=share("auc"),
        prospect_auc=share("prospect_auc"),
        calibration_error=share("calibration_error"),
        predicted_to_realised_low=share("predicted_to_realised_low"),
        predicted_to_realised_high=reader.number(f"{section}.predicted_to_realised_high", 1.0),
        auc_loss=share("auc_loss"),
        log_loss_share=share("log_loss_share"),
        calibration_loss=share("calibration_loss"),
        value_share=share("value_share"),
    )
