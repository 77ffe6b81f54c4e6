import re

from httpx2 import Response

from tests.serving.web.visiting import Visitor, a_customer_of, said, visitor, with_people

ORDER = {"amount": "9000", "terms": "60"}
WHY, YES = "le client double ses commandes au printemps", "comptes vus, accord donné pour la saison"


def owing_little() -> str:
    """Return the customer of grade D that owes the least, so that an analyst's level is enough."""
    lines = [one for one in with_people().store.search("", 1000).items if one.grade == "D"]
    return min(lines, key=lambda one: (abs(one.open_eur), one.customer_id)).customer_id


def sent_order(person: Visitor, customer_id: str) -> str:
    """Send an order from its decision as a browser does, and return the address of the case."""
    decided = person.get(f"/simulator/{customer_id}", **ORDER)
    link = re.search(r'href="(/cases/new\?answer=([0-9a-f]{32}))"', decided.text)
    assert link is not None
    assert "Soumettre au service crédit" in said(person.get(link[1]))
    made = person.post("/cases/new", answer=link[2], reason=WHY)
    assert made.status_code == 303
    return str(made.headers["location"])


def answered(person: Visitor, address: str, action: str, **fields: str) -> Response:
    return person.post(address, action=action, reason=YES, **fields)


def test_an_order_goes_to_the_inbox_and_its_asker_reads_the_answer():
    sales = visitor("sales")
    address = sent_order(sales, owing_little())
    number = address.rpartition("/")[2]
    text = said(sales.get(address))
    assert WHY in text
    assert "Encours après la commande" in text
    assert 'value="approve"' not in sales.get(address).text
    assert f"Dossier n° {number}" in said(sales.get("/cases"))
    assert answered(sales, address, "approve", amount="9000", terms="60", until="").status_code == 422
    assert answered(visitor("analyst"), address, "refuse").status_code == 303
    assert answered(visitor("analyst"), address, "refuse").status_code == 409
    assert "Nouveau" in said(sales.get("/cases"))
    assert "Refusé par dominique" in said(sales.get(address))
    assert "Nouveau" not in said(sales.get("/cases"))


def test_a_limit_that_is_approved_smaller_is_in_force():
    sales, analyst, customer_id = visitor("sales"), visitor("analyst"), a_customer_of("C")
    store = with_people().store
    form = sales.get("/cases/new", customer=customer_id)
    assert "Demander un plafond pour" in said(form)
    made = sales.post("/cases/new", customer=customer_id, limit="1 500", until="", reason=WHY)
    address = made.headers["location"]
    assert f"Dossier n° {address.rpartition('/')[2]}" in said(analyst.get("/cases"))
    until = re.search(r'id="until"[^>]* value="([0-9-]+)"', analyst.get(address).text)
    assert until is not None
    faulty = analyst.post(address, action="approve", reason="ok", limit="1 000", until=until[1])
    assert faulty.status_code == 422
    assert 'aria-invalid="true"' in faulty.text
    assert answered(analyst, address, "approve", limit="1 000", until=until[1]).status_code == 303
    assert "Accordé avec modification par dominique (analyste crédit)" in said(sales.get(address))
    (override,) = [one for one in store.overrides(customer_id) if one.withdrawn_at is None]
    assert override.value == 1_000.0
    store.withdraw_override(override.override_id, "dominique", "end of the test, taken back")


def test_a_person_takes_its_own_case_back_and_comments_it():
    sales = visitor("sales")
    address = sent_order(sales, a_customer_of("D"))
    assert sales.post(address, action="comment", reason="").status_code == 422
    assert sales.post(address, action="comment", reason="le bilan suit").status_code == 303
    assert sales.post(address, action="withdraw", reason="payé à la commande").status_code == 303
    assert "Retiré par camille" in said(sales.get(address))
    assert visitor("sales").get("/cases/999999").status_code == 404


def count_of(person: Visitor) -> int:
    found = re.search(r'class="count">.*?</span>(\d+)</span>', person.get("/alerts").text)
    return int(found[1]) if found else 0


def test_every_page_counts_what_waits_for_its_reader():
    sales, analyst = visitor("sales"), visitor("analyst")
    before = count_of(analyst), count_of(sales)
    address = sent_order(sales, owing_little())
    assert (count_of(analyst), count_of(sales)) == (before[0] + 1, before[1])
    assert answered(analyst, address, "refuse").status_code == 303
    assert (count_of(analyst), count_of(sales)) == (before[0], before[1] + 1)
    sales.get(address)
    assert (count_of(analyst), count_of(sales)) == before


def test_reviews_that_are_due_are_an_inbox():
    analyst = visitor("analyst")
    first = analyst.get("/cases", tab="reviews")
    assert "jamais" in said(first)
    found = re.search(r'name="customer" value="([^"]+)"', first.text)
    assert found is not None
    assert analyst.post("/cases/reviews", customer=found[1], note="vu avec lui").status_code == 303
    assert f'value="{found[1]}"' not in analyst.get("/cases", tab="reviews").text
    assert visitor("sales").post("/cases/reviews", customer=found[1]).status_code == 403
    assert "Revues à faire" not in said(visitor("sales").get("/cases", tab="reviews"))
