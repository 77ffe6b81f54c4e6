"""`encours penalty`: the sum line by line, a missing half-year refused, the judgment's interest apart."""

import json
from pathlib import Path

SPACES = str.maketrans({"\N{NARROW NO-BREAK SPACE}": " "})


def test_penalties_are_shown_by_half_year_with_the_indemnity_in_french(run):
    done = run("penalty", "--amount", "10000", "--due", "2024-12-21", "--paid", "2025-01-20")
    assert done.code == 0, done.err
    text = done.out.translate(SPACES)
    assert "31/12/2024" in text
    assert "14,25 %" in text
    assert "Intérêts : 111,09 €" in text
    assert "Total dû en sus de la facture : 151,09 €" in text


def test_a_rate_under_the_floor_is_raised_to_it_and_says_so(run):
    asked = ("penalty", "--amount", "1000", "--due", "2026-01-31", "--paid", "2026-03-01", "--rate", "5")
    done = run(*asked, "--lang", "en")
    assert "7.86%" in done.out
    assert "Rate 7.86%: legal floor (three times the legal rate)" in done.out


def test_an_invoice_paid_in_time_owes_nothing(run):
    done = run("penalty", "--amount", "1000", "--due", "2026-01-31", "--paid", "2026-01-31")
    assert "aucune pénalité" in done.out


def test_a_missing_half_year_is_refused_until_the_users_own_table_holds_it(run, place: Path):
    asked = ("penalty", "--amount", "1000", "--due", "2031-06-30", "--paid", "2031-07-10", "--json")
    refused = run(*asked)
    assert refused.code == 2
    assert "pas de taux d'intérêt pour 2031-S2" in " ".join(refused.err.split())
    own = place / "rates.toml"
    own.write_text("[2031-S2]\necb_refinancing = 2.00\nlegal_professional = 2.50\n", encoding="utf-8")
    told = json.loads(run(*asked, "--rates", str(own)).out)["penalty"]
    assert (told["lines"][0]["rate"], told["interest_eur"]) == ("0.12", "3.29")


def test_interest_after_a_judgment_stands_apart(run):
    asked = ("penalty", "--amount", "10000", "--due", "2025-01-05", "--paid", "2025-04-15")
    done = run(*asked, "--judgment", "2025-01-15", "--lang", "en")
    assert "Legal rate + 5 points from 16\N{NO-BREAK SPACE}Mar\N{NO-BREAK SPACE}2025" in done.out
    assert "8.71%" in done.out
    told = json.loads(run(*asked, "--judgment", "2025-01-15", "--json").out)
    assert told["judgment"]["interest_eur"] == "133.95"
    assert told["penalty"]["total_eur"] == json.loads(run(*asked, "--json").out)["penalty"]["total_eur"]


def test_parts_paid_on_the_way_lower_the_interest(run):
    asked = ("penalty", "--amount", "1000", "--due", "2025-01-31", "--paid", "2025-02-28", "--json")
    told = json.loads(run(*asked, "--part", "2025-02-10=400", "--part", "2025-02-20=100").out)["penalty"]
    assert [line["balance_eur"] for line in told["lines"]] == ["1000.00", "600.00", "500.00"]


def test_what_cannot_be_read_is_refused_in_one_line(run):
    asked = ("penalty", "--amount", "1000", "--due", "2025-01-31", "--paid", "2025-02-28")
    for extra, says in (
        (("--rate", "twelve"), "--rate 'twelve' n'est pas un nombre"),
        (("--part", "500"), "comme 2026-02-28=500"),
        (("--part", "tomorrow=500"), "--part vaut 'tomorrow=500'"),
        (("--lang", "de"), "choisissez fr ou en"),
    ):
        refused = run(*asked, *extra)
        assert refused.code == 2
        assert says in " ".join(refused.err.split())


def test_each_rate_is_told_with_where_it_comes_from(run):
    asked = ("penalty", "--amount", "1000", "--due", "2025-11-30", "--paid", "2026-02-10", "--rate", "8")
    text = run(*asked).out.translate(SPACES)
    assert "Taux 8,28 % : plancher légal (trois fois le taux d'intérêt légal)" in text
    assert "Taux 8,00 % : taux du contrat" in text
    assert "Rate 8.00%: the contract's rate" in run(*asked, "--lang", "en").out


def test_a_rate_or_an_amount_that_is_no_number_is_refused_as_it_was_given(run):
    asked = ("penalty", "--due", "2025-11-30", "--paid", "2026-02-10", "--amount")
    for given, says in (
        (("nan",), "--amount 'nan' n'est pas"),
        (("10", "--rate", "snan"), "--rate 'snan' n'est pas"),
        (("10", "--rate", "-3"), "--rate vaut -3"),
        (("-5",), "le montant vaut -5"),
    ):
        done = run(*asked, *given)
        assert done.code == 2
        assert says in " ".join(done.err.split())


def test_days_and_amounts_are_read_as_they_are_typed_in_french(run):
    french = ("penalty", "--amount", "10 000,00", "--due", "21/12/2024", "--paid", "20.01.2025", "--json")
    english = ("penalty", "--amount", "10000.00", "--due", "2024-12-21", "--paid", "2025-01-20", "--json")
    assert (
        run(*french, "--part", "02/01/2025=1 000,50").out == run(*english, "--part", "2025-01-02=1000.50").out
    )


def test_a_rate_that_looks_like_a_share_is_warned_of(run):
    asked = ("penalty", "--amount", "1000", "--due", "2025-11-30", "--paid", "2026-02-10", "--rate")
    done = run(*asked, "0,12")
    assert done.code == 0
    assert "écrivez --rate 12" in done.err.translate(SPACES)
    assert "write --rate 12" in run(*asked, "0.12", "--lang", "en").err
    assert run(*asked, "12,5").err == ""


def test_a_part_lowers_what_a_judgment_bears_and_the_answer_names_the_imputation(run):
    asked = ("penalty", "--amount", "8000", "--due", "2024-12-10", "--paid", "2025-03-01")
    judged = (*asked, "--judgment", "2025-01-10", "--part", "2025-01-30=3000")
    assert json.loads(run(*judged, "--json").out)["judgment"]["interest_eur"] == "31.51"
    told = json.loads(run(*judged, "--imputation", "intérêts", "--json").out)
    assert (told["judgment"]["imputation"], told["judgment"]["interest_eur"]) == ("interest", "31.56")
    before = run(*asked, "--judgment", "2025-01-10", "--part", "2025-01-05=8000", "--lang", "en")
    assert "Nothing was owed any more" in before.out
    refused = run(*judged, "--imputation", "hasard")
    assert (refused.code, "principal et interest" in refused.err) == (2, True)


def test_interest_stops_at_the_opening_of_a_proceeding_and_says_so(run):
    asked = ("penalty", "--amount", "10500", "--due", "2025-01-31", "--paid", "2025-06-30")
    text = run(*asked, "--proceeding", "20/02/2025").out
    assert "L622-28" in text
    assert "71,87" in text
