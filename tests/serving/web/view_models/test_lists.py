from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from serving.web.view_models.lists import choices, pager
from serving.web.words import words


@given(total=st.integers(0, 500), limit=st.integers(1, 50), data=st.data())
def test_stretches_lead_through_the_whole_list_and_back(total, limit, data):
    offset = data.draw(st.integers(0, max(total - 1, 0)))
    shown = min(limit, total - offset)
    found = pager("/x", {"q": "a"}, shown, total, limit, offset)
    assert (found.after is None) == (offset + shown >= total)
    assert (found.before is None) == (offset == 0)
    if found.after:
        assert parse_qs(urlsplit(found.after).query) == {"q": ["a"], "offset": [str(offset + shown)]}


def test_the_first_stretch_needs_no_offset():
    assert pager("/x", {}, 5, 10, 5, 5).before == "/x"


def test_a_choice_keeps_the_other_fields():
    kept = {"severity": "high", "cause": "data"}
    found = choices("/alerts", kept, "cause", ("data", "model"), "cause", words("fr"))
    assert [(one.address, one.chosen) for one in found] == [
        ("/alerts?severity=high", False),
        ("/alerts?severity=high&cause=data", True),
        ("/alerts?severity=high&cause=model", False),
    ]
