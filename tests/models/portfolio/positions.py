"""Makes positions for the tests of portfolio risks."""

from hypothesis import strategies as st

from models.policy.credit_case import CreditCase
from models.portfolio.positions import Position, Positions
from tests.models.policy.builders import AS_OF, a_case, cases


def a_position(customer_id: str, case: CreditCase | None = None, **changes: object) -> Position:
    """Return a position with what its case says, and its own legal entity unless said otherwise."""
    case = a_case(open_eur=10_000.0) if case is None else case
    values: dict[str, object] = {
        "name": None,
        "entity": customer_id,
        "group_id": None,
        "sector": "43",
        "region": None,
        "insurer": None,
        "grade": case.grade,
        "limit_eur": 0.0,
        "open_eur": case.open_eur,
        "overdue_eur": 0.0,
        "expected_loss_eur": 0.0,
        **changes,
    }
    return Position(customer_id=customer_id, case=case, **values)  # type: ignore[arg-type]  # fields by name


def positions_of(*items: Position) -> Positions:
    """Return the positions of a run."""
    return Positions(1, AS_OF, items)


@st.composite
def portfolios(draw: st.DrawFn) -> Positions:
    """Draw a portfolio with shared legal entities, groups, sectors and insurers."""
    items: list[Position] = []
    for place in range(draw(st.integers(0, 6))):
        case = draw(cases())
        if case.insured_limit_eur == 0.0:
            case = case.with_figures(covered_share=0.0)
        entity = draw(st.sampled_from(["e1", "e2", f"C{place}"]))
        # The numbers of one legal entity share its probability of default and its default.
        twin = next((one.case for one in items if one.entity == entity), case)
        case = case.with_figures(
            pd_12m=twin.pd_12m,
            entity_in_default=twin.entity_in_default,
            in_default=twin.in_default,
        )
        items.append(
            a_position(
                f"C{place}",
                case,
                entity=entity,
                group_id=draw(st.sampled_from([None, "G"])),
                sector=draw(st.sampled_from([None, "10", "43"])),
                insurer=draw(st.sampled_from([None, "Assureur A", "Assureur B"])),
            )
        )
    return positions_of(*items)
