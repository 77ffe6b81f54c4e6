"""Provisions of claims, their movement and their entries: by hand, and to the cent whatever the claims."""

import datetime as dt
import json
from dataclasses import replace
from itertools import groupby

import pytest
from hypothesis import given, settings

from models.errors import CreditError
from models.portfolio.claims import Claim
from models.portfolio.closing import Closing
from models.portfolio.provision_entries import entry_lines
from models.portfolio.provision_movement import STANDARDS, by_customer, movement, total
from models.portfolio.provisions import ClaimRisk, matrix_rows
from tests.models.portfolio.provision_cases import AS_OF, a_claim, a_closing, books, lines

Books = tuple[Claim, ...]


def test_a_sound_claim_is_provided_for_by_its_band_and_not_in_french_accounts():
    (line,) = lines(a_claim(age=45))
    assert (line.band, line.matrix_cents, line.french_cents) == ("d31_60", 4_320, 0)


def test_a_doubtful_claim_is_provided_for_before_tax_and_cover_by_its_reason():
    (line,) = lines(a_claim(age=45, reason="receivership", insured_cents=60_000))
    assert (line.excl_vat_cents, line.french_cents, line.matrix_cents) == (50_000, 35_000, 35_000)


def test_the_probability_counts_until_the_claim_is_paid():
    risk = ClaimRisk(0.02, AS_OF + dt.timedelta(days=365))
    (line,) = lines(a_claim(), risks={"F1": risk})
    assert (line.pd, line.probability_cents) == (pytest.approx(0.02), 1_440)


def test_a_claim_that_no_night_knows_has_no_probability():
    closing = a_closing(a_claim(1), a_claim(2), risks={"F1": ClaimRisk(0.02, AS_OF)})
    totals = closing.document()["totals"]
    assert (totals["probability_eur"], totals["probability_unknown"]) == (None, 1)


def test_an_invoice_comes_once():
    with pytest.raises(CreditError, match="F1 comes twice"):
        lines(a_claim(1), a_claim(1))


@given(books())
def test_totals_are_the_sums_of_lines_in_any_order(claims: Books):
    found = lines(*claims)
    assert sorted(lines(*claims[::-1]), key=lambda line: line.invoice_id) == sorted(
        found, key=lambda line: line.invoice_id
    )
    rows = matrix_rows(found)
    assert sum(row.matrix_cents for row in rows) == sum(
        line.matrix_cents for line in found if line.status == "sound"
    )
    assert all(0 <= line.french_cents <= line.excl_vat_cents <= line.own_risk_cents for line in found)


@given(books(), books())
def test_adding_claims_changes_no_other(claims: Books, more: Books):
    known = {claim.invoice_id for claim in claims}
    new = [claim for claim in more if claim.invoice_id not in known]
    assert lines(*claims, *new)[: len(claims)] == lines(*claims)


@given(books())
def test_a_thousand_times_the_amounts_are_a_thousand_times_the_provisions(claims: Books):
    larger = [
        replace(one, open_cents=one.open_cents * 1000, insured_cents=one.insured_cents * 1000)
        for one in claims
    ]
    for small, large in zip(lines(*claims), lines(*larger), strict=True):
        assert abs(large.matrix_cents - 1000 * small.matrix_cents) <= 1_500
        assert abs(large.french_cents - 1000 * small.french_cents) <= 1_500


@given(books(), books())
def test_two_closings_tie_out_for_each_claim_customer_and_in_all(before: Books, after: Books):
    for standard in STANDARDS:
        found = movement(lines(*before), lines(*after), standard)
        for one in [*(one.moved for one in found), *by_customer(found).values(), total(found)]:
            moved = one.added_cents - one.used_cents - one.unused_cents
            assert one.opening_cents + moved == one.closing_cents
        sums = total(found)
        name = "matrix_cents" if standard == "ifrs" else "french_cents"
        assert sums.opening_cents == sum(getattr(line, name) for line in lines(*before))
        assert sums.closing_cents == sum(getattr(line, name) for line in lines(*after))


@given(books())
def test_a_closing_after_itself_moves_nothing(claims: Books):
    for standard in STANDARDS:
        found = total(movement(lines(*claims), lines(*claims), standard))
        assert (found.added_cents, found.used_cents, found.unused_cents, found.written_off_cents) == (0,) * 4
    assert entry_lines(movement(lines(*claims), lines(*claims), "french"), 0.2) == []


@given(books(), books())
def test_each_entry_balances_and_491_holds_the_closing(before: Books, after: Books):
    first = entry_lines(movement((), lines(*before), "french"), 0.2)
    then = entry_lines(movement(lines(*before), lines(*after), "french"), 0.2)
    for posted in (first, then):
        for _, entry in groupby(posted, key=lambda line: line.entry):
            own = list(entry)
            assert sum(line.debit_cents for line in own) == sum(line.credit_cents for line in own) > 0
            assert len({line.invoice_id for line in own}) == 1
    both = [line for line in [*first, *then] if line.account == "491000"]
    held = sum(line.credit_cents - line.debit_cents for line in both)
    assert held == sum(line.french_cents for line in lines(*after))


def posted(before: Claim | None, after: Claim | None) -> dict[str, int]:
    """Return what an entry debits each account by, in cents."""
    sides = [lines(*([one] if one else [])) for one in (before, after)]
    found = entry_lines(movement(*sides, "french"), 0.2)
    return {line.account: line.debit_cents - line.credit_cents for line in found}


def test_a_claim_that_becomes_doubtful_moves_to_416_and_is_depreciated():
    found = posted(a_claim(), a_claim(reason="liquidation"))
    assert found == {"416000": 120_000, "411000": -120_000, "681740": 95_000, "491000": -95_000}


def test_a_loss_takes_the_claim_out_with_its_vat_and_uses_the_depreciation():
    found = posted(a_claim(reason="liquidation"), a_claim(reason="liquidation", lost_on=AS_OF))
    assert found == {
        "491000": 95_000,
        "781740": -95_000,
        "654000": 100_000,
        "445710": 20_000,
        "416000": -120_000,
    }


def test_a_loss_that_the_books_have_is_not_posted_again():
    lost = a_claim(reason="liquidation", lost_on=AS_OF, booked=True)
    assert posted(a_claim(reason="liquidation"), lost) == {"491000": 95_000, "781740": -95_000}


def test_a_paid_claim_gives_its_depreciation_back():
    assert posted(a_claim(reason="plan"), None) == {"491000": 50_000, "781740": -50_000}


@given(books())
@settings(max_examples=30)
def test_a_stored_closing_is_read_back_equal(claims: Books):
    risks = {one.invoice_id: ClaimRisk(0.031, AS_OF) for one in claims}
    closing = a_closing(*claims, risks=risks)
    assert Closing.from_stored(json.loads(json.dumps(closing.stored()))) == closing


def test_a_newer_form_is_refused():
    with pytest.raises(CreditError, match="form 2"):
        Closing.from_stored({**a_closing().stored(), "form": 2})
