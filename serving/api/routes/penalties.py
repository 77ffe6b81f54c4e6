"""Late interest on an invoice, by half-year, and the flat indemnity."""

from typing import Any

from models.errors import CreditError, PolicyError
from models.law.legal_rates import load_rates, semesters
from models.law.penalties import penalty
from serving.api.dependencies import RatesPathDep
from serving.api.problems import Problem, documented
from serving.api.routes.api_route import api_router
from serving.schemas.penalties import PenaltyIn, PenaltyOut

router = api_router("penalties")


@router.post("", response_model=PenaltyOut, responses=documented(400, 401, 413, 422, 503))
def penalties(question: PenaltyIn, rates_path: RatesPathDep) -> dict[str, Any]:
    """Compute late interest line by line; a half-year whose rates are missing is a fault, never a guess."""
    rates = load_rates(rates_path)
    parts = [(part.paid_on, part.amount_eur) for part in question.payments]
    asked = (question.amount_eur, question.due_on, question.paid_on)
    try:
        found = penalty(
            *asked,
            rates,
            question.contract_rate,
            parts,
            imputation=question.imputation,
            opened_on=question.opened_on,
        )
        return found.document()
    except PolicyError as error:
        halves = {semester for semester, *_ in semesters(question.due_on, question.paid_on)}
        lacks, known = sorted(halves - {*rates.rates}), f"{min(rates.rates)} to {max(rates.rates)}"
        detail = (
            f"The rates of {', '.join(lacks[:3])} are missing: the table of legal rates holds {known}. "
            "The operator adds them when they are published (ENCOURS_RATES_PATH)."
        )
        raise Problem(422, "missing-rates", "Rates are missing", detail) from error
    except CreditError as error:
        raise Problem(422, "invalid-request", "Invalid request", f"{error}.") from error
