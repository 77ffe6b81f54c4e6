"""The sections `[value]` and `[gate]`: what credit is worth, and what a model must show to go live.

What is measured against them is `pipelines.training.gate`'s; a limit depends on `[value]`, too.
"""

from typing import Annotated

from pydantic import Field

from models.policy.sections.fields import Euros, PolicySection, Share

_Count = Annotated[int, Field(ge=1, le=1_000_000)]


class ValueRules(PolicySection):
    """The value of credit: margin on sales, and the cost of waiting for money.

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
        The share of invoices, by count, that would require payment before delivery, the riskiest first.
    """

    margin_share: Share
    lost_sales_share: Share
    capital_cost_share: Share
    late_invoice_eur: Euros
    held_back_share: Share


class Bars(PolicySection):
    """Thresholds that the models of one target must reach.

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

    bad_customers: _Count
    auc: Share
    prospect_auc: Share
    calibration_error: Share
    predicted_to_realised_low: Share
    predicted_to_realised_high: Annotated[float, Field(ge=1)]
    auc_loss: Share
    log_loss_share: Share
    calibration_loss: Share
    value_share: Share


class GateRules(PolicySection):
    """Rules by which a model version goes live.

    Parameters
    ----------
    two_persons
        Whether a promotion needs a second person.
    request_days
        For how many days the first person's request is valid.
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
    request_days: Annotated[int, Field(ge=1, le=365)]
    bootstrap: Annotated[int, Field(ge=100, le=10_000)]
    auc_ceiling: Annotated[float, Field(ge=0.5, le=1)]
    trifle_share: Share
    common_cases: _Count
    late: Bars
    default: Bars

    def bars(self, target: str) -> Bars:
        """Return the thresholds of a target; all late targets share one set."""
        return self.late if target.startswith("late") else self.default
