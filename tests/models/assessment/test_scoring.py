"""A model asked about arrays: the numbers that it gives of frames."""

import numpy as np
import pytest

from models.assessment.scoring import Scorer
from models.errors import ModelError
from models.features.build import CUSTOMER_FEATURES, INVOICE_FEATURES
from models.features.curves import ANCHORS
from models.features.table import names
from models.learning.delay_curve import reported
from tests.models.fitted import fitted


def test_margins_are_lightgbm_s_to_the_bit_and_probabilities_those_of_a_frame():
    frame = fitted().late_rows.frame.head(200)[names(INVOICE_FEATURES)]
    rows, model = frame.to_numpy(np.float64), fitted().late
    paid = frame["n_paid_all"].to_numpy(np.float64)
    found = Scorer.of(model, names(INVOICE_FEATURES)).probabilities(rows, paid)
    assert [one.margin for one in found] == model.margin(frame).tolist()
    assert [one.value for one in found] == model.probability(frame).tolist()
    assert {one.model_version for one in found} == {model.version}


def test_columns_may_come_in_any_order():
    frame, model = fitted().default_rows.frame.head(30), fitted().default
    turned = names(CUSTOMER_FEATURES)[::-1]
    paid = frame["n_paid_all"].to_numpy(np.float64)
    found = Scorer.of(model, turned).probabilities(frame[turned].to_numpy(np.float64), paid)
    assert [one.margin for one in found] == model.margin(frame).tolist()


def test_days_late_are_those_of_a_frame():
    frame, model = fitted().late_rows.frame.head(200), fitted().late
    columns = names(INVOICE_FEATURES)
    paid = frame["n_paid_all"].to_numpy(np.float64)
    quantiles, chances = Scorer.of(model, columns).outlook(frame[columns].to_numpy(np.float64), paid)
    assert np.array_equal(quantiles, model.days_late(frame))
    assert np.array_equal(chances, reported(model.chances(frame)))


def test_a_model_without_quantiles_is_asked_for_none():
    columns = names(CUSTOMER_FEATURES)
    with pytest.raises(ModelError, match="knows no days late"):
        Scorer.of(fitted().default, columns).outlook(np.zeros((1, len(columns))), np.zeros(1))


def test_the_trees_of_a_curve_add_what_lightgbm_adds_to_the_bit_at_every_anchor():
    frame, curve = fitted().late_rows.frame, fitted().late.curve
    for days in ANCHORS:
        (trees,) = curve.at(days).trees
        values = [
            np.full(len(frame), trees.fixed[n]) if n in trees.fixed else frame[n] for n in trees.columns
        ]
        matrix = np.stack(values, axis=1)
        assert set(trees.fixed.values()) == {float(days)}
        assert np.array_equal(
            trees.margins.get().margin(matrix), trees.booster.predict(matrix, raw_score=True)
        )
