from __future__ import annotations

import numpy as np
from stdnum.fr import siren

from pipelines.demo.simulator.companies import FORM_WORDS
from tests.pipelines.demo.simulator.samples import small


def test_every_siren_has_its_key_and_stands_once():
    sirens = small()[0].customers["siren"]
    assert sirens.map(siren.is_valid).all()
    assert sirens.is_unique


def test_sectors_are_many():
    naf = small()[0].customers["naf"]
    assert naf.str.fullmatch(r"\d\d\.\d\d[A-Z]").all()
    assert naf.nunique() >= 30
    assert naf.str[:2].nunique() >= 12


def test_sole_traders_are_natural_persons_and_nobody_else():
    customers = small()[0].customers
    assert (customers["natural_person"] == (customers["legal_form"] == "1000")).all()
    assert 0.03 < customers["natural_person"].mean() < 0.3
    assert set(customers["legal_form"]) <= {str(form) for form in FORM_WORDS}


def test_sizes_have_a_heavy_tail():
    headcount = small()[0].customers["headcount"].dropna()
    assert headcount.median() < 12
    assert headcount.max() > 20 * headcount.median()


def test_companies_exist_before_they_buy():
    ledger, _ = small()
    first = ledger.invoices.groupby("customer_id")["issued_on"].min()
    created = ledger.customers.set_index("customer_id")["created_on"]
    assert (created.loc[first.index] < first).all()


def test_terms_are_within_the_law():
    bills = small()[0].invoices.query("kind == 'invoice'")
    days = (bills["due_on"] - bills["issued_on"]).dt.days
    assert set(small()[0].customers["payment_terms_days"]) == {30.0, 45.0, 60.0}
    assert days.min() >= 30
    assert days.max() <= 45 + 30


def test_the_limit_follows_size_and_is_never_nought():
    customers = small()[0].customers.dropna(subset=["credit_limit_eur", "headcount"])
    assert (customers["credit_limit_eur"] > 0).all()
    size = np.log1p(customers["headcount"])
    assert size.corr(np.log(customers["credit_limit_eur"])) > 0.5


def test_contacts_can_belong_to_nobody():
    customers = small()[0].customers
    assert customers["contact_email"].str.endswith(".example").all()
    assert customers["contact_email"].is_unique
    assert (
        customers["contact_phone"].str.fullmatch(r"01 99 00 \d\d \d\d").all()
    )  # ARCEP keeps them for fiction
