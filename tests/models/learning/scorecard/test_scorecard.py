import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ModelError
from models.learning.calibration import Calibration
from models.learning.scorecard.scorecard import Scorecard
from tests.models.learning.scorecard.builders import ANY_ROW, a_card, a_sample, line_of


@given(row=ANY_ROW)
def test_the_points_on_paper_add_up_to_the_score(row: pd.DataFrame):
    on_paper = [line_of(attribute, row[attribute.name].iloc[0]).points for attribute in a_card().attributes]
    assert a_card().points(row).tolist() == [on_paper]
    assert a_card().score(row).tolist() == [sum(on_paper)]


@given(row=ANY_ROW, data=st.data())
def test_raising_an_input_moves_the_score_only_the_way_its_trend_says(row: pd.DataFrame, data: st.DataObject):
    attribute = data.draw(st.sampled_from([a for a in a_card().attributes if a.trend]))
    low, high = sorted(data.draw(st.tuples(*[st.floats(-50, 200)] * 2)))
    scores = [a_card().score(row.assign(**{attribute.name: value}))[0] for value in (low, high)]
    assert (scores[1] - scores[0]) * attribute.trend <= 0


@given(row=ANY_ROW)
def test_any_row_has_a_whole_score_and_a_probability(row: pd.DataFrame):
    assert float(a_card().score(row)[0]).is_integer()
    assert 0.0 < a_card().probability(row)[0] < 1.0


def test_a_higher_score_is_a_lower_probability():
    frame, _ = a_sample(2)
    order = np.argsort(a_card().score(frame))
    assert (np.diff(a_card().probability(frame)[order]) <= 0).all()


def test_columns_may_come_in_any_order_with_others_beside_and_as_any_numbers():
    frame, _ = a_sample(2, 200)
    turned = frame[frame.columns[::-1]].assign(other="x")
    turned["count"] = turned["count"].astype("Int64")
    turned["up"] = turned["up"].astype("Float64")
    turned["free"] = turned["free"].astype(object).where(turned["free"].notna(), None)
    assert np.array_equal(a_card().score(turned), a_card().score(frame))


def test_no_rows_have_no_scores():
    frame, _ = a_sample(2, 200)
    assert a_card().score(frame.head(0)).tolist() == []


def test_a_missing_column_is_named():
    frame, _ = a_sample(2, 200)
    with pytest.raises(ModelError, match=a_card().features[1]):
        a_card().score(frame.drop(columns=a_card().features[1]))


def test_a_scorecard_read_back_from_json_is_the_same():
    card = replace(a_card(), calibration=Calibration(0.9, -0.123456789))
    text = json.dumps(card.document(), allow_nan=False)
    again = Scorecard.from_document(json.loads(text))
    assert again == card
    assert again.version == card.version
    assert json.dumps(again.document(), allow_nan=False) == text


def test_the_order_of_a_document_s_keys_does_not_matter():
    document = json.loads(json.dumps(a_card().document(), sort_keys=True))
    assert Scorecard.from_document(document) == a_card()


def test_what_answers_depend_on_is_in_the_version():
    versions = {
        a_card().version,
        replace(a_card(), target="late15").version,
        replace(a_card(), calibration=Calibration(1.0, 0.1)).version,
        replace(a_card(), attributes=a_card().attributes[1:]).version,
        replace(a_card(), scale=replace(a_card().scale, pdo=30)).version,
    }
    assert len(versions) == 5


def changed(**changes: object) -> dict[str, object]:
    return {**a_card().document(), **changes}


@pytest.mark.parametrize("name", ["target", "attributes", "scale", "calibration", "version", "format"])
def test_a_document_that_lacks_something_is_no_scorecard(name: str):
    document = changed()
    del document[name]
    with pytest.raises(ModelError, match="holds no scorecard"):
        Scorecard.from_document(document)


@pytest.mark.parametrize(
    "changes",
    [
        {"target": "late15"},
        {"calibration": {"slope": 2.0, "intercept": 0.0}},
        {"version": "0" * 12},
        {"more": 1},
    ],
)
def test_a_document_changed_afterwards_is_refused(changes: dict[str, object]):
    with pytest.raises(ModelError, match="changed after it was written"):
        Scorecard.from_document(changed(**changes))


def test_points_changed_afterwards_are_refused():
    document = json.loads(json.dumps(a_card().document()))
    document["attributes"][0]["bins"][0]["points"] += 1
    with pytest.raises(ModelError, match="changed after it was written"):
        Scorecard.from_document(document)


@pytest.mark.parametrize("points", ["1; DROP TABLE customers", None, [1]])
def test_points_that_are_no_number_are_refused(points: object):
    document = json.loads(json.dumps(a_card().document()))
    document["attributes"][0]["bins"][0]["points"] = points
    with pytest.raises(ModelError, match="holds no scorecard"):
        Scorecard.from_document(document)


def test_another_format_is_named():
    with pytest.raises(ModelError, match="format 99"):
        Scorecard.from_document(changed(format=99))
