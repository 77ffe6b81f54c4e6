import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from serving.store.dossiers import PaidInvoice
from serving.web.view_models.payments import MOST_MONTHS, months

paid = st.builds(
    lambda day, late, eur: PaidInvoice("F", day, day + dt.timedelta(days=late), late, eur),
    st.dates(dt.date(2020, 1, 1), dt.date(2027, 1, 1)),
    st.integers(-60, 400),
    st.floats(0, 1e6),
)


@given(found=st.lists(paid, max_size=60))
def test_months_are_the_last_ones_in_order_and_their_means_lie_between(found):
    told = months(found)
    firsts = [month.first for month in told]
    assert firsts == sorted(set(firsts))
    assert len(told) <= MOST_MONTHS
    for month in told:
        theirs = [one.days_late for one in found if one.due_on.replace(day=1) == month.first]
        assert month.invoices == len(theirs)
        assert min(theirs) - 1e-6 <= month.days_late <= max(theirs) + 1e-6
        assert month.most_days_late == max(theirs)


def test_nothing_paid_gives_no_month():
    assert months([]) == ()
