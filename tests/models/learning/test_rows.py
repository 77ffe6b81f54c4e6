import numpy as np
import pandas as pd
import pytest

from models.features.build import CUSTOMER_FEATURES, INVOICE_FEATURES, FeatureBuilder
from models.features.curves import ANCHORS
from models.learning.labels import late_label, month_starts
from models.learning.rows import (
    DefaultQuestions,
    DefaultRows,
    LateQuestions,
    LateRows,
    TrainingRows,
    draw_rows,
)
from tests.builders import FIRST, a_customer, a_filing, a_ledger, a_payment, an_invoice, cut, days, number
from tests.models.fitted import fitted
from tests.random_ledger import draw_ledger

MANY = 10**6


def test_an_invoice_is_asked_about_at_its_issue_and_at_month_starts_while_open():
    ledger = a_ledger([an_invoice("F1", 10, 40)], [a_payment("F1", 65)])
    rows = draw_rows(FeatureBuilder.of(ledger), LateRows(30, number(400), MANY, 1))
    assert rows.day.tolist() == days(10, 31, 60).tolist()  # 1 February and 1 March 2024
    assert rows.label.tolist() == [0.0] * 3
    assert rows.days_late.tolist() == [25.0] * 3


def test_an_invoice_is_no_longer_asked_about_once_its_lateness_is_plain():
    rows = draw_rows(
        FeatureBuilder.of(a_ledger([an_invoice("F1", 10, 40)])), LateRows(30, number(400), MANY, 1)
    )
    assert rows.day.max() < number(71)
    assert set(rows.label) == {1.0}


def test_what_cannot_be_judged_by_the_cut_is_not_asked_about():
    ledger = a_ledger([an_invoice("F1", 0, 30), an_invoice("F2", 50, 80)], [a_payment("F2", 60)])
    rows = draw_rows(FeatureBuilder.of(ledger), LateRows(30, number(100), MANY, 1))
    assert set(rows.day) == set(days(0, 31, 60).tolist())


def test_credit_notes_and_unknown_customers_are_no_question():
    ledger = a_ledger(
        [an_invoice("N1", 0, 0, kind="credit_note"), an_invoice("F1", 0, 30, customer_id="NOBODY")]
    )
    assert len(draw_rows(FeatureBuilder.of(ledger), LateRows(30, number(400), MANY, 1))) == 0


def test_no_row_of_lateness_reads_past_the_cut():
    ledger = draw_ledger(6)
    for at in (200, 400, 600):
        full = draw_rows(FeatureBuilder.of(ledger), LateRows(30, number(at), MANY, 1))
        known = draw_rows(FeatureBuilder.of(cut(ledger, at)), LateRows(30, number(at), MANY, 1))
        pd.testing.assert_frame_equal(full.frame, known.frame, check_exact=True)
        assert np.array_equal(full.label, known.label)
        assert np.array_equal(full.days_late, known.days_late, equal_nan=True)


def test_a_customer_is_asked_about_at_month_starts_from_the_day_it_was_first_seen():
    ledger = a_ledger([an_invoice("F1", 45, 75)], [a_payment("F1", 75)])
    rows = draw_rows(FeatureBuilder.of(ledger), DefaultRows(number(500), MANY, 1))
    assert rows.day.tolist() == [day for day in month_starts(FIRST, number(500 - 365)) if day >= number(45)]
    assert set(rows.label) == {0.0}


def test_a_customer_in_default_is_no_row_and_one_that_will_be_is():
    ledger = a_ledger(
        [an_invoice("F1", 0, 30), an_invoice("F2", 0, 30, customer_id="C2")],
        [a_payment("F1", 30), a_payment("F2", 30, customer_id="C2")],
        [a_customer("C1"), a_customer("C2")],
        filings=[a_filing("liquidation", 200, 210, "C2")],
    )
    rows = draw_rows(FeatureBuilder.of(ledger), DefaultRows(number(900), MANY, 1))
    assert rows.day[rows.owner == 1].max() < number(200)
    assert set(rows.label[rows.owner == 1]) == {1.0}
    assert set(rows.label[rows.owner == 0]) == {0.0}


def test_a_default_does_not_put_rows_in_whose_12_months_are_not_over():
    ledger = a_ledger([an_invoice("F1", 0, 30)], filings=[a_filing("liquidation", 300, 300)])
    rows = draw_rows(FeatureBuilder.of(ledger), DefaultRows(number(400), MANY, 1))
    assert rows.day.max() <= number(400) - 365


