"""What the reasons of an assessment compare a customer with: typical values over the customers of a night.

Owns their computation from states and the choice for one assessment; the statistic is in
`models.explain.typical_values`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.assessment.assessment import CreditRequest
from models.assessment.assessor import describe
from models.assessment.related_exposure import division_of
from models.explain.compared_words import SECTOR_RATES, Comparison
from models.explain.typical_values import SECTOR, TypicalValues
from models.features.build import CUSTOMER_FEATURES
from models.features.table import names
from models.ledger.naf import SECTION_OF_DIVISION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.assessment.assessment import CustomerState
    from models.assessment.assessor import Assessor


def typical_values_of(assessor: Assessor, states: Sequence[CustomerState]) -> TypicalValues:
    """Compute typical values over customers, each with its usual invoice; at least one customer.

    Only features that reasons can name are among them: those that the models read, and the rates of sectors.
    """
    known = assessor.know(states, explained=False)
    requests = [one.resolve(CreditRequest(), assessor.policy) for one in known]
    invoices = describe(known, requests)
    features = np.stack([one.features for one in known])
    rows = np.concatenate((features, np.array(list(invoices.values())).T), axis=1)
    named = {*assessor.late.features, *assessor.default.features, *SECTOR_RATES.values(), SECTOR}
    places = {name: at for at, name in enumerate((*names(CUSTOMER_FEATURES), *invoices)) if name in named}
    return TypicalValues.of([*places], rows[:, [*places.values()]])


def comparison_of(assessment: Mapping[str, Any], context: Mapping[str, Any] | None) -> Comparison:
    """Return what an assessment is compared with.

    Parameters
    ----------
    assessment
        An assessment's document.
    context
        The published run's; without typical values where an earlier version wrote it.
    """
    division = division_of(assessment["party"]["naf"])
    sector = None if division is None else SECTION_OF_DIVISION.get(int(division))
    return Comparison(TypicalValues.of_run(context), sector, unpaid=assessment["history"] == "none")
