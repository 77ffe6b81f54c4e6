"""Claims and closings for tests of provisions, and a strategy of both."""

import datetime as dt

from hypothesis import strategies as st

from models.policy.document import load_policy
from models.policy.sections.provisions import DOUBTFUL_REASONS
from models.portfolio.claims import Claim
from models.portfolio.closing import Closing, NightUsed
from models.portfolio.provision_matrix import NO_FLOW, LossRates
from models.portfolio.provisions import ClaimRisk, ProvisionLine, provision_lines

AS_OF = dt.date(2026, 12, 31)
RULES = load_policy().provisions
RATES = (0.003, 0.016, 0.036, 0.066, 0.106)
PORTFOLIO = {"": LossRates("", "default", RATES, RATES, (NO_FLOW,) * 5)}


def a_claim(number: int = 1, age: int = 0, **changes: object) -> Claim:
    """Return a claim of 1 200.00 with an age in days past due."""
    due = AS_OF - dt.timedelta(days=age)
    values = {"open_cents": 120_000, "name": "Alpha"} | changes
    return Claim(f"F{number}", f"C{number % 5}", due_on=due, issued_on=due - dt.timedelta(days=30), **values)


def lines(*claims: Claim, risks: dict[str, ClaimRisk] | None = None) -> tuple[ProvisionLine, ...]:
    return provision_lines(claims, AS_OF, PORTFOLIO, RULES, 0.6, risks)


def a_closing(*claims: Claim, risks: dict[str, ClaimRisk] | None = None) -> Closing:
    policy = load_policy()
    stamps = policy.version, policy.hash, RULES.vat_share, 0.6
    night = None if risks is None else NightUsed(3, AS_OF)
    rates = tuple(PORTFOLIO.values())
    return Closing(AS_OF, "EUR", *stamps, rates, (), None, night, lines(*claims, risks=risks))


@st.composite
def books(draw: st.DrawFn) -> tuple[Claim, ...]:
    """Draw claims of distinct numbers: sound, doubtful, lost, booked, partly insured."""
    found = []
    for number in draw(st.lists(st.integers(1, 12), unique=True, max_size=8)):
        cents = draw(st.integers(1, 10**9))
        reason = draw(st.sampled_from([None, *DOUBTFUL_REASONS]))
        lost_on = draw(st.sampled_from([None, None, AS_OF]))
        insured = 0 if lost_on else draw(st.integers(0, cents))
        booked = lost_on is not None and draw(st.booleans())
        values = {"open_cents": cents, "insured_cents": insured, "reason": reason}
        age = draw(st.integers(-60, 400))
        found.append(a_claim(number, age, **values, lost_on=lost_on, booked=booked))
    return tuple(found)