def test_rows_beyond_the_most_are_left_out_by_the_seed():
    builder = FeatureBuilder.of(draw_ledger(6))
    one, again, other = (draw_rows(builder, LateRows(30, number(600), 20, seed)) for seed in (1, 1, 2))
    assert len(one) == len(other) == 20
    assert np.array_equal(one.day, again.day)
    assert not np.array_equal(one.owner, other.owner)


def test_rows_are_taken_by_mask_and_by_place():
    rows = draw_rows(FeatureBuilder.of(draw_ledger(6)), LateRows(30, number(600), MANY, 1))
    mask = rows.day > np.median(rows.day)
    by_mask, by_place = rows.take(mask), rows.take(np.flatnonzero(mask))
    assert len(by_mask) == mask.sum() == len(by_place)
    pd.testing.assert_frame_equal(by_mask.frame, by_place.frame)
    assert np.array_equal(by_mask.day, by_place.day)


def test_each_target_reads_its_own_features():
    builder = FeatureBuilder.of(draw_ledger(6))
    assert list(draw_rows(builder, LateRows(30, number(600), MANY, 1)).frame) == [
        f.name for f in INVOICE_FEATURES
    ]
    frame = draw_rows(builder, DefaultRows(number(600), MANY, 1)).frame
    assert list(frame) == [feature.name for feature in CUSTOMER_FEATURES]


def test_a_choice_of_default_rows_leaves_no_customer_s_year_out():
    builder, cut = fitted().builder, fitted().cut
    whole = draw_rows(builder, DefaultRows(cut, 10**6, 1))

    def years(rows: TrainingRows) -> set[tuple[object, object]]:
        return set(zip(rows.subject, rows.day.astype("datetime64[D]").astype("datetime64[Y]"), strict=True))

    some = draw_rows(builder, DefaultRows(cut, len(years(whole)), 1))
    assert len(some) == len(years(whole)) < len(whole)
    assert years(some) == years(whole)
    assert set(some.subject[some.label == 1]) <= set(whole.subject[whole.label == 1])
    more = draw_rows(builder, DefaultRows(cut, 2 * len(years(whole)), 1))
    assert set(zip(some.subject, some.day, strict=True)) <= set(zip(more.subject, more.day, strict=True))


def test_the_newest_questions_are_asked_before_their_answers_are_known():
    ledger = a_ledger([an_invoice("F1", 10, 40), an_invoice("F2", 90, 120)], [a_payment("F1", 65)])
    builder = FeatureBuilder.of(ledger)
    asked = draw_rows(builder, LateQuestions(30, number(31), number(95), MANY, 1))
    assert list(zip(asked.subject, asked.day - FIRST, asked.label, strict=True))[:2] == [
        ("F1", 31, 0.0),
        ("F1", 60, 0.0),
    ]
    assert asked.subject[2:].tolist() == ["F2", "F2"]
    assert asked.day[2:].tolist() == days(90, 91).tolist()
    assert np.isnan(asked.label[2:]).all()


def test_what_can_be_told_of_the_questions_asked_is_what_is_learnt_from():
    builder = FeatureBuilder.of(draw_ledger(6))
    first, at = number(0), number(600)
    asked = draw_rows(builder, LateQuestions(30, first, at, MANY, 1))
    learnt = draw_rows(builder, LateRows(30, at, MANY, 1))
    learnt = learnt.take(learnt.day >= first)
    told = asked.take(~np.isnan(asked.label))
    assert len(asked) > len(told) > 0
    assert told.subject.tolist() == learnt.subject.tolist()
    assert told.day.tolist() == learnt.day.tolist()
    assert told.label.tolist() == learnt.label.tolist()
    pd.testing.assert_frame_equal(told.frame.reset_index(drop=True), learnt.frame.reset_index(drop=True))


def test_default_is_asked_at_the_newest_month_starts_and_told_a_year_later():
    paid, failed = [a_payment("F1", 30)], [a_filing("liquidation", 300, 300)]
    builder = FeatureBuilder.of(a_ledger([an_invoice("F1", 0, 30)], paid, filings=failed))
    asked = draw_rows(builder, DefaultQuestions(number(200), number(400), number(400), MANY, 1))
    assert asked.day.tolist() == month_starts(number(200), number(299)).tolist()
    assert np.isnan(asked.label).all()
    later = draw_rows(builder, DefaultQuestions(number(200), number(400), number(660), MANY, 1))
    assert later.label[later.day <= number(660 - 366)].tolist() == [1.0] * 3


def test_what_can_be_told_of_the_customers_asked_about_is_what_is_learnt_from():
    builder, at = fitted().builder, fitted().cut
    learnt = draw_rows(builder, DefaultRows(at, MANY, 1))
    asked = draw_rows(builder, DefaultQuestions(int(learnt.day.min()), at, at, MANY, 1))
    told = asked.take(~np.isnan(asked.label))
    assert len(asked) > len(told) > 0
    assert told.subject.tolist() == learnt.subject.tolist()
    assert told.day.tolist() == learnt.day.tolist()
    assert told.label.tolist() == learnt.label.tolist()


