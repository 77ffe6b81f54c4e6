import numpy as np

from models.explain.reason_words import GROUPS
from models.features.build import CUSTOMER_FEATURES, INVOICE_FEATURES, STATE_COLUMNS, FeatureBuilder
from models.features.table import names
from models.learning.labels import month_starts
from pipelines.demo.simulator import simulate

UNITS = {"days", "eur", "share", "count", "ratio", "flag", "code", "log_odds", "index", "years"}


def test_names_are_unique_and_stand_in_order():
    assert len(set(names(INVOICE_FEATURES))) == len(INVOICE_FEATURES)
    assert len(set(STATE_COLUMNS)) == len(STATE_COLUMNS)
    assert names(INVOICE_FEATURES)[: len(CUSTOMER_FEATURES)] == names(CUSTOMER_FEATURES)


def test_a_feature_says_what_it_is_in_both_languages():
    for feature in INVOICE_FEATURES:
        assert feature.label_fr.strip(), feature.name
        assert feature.label_en.strip(), feature.name
        assert feature.label_fr != feature.label_en, feature.name
        assert feature.group in GROUPS, feature.name
        assert feature.unit in UNITS, feature.name
        assert feature.low < feature.high, feature.name
        assert feature.sign in (-1, 0, 1), feature.name
        assert not (feature.categorical and feature.sign), feature.name


def test_a_label_names_one_feature_alone():
    for language in ("label_fr", "label_en"):
        labels = [getattr(feature, language) for feature in INVOICE_FEATURES]
        assert len(set(labels)) == len(labels), language


def test_every_group_of_reasons_is_some_feature_s():
    assert {feature.group for feature in INVOICE_FEATURES} == set(GROUPS)


def test_no_feature_is_a_calendar_month_or_year():
    assert not {"month", "due_month", "issued_month", "quarter", "year"} & set(names(INVOICE_FEATURES))


def test_no_feature_carries_the_truth_of_a_simulation_or_an_identity():
    hidden = {
        "health",
        "pd_12m",
        "p_late30",
        "late30",
        "default12",
        "days_late",
        "customer_id",
        "siren",
        "in_default",
    }
    assert not hidden & set(names(INVOICE_FEATURES))


def test_what_a_customer_never_invoiced_has_lies_in_range():
    for feature in INVOICE_FEATURES:
        if not np.isnan(feature.without_history):
            assert feature.low <= feature.without_history <= feature.high


def test_every_feature_of_the_demo_lies_in_its_range_and_says_something():
    ledger, _ = simulate(150, 24, 3)
    builder = FeatureBuilder.of(ledger)
    book = builder.book
    mine = np.flatnonzero(book.is_invoice)
    months = month_starts(int(book.issued.min()), int(book.issued.max()))
    customers = builder.customers(np.tile(np.arange(150), len(months)), np.repeat(months, 150))
    frames = [
        builder.documents(mine, book.issued[mine]),
        builder.documents(mine, book.due[mine] + 20),
        customers,
    ]
    silent = []
    for feature in INVOICE_FEATURES:
        values = np.concatenate([f[feature.name].to_numpy() for f in frames if feature.name in f])
        known = values[~np.isnan(values)]
        assert np.isfinite(known).all(), feature.name
        assert ((known >= feature.low) & (known <= feature.high)).all(), feature.name
        if feature.unit in ("flag", "code", "count"):
            assert (known == np.rint(known)).all(), feature.name
        if len(np.unique(known)) < 2:
            silent.append(feature.name)
    assert silent == []
