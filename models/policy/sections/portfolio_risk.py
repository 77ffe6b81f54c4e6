"""The section `[portfolio_risk]`: how defaults go together, and at which confidence losses are shown."""

import math
from typing import Annotated

from pydantic import Field

from models.policy.sections.fields import PolicySection

_Correlation = Annotated[float, Field(ge=0, le=0.95)]


class PortfolioRiskRules(PolicySection):
    """How much defaults depend on one common factor, and the confidence of loss figures.

    The asset correlation falls from one value to the other as the probability of default rises, by the shape
    of Basel's formula for corporates (CRE31.5; CRR art. 153). The values are those of companies with a
    turnover of 5 M EUR at most: 0.24 and 0.12, less the 0.04 of CRE31.8.

    Parameters
    ----------
    correlation_low_pd, correlation_high_pd
        Asset correlation where the probability of default is near 0, and where it is high.
    correlation_decay
        How fast it goes from one to the other; 0 keeps the first one for all.
    confidence_level
        Probability with which a year's loss stays below the value at risk.
    """

    correlation_low_pd: _Correlation = 0.20
    correlation_high_pd: _Correlation = 0.08
    correlation_decay: Annotated[float, Field(ge=0, le=1000)] = 50.0
    confidence_level: Annotated[float, Field(ge=0.5, le=0.9999)] = 0.999

    def asset_correlation(self, pd_12m: float) -> float:
        """Return the asset correlation of a customer, in [0, 1).

        Examples
        --------
        Basel's own correlation of a corporate with a probability of default of 1 %:

        >>> basel = PortfolioRiskRules(correlation_low_pd=0.24, correlation_high_pd=0.12)
        >>> round(basel.asset_correlation(0.01), 4)
        0.1928
        """
        if not self.correlation_decay:
            return self.correlation_low_pd
        weight = math.expm1(-self.correlation_decay * pd_12m) / math.expm1(-self.correlation_decay)
        return self.correlation_high_pd * weight + self.correlation_low_pd * (1.0 - weight)