def test_a_period_without_a_question_gives_no_row():
    builder = FeatureBuilder.of(a_ledger([an_invoice("F1", 0, 30)], [a_payment("F1", 30)]))
    assert len(draw_rows(builder, LateQuestions(30, number(200), number(300), MANY, 1))) == 0
    assert len(draw_rows(builder, DefaultQuestions(number(2), number(5), number(300), MANY, 1))) == 0


def told_later(invoice: dict, paid: int | None, at: int, anchors: tuple[int, ...] = ANCHORS) -> list[float]:
    """Say what a cut tells of an invoice's being later than each anchor, by its row at issue."""
    ledger = a_ledger([invoice], [] if paid is None else [a_payment("F1", paid)])
    rows = draw_rows(FeatureBuilder.of(ledger), LateRows(30, number(400), MANY, 1))
    return [float(rows.later_than(anchor, number(at))[0]) for anchor in anchors]


def test_one_row_tells_every_delay_whose_days_have_run_out():
    invoice = an_invoice("F1", 10, 40)
    nan = pytest.approx(np.nan, nan_ok=True)
    #                                       -3    0    2    5    10   15   30   60   90
    assert told_later(invoice, 52, 400) == [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    assert told_later(invoice, 36, 400) == [0.0] * 9
    assert told_later(invoice, None, 400) == [1.0] * 9
    assert told_later(invoice, 52, 46) == [1.0, 1.0, 1.0, 1.0, *[nan] * 5]
    assert told_later(invoice, 41, 51) == [1.0, 1.0, 0.0, 0.0, 0.0, *[nan] * 4]
    assert told_later(invoice, 41, 50) == [1.0, 1.0, 0.0, 0.0, *[nan] * 5]


def test_days_in_dispute_put_off_the_day_on_which_every_delay_is_told():
    invoice = an_invoice("F1", 10, 40, disputed=(45, 65))
    assert told_later(invoice, 72, 400, (5, 10, 15)) == [1.0, 1.0, 0.0]  # 12 days late
    assert np.isnan(told_later(invoice, 72, 70, (10,))[0])
    assert told_later(invoice, 72, 71, (10,)) == [1.0]


def test_each_delay_is_told_as_its_own_label_is():
    # A dispute that begins after the target's days is left out: it puts off longer delays alone.
    seen = 0
    for seed in range(4):
        builder = FeatureBuilder.of(draw_ledger(seed))
        book, at = builder.book, FIRST + 450
        rows = draw_rows(builder, LateRows(30, at, MANY, 1))
        place = {name: position for position, name in enumerate(book.invoice_ids)}
        document = np.array([place[name] for name in rows.subject])
        plain = book.disputed_from[document] > book.due[document] + 1_000
        for anchor in ANCHORS:
            expected = late_label(book, document, anchor, at)
            assert np.array_equal(rows.later_than(anchor, at)[plain], expected[plain], equal_nan=True)
            seen += int(plain.sum())
    assert seen > 500


def test_at_the_target_s_days_the_label_is_told_again():
    rows = fitted().late_rows
    assert np.array_equal(rows.later_than(30, fitted().cut), rows.label)


def test_an_open_invoice_is_late_without_end_and_a_customer_has_no_lateness():
    builder = FeatureBuilder.of(a_ledger([an_invoice("F1", 10, 40)]))
    rows = draw_rows(builder, LateRows(30, number(400), MANY, 1))
    assert set(rows.lateness) == {np.inf}
    assert set(rows.due) == {float(number(40))}
    assert np.isnan(fitted().default_rows.due).all()
    assert np.isnan(fitted().default_rows.lateness).all()


def test_days_late_on_a_day_are_those_so_far_and_untold_for_a_month():
    ledger = a_ledger([an_invoice("F1", 10, 40)], [a_payment("F1", 115)])
    rows = draw_rows(FeatureBuilder.of(ledger), LateRows(30, number(400), MANY, 1))
    for at, late in ((70, np.nan), (71, 31.0), (100, 60.0), (115, 75.0), (200, 75.0)):
        assert rows.days_late_on(number(at))[0] == pytest.approx(late, nan_ok=True)


def test_some_rows_taken_keep_what_tells_their_delays():
    rows = fitted().late_rows
    for which in (np.arange(len(rows)) % 3 == 0, np.array([7, 5])):
        some = rows.take(which)
        assert np.array_equal(some.due, rows.due[which])
        assert np.array_equal(some.lateness, rows.lateness[which])
